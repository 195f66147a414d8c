import { ServiceError } from '../errors.ts';
import type { ModelFolder, ModelRepository } from '../repository/model-repository.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { inputColumns } from './input-columns.ts';
import { modelInputSchema } from './model-input.ts';
import type { ModelExample, ModelStatus, VersionState, VersionStatus } from './model-status.ts';
import { ServedVersion, type ServingDefaults } from './served-version.ts';
import type { ModelService } from './services.ts';

/** Things that happen to a version, for the log. */
export interface CatalogEvents {
  onState(version: ServedVersion): void;
  onWorkerLost(version: ServedVersion, reason: string): void;
}

/** Options of {@link ModelCatalog}. */
export interface ModelCatalogOptions {
  readonly repository: ModelRepository;
  readonly metrics: Metrics;
  readonly defaults: ServingDefaults;
  /** Model of requests that name none. @default the first in alphabetical order */
  readonly defaultModel: string | undefined;
  readonly events: CatalogEvents;
}

interface CatalogEntry {
  readonly folder: ModelFolder;
  readonly versions: Map<string, ServedVersion>;
  /** Version that answers requests which name none. */
  serving: ServedVersion | undefined;
}

/** The models of the repository and their versions in memory. */
export class ModelCatalog implements ModelService {
  readonly #options: ModelCatalogOptions;
  readonly #entries = new Map<string, CatalogEntry>();
  #defaultName: string | undefined;

  constructor(options: ModelCatalogOptions) {
    this.#options = options;
  }

  /** Name of the model that answers when a request names none. */
  get defaultModel(): string | undefined {
    return this.#defaultName;
  }

  /**
   * Reads the repository and loads what it holds. Models that fail are listed as failed.
   *
   * @throws {Error} when the folder of models cannot be read
   */
  async load(): Promise<void> {
    const folders = await this.#options.repository.scan();
    for (const folder of folders) {
      this.#entries.set(folder.name, { folder, versions: new Map(), serving: undefined });
    }
    const wanted = this.#options.defaultModel;
    this.#defaultName = wanted ?? folders[0]?.name;
    await Promise.all(Array.from(this.#entries.values(), (entry) => this.#loadEntry(entry)));
  }

  /**
   * Finds the version that answers a request.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND` or `MODEL_NOT_READY`
   */
  resolve(name: string | undefined, version: string | undefined): ServedVersion {
    const wanted = name ?? this.#defaultName;
    const entry = wanted === undefined ? undefined : this.#entries.get(wanted);
    if (!entry) throw this.#unknownModel(wanted);
    const served = version === undefined ? entry.serving : entry.versions.get(version);
    if (served?.live) return served;
    if (version !== undefined && !served) {
      const known = [...entry.versions.keys()].map((key) => `"${key}"`).join(', ') || 'none';
      throw new ServiceError(
        'MODEL_NOT_FOUND',
        `Model "${entry.folder.name}" has no version "${version}"; served: ${known}.`,
        { details: { model: entry.folder.name, versions: [...entry.versions.keys()] } },
      );
    }
    const state = served?.state ?? 'failed';
    throw new ServiceError(
      'MODEL_NOT_READY',
      `Model "${entry.folder.name}" cannot answer now: its state is ${state}.`,
      { details: { model: entry.folder.name, state }, retryAfterSeconds: 1 },
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

  /** Ends all workers. */
  async close(): Promise<void> {
    await Promise.all(this.versions().map((version) => version.close()));
  }

  async #loadEntry(entry: CatalogEntry): Promise<void> {
    const { folder } = entry;
    const { manifest } = folder;
    if (!manifest) return;
    const wanted = manifest.version ?? folder.versions.at(-1)?.version;
    const chosen = folder.versions.find(({ version }) => version === wanted);
    if (!chosen) return;
    const { metrics, defaults, events } = this.#options;
    const served: ServedVersion = new ServedVersion({
      model: folder,
      manifest,
      folder: chosen,
      defaults,
      recorder: metrics.recorder(folder.name, chosen.version),
      onChange: () => events.onState(served),
      onWorkerLost: (reason) => events.onWorkerLost(served, reason),
    });
    entry.versions.set(chosen.version, served);
    entry.serving = served;
    await served.load();
  }

  #status({ folder, versions, serving }: CatalogEntry): ModelStatus {
    const { manifest } = folder;
    const listed: VersionStatus[] = [
      ...folder.broken.map(({ version, problem }) => brokenStatus(version, problem)),
      ...Array.from(versions.values(), (version) => version.status()),
    ];
    const problem = folder.problem ?? folder.broken.at(-1)?.problem ?? 'no version can be loaded';
    return {
      name: folder.name,
      description: manifest?.description ?? null,
      isDefault: folder.name === this.#defaultName,
      state: serving?.state ?? ('failed' satisfies VersionState),
      reason: serving ? serving.reason : problem,
      servingVersion: serving?.live ? serving.version : null,
      inputKind: manifest?.input.kind ?? null,
      outputKind: manifest?.output.kind ?? null,
      labels: serving?.parts?.output.labels ?? null,
      columns: manifest ? inputColumns(manifest, serving?.live?.report.signature ?? null) : null,
      unit: manifest?.output.kind === 'regression' ? (manifest.output.unit ?? null) : null,
      versions: listed,
      examples: manifest ? examplesOf(manifest.examples) : [],
    };
  }

  #unknownModel(wanted: string | undefined): ServiceError {
    const names = [...this.#entries.keys()];
    const served = names.map((name) => `"${name}"`).join(', ') || 'none';
    const message =
      wanted === undefined
        ? 'No model is served: the folder of models is empty.'
        : `There is no model "${wanted}"; served: ${served}.`;
    return new ServiceError('MODEL_NOT_FOUND', message, { details: { models: names } });
  }
}

function brokenStatus(version: string, reason: string): VersionStatus {
  return {
    version,
    state: 'failed',
    reason,
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
