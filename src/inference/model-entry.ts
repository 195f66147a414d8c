import { ServiceError } from '../errors.ts';
import type { Manifest } from '../repository/manifest.ts';
import {
  compareVersions,
  type ModelFolder,
  type VersionFolder,
} from '../repository/model-repository.ts';
import { inputColumns } from './input-columns.ts';
import type { ModelEvents } from './model-events.ts';
import type { ServedVersion } from './served-version.ts';
import { breakingChanges, type VersionContract } from './signature-change.ts';
import { pickVersion, placeOf, type TrafficShare } from './traffic/assignment.ts';
import { wantedVersions } from './version-selection.ts';

/** How requests that name no version are spread. */
export interface Traffic {
  /** Shares by version or label; what is left of 100 goes to the serving version. */
  readonly split: readonly TrafficShare[];
  readonly shadow: TrafficShare | null;
}

/** What a {@link ModelEntry} needs of its catalog. */
export interface ModelEntryDependencies {
  /** Makes a version that is not loaded yet. */
  create(model: ModelFolder, manifest: Manifest, folder: VersionFolder): ServedVersion;
  readonly events: ModelEvents;
  /** Longest wait for the predictions of a version that is to be freed, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** One model: its folder as last read, its versions in memory, and how it passes between them. */
export class ModelEntry {
  readonly name: string;
  readonly #dependencies: ModelEntryDependencies;
  readonly #versions = new Map<string, ServedVersion>();
  readonly #manual = { loaded: new Set<string>(), unloaded: new Set<string>() };
  #folder: ModelFolder;
  #serving: ServedVersion | undefined;
  #changing: Promise<unknown> = Promise.resolve();
  #removed = false;
  #traffic: Traffic = { split: [], shadow: null };
  #override: Traffic | null = null;

  constructor(folder: ModelFolder, dependencies: ModelEntryDependencies) {
    this.name = folder.name;
    this.#folder = folder;
    this.#dependencies = dependencies;
  }

  get folder(): ModelFolder {
    return this.#folder;
  }

  /** Versions in memory, failed ones too. */
  get versions(): ReadonlyMap<string, ServedVersion> {
    return this.#versions;
  }

  /** Version that answers requests which name none. */
  get serving(): ServedVersion | undefined {
    return this.#serving;
  }

  /** The version of a name, which may be a label. */
  find(name: string): ServedVersion | undefined {
    return this.#versions.get(this.#versionOf(name));
  }

  /** How requests that name no version are spread now. */
  get traffic(): Traffic {
    return this.#traffic;
  }

  /**
   * The version for a request that names none.
   *
   * @param key makes the choice sticky; without one it is made anew for each request
   */
  pick(key: string | undefined): ServedVersion | undefined {
    const { split } = this.#traffic;
    if (split.length === 0 || !this.#serving) return this.#serving;
    const place = key === undefined ? Math.random() : placeOf('split', this.name, key);
    const version = this.#versions.get(pickVersion(split, this.#serving.version, place));
    return version?.live ? version : this.#serving;
  }

  /** The version that is to run a request too, off the client's path; `undefined` for most. */
  pickShadow(key: string | undefined, answering: ServedVersion): ServedVersion | undefined {
    const { shadow } = this.#traffic;
    if (!shadow) return undefined;
    const place = key === undefined ? Math.random() : placeOf('shadow', this.name, key);
    if (place * 100 >= shadow.percent) return undefined;
    const version = this.#versions.get(shadow.version);
    return version?.live && version !== answering ? version : undefined;
  }

  /**
   * Sets the traffic by hand, over what the manifest says, until it is set again.
   *
   * @param traffic versions or labels; `null` goes back to the manifest
   * @throws {ServiceError} `MODEL_NOT_FOUND` for a version that is not in memory
   */
  setTraffic(traffic: Traffic | null, message: string): void {
    const wanted = traffic ?? this.#manifestTraffic();
    for (const { version } of [...wanted.split, ...(wanted.shadow ? [wanted.shadow] : [])]) {
      if (this.find(version)) continue;
      const known = [...this.#versions.keys()].join(', ') || 'none';
      throw new ServiceError(
        'MODEL_NOT_FOUND',
        `Model "${this.name}" has no version "${version}" in memory; there is: ${known}.`,
      );
    }
    this.#override = traffic;
    this.#refreshTraffic();
    this.#dependencies.events.emit({
      kind: 'TRAFFIC_CHANGED',
      model: this.name,
      version: null,
      message,
    });
  }

  /**
   * Brings memory in line with a folder: loads and warms what is new beside the old, then moves the
   * traffic, then frees what is old. Changes of one model run one after the other.
   *
   * @param force takes a new serving version even when it breaks the contract of the old one
   * @throws {ServiceError} `CONFLICT` for a breaking change; the old version goes on serving
   */
  apply(folder: ModelFolder, force = false): Promise<void> {
    return this.#enqueue(() => this.#apply(folder, force));
  }

  /** Loads versions that the policy leaves out, or that were unloaded by hand. */
  load(folder: ModelFolder, version: string | undefined, force = false): Promise<void> {
    return this.#enqueue(async () => {
      this.#removed = false;
      if (version === undefined) this.#manual.unloaded.clear();
      else {
        const known = folder.versions.map((candidate) => candidate.version);
        if (!known.includes(version)) {
          throw new ServiceError(
            'MODEL_NOT_FOUND',
            `Model "${this.name}" has no version "${version}" on disk; there is: ${known.join(', ') || 'none'}.`,
          );
        }
        this.#manual.unloaded.delete(version);
        this.#manual.loaded.add(version);
      }
      await this.#apply(folder, force);
      const asked = version === undefined ? this.#serving : this.#versions.get(version);
      if (asked?.state !== 'ready') {
        throw new ServiceError(
          'MODEL_NOT_READY',
          `Model "${this.name}" could not be loaded: ${asked?.reason ?? folder.problem ?? 'unknown reason'}`,
        );
      }
    });
  }

  /** Takes one version, or all, out of memory until they are loaded by hand again. */
  unload(version: string | undefined): Promise<void> {
    return this.#enqueue(async () => {
      const names = version === undefined ? [...this.#versions.keys()] : [version];
      for (const name of names) {
        if (!this.#versions.has(name)) {
          throw new ServiceError(
            'MODEL_NOT_FOUND',
            `Model "${this.name}" has no version "${name}" in memory.`,
          );
        }
        this.#manual.loaded.delete(name);
        this.#manual.unloaded.add(name);
      }
      if (version === undefined) {
        for (const { version: onDisk } of this.#folder.versions) this.#manual.unloaded.add(onDisk);
      }
      await this.#apply(this.#folder, true);
    });
  }

  /** Frees everything; the folder is gone, or the server stops. */
  close(): Promise<void> {
    this.#removed = true;
    return this.#enqueue(() => this.#retire([...this.#versions.values()]));
  }

  #versionOf(name: string): string {
    return this.#folder.manifest?.versions.labels[name] ?? name;
  }

  #manifestTraffic(): Traffic {
    const { split = {}, shadow } = this.#folder.manifest?.traffic ?? {};
    return {
      split: Object.entries(split).map(([version, percent]) => ({ version, percent })),
      shadow: shadow ?? null,
    };
  }

  /** Labels to versions, newest first: the order in which the shares lie for every replica. */
  #refreshTraffic(): void {
    const { split, shadow } = this.#override ?? this.#manifestTraffic();
    this.#traffic = {
      split: split
        .map(({ version, percent }) => ({ version: this.#versionOf(version), percent }))
        .filter(({ percent }) => percent > 0)
        .sort((a, b) => compareVersions(b.version, a.version)),
      shadow: shadow && { ...shadow, version: this.#versionOf(shadow.version) },
    };
  }

  #enqueue<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changing.then(change, change);
    this.#changing = result.catch(() => undefined);
    return result;
  }

  async #apply(folder: ModelFolder, force: boolean): Promise<void> {
    if (this.#removed) return;
    const previous = this.#folder;
    const { manifest } = folder;
    if (!manifest) {
      // A manifest that is broken now does not take away what serves.
      if (this.#versions.size === 0) this.#folder = folder;
      this.#announceFailure(null, folder.problem ?? 'model.yaml cannot be used');
      return;
    }
    const wanted = wantedVersions(folder, manifest, this.#manual);
    const fresh = wanted.filter((candidate) => !this.#isCurrent(candidate, manifest));
    const made = fresh.map((candidate) => this.#dependencies.create(folder, manifest, candidate));
    // Those that nobody serves yet are shown while they load.
    for (const version of made) {
      if (!this.#versions.has(version.version)) this.#versions.set(version.version, version);
    }
    if (this.#versions.size > 0 && this.#serving === undefined) this.#folder = folder;
    await Promise.all(made.map((version) => version.load()));

    const next = new Map<string, ServedVersion>();
    for (const { version } of wanted) {
      const loaded = made.find((candidate) => candidate.version === version);
      const current = this.#versions.get(version);
      // A reload that fails leaves what serves in its place.
      const kept = loaded?.state === 'failed' && current?.live ? current : (loaded ?? current);
      if (kept) next.set(version, kept);
    }
    // Where nothing that is wanted can serve, what served before goes on.
    if (this.#serving?.live && ![...next.values()].some((version) => version.live)) {
      const { version } = this.#serving;
      if (!this.#manual.unloaded.has(version) && !next.get(version)?.live) {
        next.set(version, this.#serving);
      }
    }
    const serving = chooseServing(next, manifest);
    if (!force && serving) this.#refuseBreaking(serving, manifest, made, previous);

    const old = [...new Set([...this.#versions.values(), ...made])].filter(
      (version) => next.get(version.version) !== version,
    );
    this.#folder = folder;
    this.#versions.clear();
    for (const [name, version] of next) this.#versions.set(name, version);
    this.#serving = serving ?? [...next.values()].at(-1);
    this.#refreshTraffic();
    for (const version of made) this.#announce(version);
    await this.#retire(old.filter((version) => version.state !== 'failed'));
    for (const version of old) {
      if (!made.includes(version)) {
        this.#dependencies.events.emit({
          kind: 'UNLOADED',
          model: this.name,
          version: version.version,
          message: 'drained and freed',
        });
      }
    }
  }

  #isCurrent(folder: VersionFolder, manifest: Manifest): boolean {
    const current = this.#versions.get(folder.version);
    if (current?.digest !== folder.digest || current.state === 'failed') return false;
    return (
      JSON.stringify(runtimeSettings(current.manifest)) ===
      JSON.stringify(runtimeSettings(manifest))
    );
  }

  #refuseBreaking(
    serving: ServedVersion,
    manifest: Manifest,
    made: readonly ServedVersion[],
    previous: ModelFolder,
  ): void {
    const old = this.#serving;
    if (!old || old === serving || !previous.manifest) return;
    const before = contractOf(old, previous.manifest);
    const after = contractOf(serving, manifest);
    const changes = before && after ? breakingChanges(before, after) : [];
    if (changes.length === 0) return;
    for (const version of made) {
      if (this.#versions.get(version.version) === version) this.#versions.delete(version.version);
      void version.close();
    }
    const message = `Version ${serving.version} of model "${this.name}" would break its clients: ${changes.slice(0, 20).join('; ')}. Force it, or mend it.`;
    this.#announceFailure(serving.version, message);
    throw new ServiceError('CONFLICT', message, { details: { changes } });
  }

  #announce(version: ServedVersion): void {
    if (version.state === 'failed') this.#announceFailure(version.version, version.reason ?? '');
    else {
      this.#dependencies.events.emit({
        kind: 'LOADED',
        model: this.name,
        version: version.version,
        message: 'loaded and warmed',
      });
    }
  }

  #announceFailure(version: string | null, message: string): void {
    this.#dependencies.events.emit({ kind: 'FAILED', model: this.name, version, message });
  }

  async #retire(versions: readonly ServedVersion[]): Promise<void> {
    await Promise.all(versions.map((version) => version.retire(this.#dependencies.drainTimeoutMs)));
  }
}

/** The settings that only take effect when a version is loaded. */
function runtimeSettings({ input, output, batching, workers, cache, options }: Manifest): unknown {
  return { input, output, batching, workers, cache, options };
}

/** The version that the manifest names, else the highest that is ready. */
function chooseServing(
  versions: ReadonlyMap<string, ServedVersion>,
  manifest: Manifest,
): ServedVersion | undefined {
  const { labels } = manifest.versions;
  const named = manifest.version ?? labels.stable;
  const chosen = named === undefined ? undefined : versions.get(labels[named] ?? named);
  if (chosen?.live) return chosen;
  return [...versions.values()].filter((version) => version.live).at(-1);
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
