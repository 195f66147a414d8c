import { ServiceError } from '../errors.ts';
import type { Manifest } from '../repository/manifest.ts';
import {
  compareVersions,
  type ModelFolder,
  type VersionFolder,
} from '../repository/model-repository.ts';
import type { ModelEventSink } from '../services/model-events.ts';
import type { ServedVersion } from './served-version.ts';
import {
  chooseServing,
  contractChanges,
  intendedVersion,
  sameRuntimeSettings,
} from './serving-choice.ts';
import { TrafficControl, type TrafficChange } from '../rollout/traffic-control.ts';
import { wantedVersions } from './version-selection.ts';

/** What a {@link ModelEntry} needs of its catalog. */
export interface ModelEntryDependencies {
  /** Makes a version that is not loaded yet. */
  create(model: ModelFolder, manifest: Manifest, folder: VersionFolder): ServedVersion;
  readonly events: ModelEventSink;
  /** Told of the folder that counts from now on. */
  onFolder(folder: ModelFolder): void;
  /** Told of changes of the traffic that were made here. */
  onTraffic(model: string, change: TrafficChange): void;
  /** Longest wait for the predictions of a version that is to be freed, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** One model: its folder as last read, its versions in memory, and how it passes between them. */
export class ModelEntry {
  readonly name: string;
  /** How its requests are spread over the versions. */
  readonly traffic: TrafficControl<ServedVersion>;
  readonly #dependencies: ModelEntryDependencies;
  readonly #versions = new Map<string, ServedVersion>();
  readonly #manual = { loaded: new Set<string>(), unloaded: new Set<string>(), all: false };
  #folder: ModelFolder;
  #serving: ServedVersion | undefined;
  #changing: Promise<unknown> = Promise.resolve();
  #removed = false;
  #isApplied = false;
  #problem: string | null = null;
  /** What is wrong with versions on disk, as it was last told. */
  #told = '';

  constructor(folder: ModelFolder, dependencies: ModelEntryDependencies) {
    this.name = folder.name;
    this.#folder = folder;
    this.#dependencies = dependencies;
    dependencies.onFolder(folder);
    this.traffic = new TrafficControl({
      model: folder.name,
      versions: this.#versions,
      serving: () => this.#serving,
      events: dependencies.events,
      onChange: (change) => dependencies.onTraffic(folder.name, change),
    });
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

  /** Whether the whole model was taken out of memory by hand. */
  get unloadedByHand(): boolean {
    return this.#manual.all;
  }

  /** Why what serves is not what the folder holds now; `null` where it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Whether its folder has been taken once; before that its versions wait for their turn to load. */
  get isApplied(): boolean {
    return this.#isApplied;
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
      if (version === undefined) {
        this.#manual.all = false;
        this.#manual.unloaded.clear();
      } else {
        const known = folder.versions.map((candidate) => candidate.version);
        if (!known.includes(version)) {
          throw new ServiceError(
            'MODEL_NOT_FOUND',
            `Model "${this.name}" has no version "${version}" on disk; there is: ${known.join(', ') || 'none'}.`,
          );
        }
        if (this.#manual.all) for (const other of known) this.#manual.unloaded.add(other);
        this.#manual.all = false;
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
        if (!this.#versions.has(name)) throw this.#unknownVersion(name);
        this.#manual.loaded.delete(name);
        this.#manual.unloaded.add(name);
      }
      if (version === undefined) this.#manual.all = true;
      await this.#apply(this.#folder, true);
    });
  }

  /** Frees everything; the folder is gone, or the server stops. */
  close(): Promise<void> {
    this.#removed = true;
    return this.#enqueue(() => this.#retire([...this.#versions.values()]));
  }

  #isUnloaded(version: string): boolean {
    return this.#manual.all || this.#manual.unloaded.has(version);
  }

  #enqueue<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changing.then(change, change).finally(() => {
      this.#isApplied = true;
    });
    this.#changing = result.catch(() => undefined);
    return result;
  }

  async #apply(folder: ModelFolder, force: boolean): Promise<void> {
    if (this.#removed) return;
    const previous = this.#folder;
    const { manifest } = folder;
    if (!manifest) {
      // A manifest that is broken now does not take away what serves.
      if (this.#versions.size === 0) this.#take(folder);
      this.#problem = folder.problem ?? 'model.yaml cannot be used';
      this.#announceFailure(null, this.#problem);
      return;
    }
    this.#announceBroken(folder);
    const wanted = wantedVersions(folder, manifest, this.#manual);
    const fresh = wanted.filter((candidate) => !this.#isCurrent(candidate, manifest));
    const made = fresh.map((candidate) => this.#dependencies.create(folder, manifest, candidate));
    // Those that nobody serves yet are shown while they load.
    for (const version of made) {
      if (!this.#versions.has(version.version)) this.#versions.set(version.version, version);
    }
    if (this.#versions.size > 0 && this.#serving === undefined) this.#take(folder);
    await Promise.all(made.map((version) => version.load()));

    const next = this.#next(wanted, made, manifest);
    const serving = chooseServing(next, manifest, this.#serving);
    if (!force && serving) this.#refuseBreaking(serving, manifest, made, previous);

    const old = [...new Set([...this.#versions.values(), ...made])].filter(
      (version) => next.get(version.version) !== version,
    );
    this.#take(folder);
    this.#versions.clear();
    for (const [name, version] of next) this.#versions.set(name, version);
    this.#serving = serving ?? [...next.values()].at(-1);
    const lost = made.find((version) => next.get(version.version) !== version);
    this.#problem = lost ? `version ${lost.version}: ${lost.reason ?? 'cannot be loaded'}` : null;
    for (const version of made) this.#announce(version);
    this.traffic.configure(manifest);
    await this.#retire(old);
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

  #take(folder: ModelFolder): void {
    this.#folder = folder;
    this.#dependencies.onFolder(folder);
  }

  /** The versions to be in memory, in ascending order. */
  #next(
    wanted: readonly VersionFolder[],
    made: readonly ServedVersion[],
    manifest: Manifest,
  ): ReadonlyMap<string, ServedVersion> {
    const next = new Map<string, ServedVersion>();
    for (const { version } of wanted) {
      const loaded = made.find((candidate) => candidate.version === version);
      const current = this.#versions.get(version);
      // A reload that fails leaves what serves in its place.
      const kept = loaded?.state === 'failed' && current?.live ? current : (loaded ?? current);
      if (kept) next.set(version, kept);
    }
    const serving = this.#serving;
    if (!serving?.live || this.#isUnloaded(serving.version)) return next;
    // So does a successor that cannot be loaded.
    if (intendedVersion(next, manifest)?.live || next.get(serving.version)?.live) return next;
    next.set(serving.version, serving);
    return new Map([...next].sort(([a], [b]) => compareVersions(a, b)));
  }

  #isCurrent(folder: VersionFolder, manifest: Manifest): boolean {
    const current = this.#versions.get(folder.version);
    if (current?.digest !== folder.digest || current.state === 'failed') return false;
    return sameRuntimeSettings(current.manifest, manifest);
  }

  #refuseBreaking(
    serving: ServedVersion,
    manifest: Manifest,
    made: readonly ServedVersion[],
    previous: ModelFolder,
  ): void {
    const old = this.#serving;
    if (!old || old === serving || !previous.manifest) return;
    const changes = contractChanges(old, previous.manifest, serving, manifest);
    if (changes.length === 0) return;
    for (const version of made) {
      if (this.#versions.get(version.version) === version) this.#versions.delete(version.version);
      void version.close();
    }
    const message = `Version ${serving.version} of model "${this.name}" would break its clients: ${changes.slice(0, 20).join('; ')}. Fix the model, or use force.`;
    this.#problem = message;
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

  /** Tells of versions that hold no model, once each time that they change. */
  #announceBroken({ broken }: ModelFolder): void {
    const told = JSON.stringify(broken);
    if (told === this.#told) return;
    this.#told = told;
    for (const { version, problem } of broken) this.#announceFailure(version, problem);
  }

  #announceFailure(version: string | null, message: string): void {
    this.#dependencies.events.emit({ kind: 'FAILED', model: this.name, version, message });
  }

  #unknownVersion(version: string): ServiceError {
    const known = [...this.#versions.keys()];
    return new ServiceError(
      'MODEL_NOT_FOUND',
      `Model "${this.name}" has no version "${version}" in memory; there is: ${known.join(', ') || 'none'}.`,
      { details: { model: this.name, versions: known } },
    );
  }

  async #retire(versions: readonly ServedVersion[]): Promise<void> {
    await Promise.all(versions.map((version) => version.retire(this.#dependencies.drainTimeoutMs)));
  }
}
