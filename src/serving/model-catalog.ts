import { ServiceError } from '../errors.ts';
import {
  compareVersions,
  type ModelFolder,
  type ModelRepository,
} from '../repository/model-repository.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { inputColumns } from '../codecs/input/input-columns.ts';
import { LoadQueue, type LoadProgress } from './load-queue.ts';
import { ModelEntry } from './model-entry.ts';
import type { ModelEventSink } from '../services/model-events.ts';
import { modelInputSchema } from '../services/model-input.ts';
import type {
  ModelExample,
  ModelStatus,
  VersionState,
  VersionStatus,
} from '../services/model-status.ts';
import { SharedThreads } from '../runtimes/shared-threads.ts';
import { ServedVersion } from './served-version.ts';
import type { ServingDefaults } from './serving-defaults.ts';
import type { Trials } from './trial/trials.ts';
import type { TrafficChange } from '../rollout/traffic-control.ts';
import type { Traffic } from '../services/traffic.ts';

/** Things that happen to a version, for the log. */
export interface CatalogEvents {
  onState(version: ServedVersion): void;
  onWorkerLost(version: ServedVersion, reason: string): void;
  /** Something that its operator should know, such as a backend that lacks a kernel. */
  onNotice?(version: ServedVersion, message: string): void;
  /** A model has run a batch. */
  onBatch?(model: string, rows: number, inferenceMs: number): void;
  /** A version has been loaded, of several that are. */
  onProgress?(progress: LoadProgress): void;
  /** The traffic of a model was changed here, by hand or by a guard. */
  onTraffic(model: string, change: TrafficChange): void;
  /** What is served has changed: models, versions, or their states. */
  onChange(): void;
}

/** Options of {@link ModelCatalog}. */
export interface ModelCatalogOptions {
  readonly repository: ModelRepository;
  readonly metrics: Metrics;
  /** What trials of versions find out, or found out before; ended with the catalog. */
  readonly trials: Trials;
  readonly defaults: ServingDefaults;
  /** Model of requests that name none. @default the first in alphabetical order that can serve */
  readonly defaultModel: string | undefined;
  readonly events: CatalogEvents;
  readonly modelEvents: ModelEventSink;
  /** Longest wait for the predictions of a version that is to be freed, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** The models of the repository and their versions in memory. */
export class ModelCatalog {
  readonly #options: ModelCatalogOptions;
  #entries = new Map<string, ModelEntry>();
  /** All versions that hold, or may hold, workers: those of the entries, and those that drain. */
  readonly #made = new Set<ServedVersion>();
  readonly #queue: LoadQueue;
  readonly #threads = new SharedThreads();
  readonly #ownScopes = new Map<string, string>();
  /** Whether the folders of models have been found, so that what is not there does not exist. */
  #isKnown = false;

  constructor(options: ModelCatalogOptions) {
    this.#options = options;
    this.#queue = new LoadQueue((progress) => options.events.onProgress?.(progress));
  }

  /** How far loading is; `null` when nothing loads. */
  get loading(): LoadProgress | null {
    return this.#queue.progress;
  }

  /** Whether the folders of models have been found. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Name of the model that answers when a request names none. */
  get defaultModel(): string | undefined {
    if (this.#options.defaultModel !== undefined) return this.#options.defaultModel;
    // One that is being loaded keeps its place: the default must not depend on who is faster.
    for (const [name, entry] of this.#entries) if (mayServe(entry)) return name;
    return this.#entries.keys().next().value;
  }

  /** The scopes that models ask for in `model.yaml`, by model. */
  get ownScopes(): ReadonlyMap<string, string> {
    return this.#ownScopes;
  }

  /**
   * Reads the repository and loads what it holds. Models that fail are listed as failed.
   *
   * @throws {Error} when the folder of models cannot be read
   */
  async load(): Promise<void> {
    const folders = await this.#options.repository.scan();
    for (const folder of folders) this.#addEntry(folder);
    this.#isKnown = true;
    await Promise.all(folders.map((folder) => this.entry(folder.name).apply(folder, true)));
  }

  /**
   * Takes the changes of one model's folder, or of all.
   *
   * @param name the model; it may be new, or gone. @default all
   * @param force takes changes that break the contract of what serves
   * @throws {ServiceError} `CONFLICT` for a breaking change of the named model
   */
  async reload(name?: string, force = false): Promise<void> {
    if (name === undefined) await this.#reloadAll(force);
    else await this.#reloadOne(name, force);
    this.#options.events.onChange();
  }

  async reloadModels(name?: string, force = false): Promise<readonly ModelStatus[]> {
    await this.reload(name, force);
    return this.list().filter((model) => name === undefined || model.name === name);
  }

  async loadModel(name: string, version?: string, force = false): Promise<ModelStatus> {
    const folder = await this.#options.repository.find(name);
    if (!folder) throw this.#unknownModel(name);
    const entry = this.#entries.get(name) ?? this.#addEntry(folder);
    await entry.load(folder, version, force);
    this.#options.events.onChange();
    return this.#status(entry);
  }

  async unloadModel(name: string, version?: string): Promise<ModelStatus> {
    const entry = this.entry(name);
    await entry.unload(version);
    this.#options.events.onChange();
    return this.#status(entry);
  }

  setTraffic(name: string, traffic: Traffic | null): ModelStatus {
    const entry = this.entry(name);
    entry.traffic.set(traffic);
    return this.#status(entry);
  }

  /**
   * A model by its name.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  entry(name: string): ModelEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw this.#unknownModel(name);
    return entry;
  }

  /** A model by its name; `undefined` where there is none. */
  find(name: string): ModelEntry | undefined {
    return this.#entries.get(name);
  }

  /**
   * Finds the version that answers a request.
   *
   * @param version number or label; left out, the traffic of the model decides
   * @param key makes that decision sticky
   * @throws {ServiceError} `MODEL_NOT_FOUND` or `MODEL_NOT_READY`
   */
  resolve(name: string | undefined, version: string | undefined, key?: string): ServedVersion {
    const wanted = name ?? this.defaultModel;
    const entry = wanted === undefined ? undefined : this.#entries.get(wanted);
    if (!entry) throw this.#unknownModel(wanted);
    const served = version === undefined ? entry.traffic.pick(key) : entry.traffic.find(version);
    if (served?.live) return served;
    if (version !== undefined && !served) {
      const served = [...entry.versions.keys()];
      const known = served.map((candidate) => `"${candidate}"`).join(', ') || 'none';
      throw new ServiceError(
        'MODEL_NOT_FOUND',
        `Model "${entry.name}" has no version "${version}"; served: ${known}.`,
        { details: { model: entry.name, versions: served } },
      );
    }
    const state = served?.state ?? idleState(entry);
    throw new ServiceError(
      'MODEL_NOT_READY',
      `Model "${entry.name}" cannot answer now: its state is ${state}.`,
      { details: { model: entry.name, state }, retryAfterSeconds: 1 },
    );
  }

  list(): readonly ModelStatus[] {
    return Array.from(this.#entries.values(), (entry) => this.#status(entry));
  }

  get(name: string): ModelStatus | undefined {
    const entry = this.#entries.get(name);
    return entry && this.#status(entry);
  }

  /** All versions in memory. */
  versions(): ServedVersion[] {
    return Array.from(this.#entries.values()).flatMap((entry) => [...entry.versions.values()]);
  }

  /** Resolves when no request is being worked on, by versions that are draining neither. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#made, (version) => version.idle()));
  }

  /** Ends all workers at once. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#made, (version) => version.close()));
    await this.#options.trials.close();
  }

  /** Reads no other model than this one. */
  async #reloadOne(name: string, force: boolean): Promise<void> {
    const folder = await this.#options.repository.find(name);
    if (folder) {
      const entry = this.#entries.get(name) ?? this.#addEntry(folder);
      await entry.apply(folder, force);
    } else if (this.#entries.has(name)) await this.#removeEntry(name);
    else throw this.#unknownModel(name);
  }

  async #reloadAll(force: boolean): Promise<void> {
    const folders = await this.#options.repository.scan();
    const present = new Set(folders.map(({ name }) => name));
    const gone = [...this.#entries.keys()].filter((name) => !present.has(name));
    await Promise.all([
      ...gone.map((name) => this.#removeEntry(name)),
      ...folders.map(async (folder) => {
        const entry = this.#entries.get(folder.name) ?? this.#addEntry(folder);
        // One model's refusal must not hide that of the others: each is an event and in health.
        await entry.apply(folder, force).catch(() => undefined);
      }),
    ]);
  }

  #addEntry(folder: ModelFolder): ModelEntry {
    const { metrics, defaults, events, modelEvents, drainTimeoutMs } = this.#options;
    const entry = new ModelEntry(folder, {
      create: (model, manifest, versionFolder) => {
        const served: ServedVersion = new ServedVersion({
          model,
          manifest,
          folder: versionFolder,
          defaults,
          recorder: metrics.recorder(model.name, versionFolder.version),
          onChange: () => {
            if (served.state === 'unloaded') this.#forget(served);
            events.onState(served);
          },
          onWorkerLost: (reason) => events.onWorkerLost(served, reason),
          onNotice: (message) => events.onNotice?.(served, message),
          onBatch: events.onBatch && ((rows, ms) => events.onBatch?.(model.name, rows, ms)),
          trials: this.#options.trials,
          threads: this.#threads,
          queue: this.#queue,
        });
        this.#made.add(served);
        return served;
      },
      events: modelEvents,
      onFolder: ({ name, manifest }) => {
        // A manifest that is broken now opens nothing.
        if (!manifest) return;
        if (manifest.access.scope === undefined) this.#ownScopes.delete(name);
        else this.#ownScopes.set(name, manifest.access.scope);
      },
      onTraffic: (model, change) => events.onTraffic(model, change),
      drainTimeoutMs,
    });
    const sorted = [...this.#entries, [folder.name, entry] as const].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    this.#entries = new Map(sorted);
    return entry;
  }

  /** Lets go of a version, so that its workers, batcher and codecs are free. */
  #forget(served: ServedVersion): void {
    this.#made.delete(served);
    const { model, version } = served;
    // After a reload, the version that took its place counts on.
    const goesOn = Array.from(this.#made).some(
      (other) => other.model === model && other.version === version,
    );
    if (!goesOn) this.#options.metrics.forget(model, version);
  }

  async #removeEntry(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    this.#ownScopes.delete(name);
    await entry?.close();
  }

  #status(entry: ModelEntry): ModelStatus {
    const { folder, versions, serving, traffic } = entry;
    const { manifest } = folder;
    const idle = idleState(entry);
    const listed: VersionStatus[] = [
      ...folder.broken.map(({ version, problem }) => idleStatus(version, 'failed', problem)),
      ...folder.versions
        .filter(({ version }) => !versions.has(version))
        .map(({ version }) => idleStatus(version, 'unloaded', null)),
      ...Array.from(versions.values(), (version) => version.status()),
    ].sort((a, b) => compareVersions(a.version, b.version));
    const problem = folder.problem ?? folder.broken.at(-1)?.problem ?? 'no version can be loaded';
    return {
      name: folder.name,
      description: manifest?.description ?? null,
      isDefault: folder.name === this.defaultModel,
      state: serving?.state ?? idle,
      reason: serving ? (serving.reason ?? keptReason(entry)) : idle === 'failed' ? problem : null,
      warmed: serving?.live ? serving.status().warmed : null,
      batching: serving?.live ? serving.status().batching : null,
      servingVersion: serving?.live ? serving.version : null,
      inputKind: serving?.live?.input.kind ?? manifest?.input.kind ?? null,
      outputKind: serving?.live?.output.kind ?? manifest?.output.kind ?? null,
      labels: serving?.parts?.output.labels ?? null,
      columns: manifest ? inputColumns(manifest, serving?.live?.report.signature ?? null) : null,
      unit: manifest?.output.kind === 'regression' ? (manifest.output.unit ?? null) : null,
      versions: listed,
      versionLabels: manifest?.versions.labels ?? {},
      entities: Object.entries(manifest?.entities ?? {}).map(([type, mapping]) => ({
        type,
        ...mapping,
      })),
      traffic: traffic.now.split,
      shadow: traffic.now.shadow,
      examples: manifest ? examplesOf(manifest.examples) : [],
    };
  }

  #unknownModel(wanted: string | undefined): ServiceError {
    if (!this.#isKnown) {
      // Another replica may know it, and this one in a moment: nobody is told that it is not there.
      return new ServiceError('MODEL_NOT_READY', 'The models are being loaded.', {
        details: { state: 'loading' },
        retryAfterSeconds: 1,
      });
    }
    const names = [...this.#entries.keys()];
    const served = names.map((name) => `"${name}"`).join(', ') || 'none';
    const message =
      wanted === undefined
        ? 'No model is served: the folder of models is empty.'
        : `There is no model "${wanted}"; served: ${served}.`;
    return new ServiceError('MODEL_NOT_FOUND', message, { details: { models: names } });
  }
}

/** Whether a model answers, or is about to. */
function mayServe({ serving, unloadedByHand, isApplied }: ModelEntry): boolean {
  return serving?.live !== undefined || !(unloadedByHand || isApplied);
}

/** Why a model that serves is not what its folder holds now. */
function keptReason({ problem }: ModelEntry): string | null {
  return problem === null ? null : `${problem}; what was loaded before goes on serving`;
}

/** State of a model of which no version serves, or is about to. */
function idleState({ unloadedByHand, isApplied }: ModelEntry): VersionState {
  if (unloadedByHand) return 'unloaded';
  return isApplied ? 'failed' : 'loading';
}

/** Status of a version that is not in memory. */
function idleStatus(version: string, state: VersionState, reason: string | null): VersionStatus {
  return {
    version,
    state,
    reason,
    warmed: null,
    batching: null,
    engine: null,
    backend: null,
    loadMs: null,
    signature: null,
    workers: 0,
  };
}

function examplesOf(examples: readonly { input: unknown; prediction?: unknown }[]): ModelExample[] {
  return examples.flatMap(({ input, prediction }) => {
    const parsed = modelInputSchema.safeParse(input);
    return parsed.success ? [{ input: parsed.data, prediction }] : [];
  });
}
