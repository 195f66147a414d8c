import type { Manifest } from '../repository/manifest.ts';
import { inputColumns } from '../codecs/input/input-columns.ts';
import type { ServedVersion } from './served-version.ts';
import { breakingChanges, type VersionContract } from './signature-change.ts';

/** The settings that only take effect when a version is loaded. */
function runtimeSettings({ input, output, batching, workers, cache, options }: Manifest): string {
  return JSON.stringify({ input, output, batching, workers, cache, options });
}

/** Whether a version may go on as it is under a new manifest. */
export function sameRuntimeSettings(a: Manifest, b: Manifest): boolean {
  return runtimeSettings(a) === runtimeSettings(b);
}

/**
 * The version that is to serve, live or not: the one that the manifest names, else the highest.
 *
 * @param versions in ascending order
 */
export function intendedVersion(
  versions: ReadonlyMap<string, ServedVersion>,
  { version, versions: { labels } }: Manifest,
): ServedVersion | undefined {
  const named = version ?? labels.stable;
  if (named !== undefined) return versions.get(labels[named] ?? named);
  return [...versions.values()].at(-1);
}

/**
 * The version that serves: the intended one where it is live. Where it is not, what served goes on,
 * since nobody has asked for yet another one; else the highest that is live.
 *
 * @param versions in ascending order
 */
export function chooseServing(
  versions: ReadonlyMap<string, ServedVersion>,
  manifest: Manifest,
  current: ServedVersion | undefined,
): ServedVersion | undefined {
  const intended = intendedVersion(versions, manifest);
  if (intended?.live) return intended;
  if (current?.live && versions.get(current.version) === current) return current;
  return [...versions.values()].filter((version) => version.live).at(-1);
}

/** What would break clients if `after` served in the place of `before`. */
export function contractChanges(
  before: ServedVersion,
  oldManifest: Manifest,
  after: ServedVersion,
  newManifest: Manifest,
): readonly string[] {
  const old = contractOf(before, oldManifest);
  const fresh = contractOf(after, newManifest);
  return old && fresh ? breakingChanges(old, fresh) : [];
}

function contractOf(version: ServedVersion, manifest: Manifest): VersionContract | undefined {
  const parts = version.parts;
  if (!parts) return undefined;
  const columns = inputColumns(manifest, parts.report.signature);
  return {
    inputKind: parts.input.kind,
    outputKind: parts.output.kind,
    signature: parts.report.signature,
    labels: parts.output.labels,
    requiredColumns: columns?.filter(({ required }) => required).map(({ name }) => name) ?? null,
  };
}
