import type { Manifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';

/** Versions that an operator loaded or unloaded by hand, over the policy of the manifest. */
export interface ManualVersions {
  readonly loaded: ReadonlySet<string>;
  readonly unloaded: ReadonlySet<string>;
  /** Whether the whole model was unloaded, with versions that are yet to come. */
  readonly all: boolean;
}

/** The versions of a folder that its policy keeps in memory, oldest first. */
export function wantedVersions(
  folder: ModelFolder,
  manifest: Manifest,
  manual: ManualVersions,
): readonly VersionFolder[] {
  if (manual.all) return [];
  const { serve, count } = manifest.versions;
  const byPolicy = (at: number, version: string): boolean => {
    if (serve === 'all') return true;
    if (serve !== 'latest') return serve.includes(version);
    // What the manifest names must be there to be named, whatever its age.
    return at >= folder.versions.length - count || isNamed(manifest, version);
  };
  return folder.versions.filter(({ version }, at) => {
    if (manual.unloaded.has(version)) return false;
    return manual.loaded.has(version) || byPolicy(at, version);
  });
}

/** Whether the manifest gives the version a part to play. */
function isNamed({ version: serving, versions, traffic }: Manifest, version: string): boolean {
  const names = [serving, ...Object.keys(traffic.split), traffic.shadow?.version];
  return Object.values(versions.labels).includes(version) || names.includes(version);
}
