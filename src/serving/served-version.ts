import { hash } from 'node:crypto';
import type { Manifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';
import type { ModelRecorder } from '../telemetry/metrics.ts';
import { Batcher } from '../batching/batcher.ts';
import { createCodecs, createRawCodecs } from '../codecs/create-codecs.ts';
import { isBatchable } from '../codecs/pick-tensor.ts';
import type { VersionState, VersionStatus } from '../services/model-status.ts';
import { VersionStats } from '../rollout/version-stats.ts';
import type { LiveParts } from './live-parts.ts';
import type { ServingDefaults } from './serving-defaults.ts';
import { batchLimits, type EnginePool, openEngine } from './open-engine.ts';
import { messageForOperator } from './operator-message.ts';
import { warmUp } from './warm-up.ts';

/** Pauses between two tries to reach a remote engine, doubled from the first on. */
const RETRY_MS = { first: 250, longest: 10_000 } as const;

/**
 * One version of a model in memory: its workers, codecs and batcher, from loading to unloading.
 */
export class ServedVersion {
  readonly model: string;
  readonly version: string;
  /** Digest of its files and settings. */
  readonly digest: string;
  /** Stands for model, version and digest in cache keys: a digest too, in base64. */
  readonly cacheIdentity: string;
  readonly manifest: Manifest;
  readonly recorder: ModelRecorder;
  /** Seconds that answers stay cached; `null` when the model is not cached. */
  readonly cacheTtlSeconds: number | null;
  /** How it does, beside the other versions of its model. */
  readonly stats = new VersionStats();
  readonly #model: ModelFolder;
  readonly #folder: VersionFolder;
  readonly #defaults: ServingDefaults;
  readonly #onChange: () => void;
  readonly #onWorkerLost: (reason: string) => void;
  #state: VersionState = 'loading';
  #reason: string | null = null;
  #loadMs: number | null = null;
  #pool: EnginePool | undefined;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #retryMs: number = RETRY_MS.first;
  #live: LiveParts | undefined;
  #held = 0;
  readonly #onIdle: (() => void)[] = [];

  constructor(options: {
    model: ModelFolder;
    manifest: Manifest;
    folder: VersionFolder;
    defaults: ServingDefaults;
    recorder: ModelRecorder;
    /** Told of every change of state. */
    onChange: () => void;
    onWorkerLost: (reason: string) => void;
  }) {
    this.#model = options.model;
    this.model = options.model.name;
    this.version = options.folder.version;
    this.digest = options.folder.digest;
    this.cacheIdentity = hash(
      'sha256',
      [this.model, this.version, this.digest].join('\0'),
      'base64',
    );
    this.manifest = options.manifest;
    this.recorder = options.recorder;
    this.#folder = options.folder;
    this.#defaults = options.defaults;
    this.#onChange = options.onChange;
    this.#onWorkerLost = options.onWorkerLost;
    const { enabled, ttlSeconds } = options.manifest.cache;
    this.cacheTtlSeconds = enabled ? (ttlSeconds ?? options.defaults.cacheTtlSeconds) : null;
  }

  get state(): VersionState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** The parts that answer, or `undefined` unless the version is ready (or draining). */
  get live(): LiveParts | undefined {
    return this.#state === 'ready' || this.#state === 'draining' ? this.#live : undefined;
  }

  /** The parts since they were loaded, even while the workers cannot be kept alive. */
  get parts(): LiveParts | undefined {
    return this.#live;
  }

  /** The worker pool, for figures and tests. */
  get pool(): EnginePool | undefined {
    return this.#pool;
  }

  /** Loads the model into its workers and warms it up. Never throws: a failure is a state. */
  async load(): Promise<void> {
    const started = performance.now();
    this.#set('loading');
    try {
      const pool = await this.#openPool();
      const report = await pool.start();
      this.#set('warming');
      const codecs = await createCodecs(this.#model, this.#folder, report.signature);
      // Hashed texts bring their rows along in a tensor of their own.
      const { input } = this.manifest;
      const isRagged = input.kind === 'text' && input.encoding === 'hashed-ngrams';
      const batched = isRagged || isBatchable(report.signature);
      const raw = createRawCodecs(this.#folder.engine, report.signature, !isRagged);
      const batcher = new Batcher({
        workers: pool,
        collate: (batch) => (batch[0]?.raw ? raw : codecs).input.collate(batch),
        ...batchLimits(pool, this.manifest, batched),
        maxDelayMs: this.manifest.batching.maxDelayMs,
        maxQueueRows: this.#defaults.maxQueueRows,
        onBatch: (rows, inferenceMs) => this.recorder.batch(rows, inferenceMs),
        onRelease: (reason) => this.recorder.released(reason),
        spanAttributes: {
          'ml_inference.model': this.model,
          'ml_inference.version': this.version,
          'ml_inference.engine': this.#folder.engine,
          'ml_inference.engine.backend': report.backend,
        },
      });
      this.recorder.watchQueue(() => batcher.queuedRows);
      const allOutputs = report.signature.outputs.map(({ name }) => name);
      const hasRows = !isRagged && isBatchable(report.signature);
      this.#live = { ...codecs, raw, batcher, report, hasRows, allOutputs };
      const sample = await warmUp(this.#live, this.manifest, this.#defaults.loadTimeoutMs);
      if (sample) {
        await pool.warm({ inputs: () => codecs.input.collate([sample]), outputs: allOutputs });
      }
      this.#loadMs = performance.now() - started;
      this.#set('ready');
    } catch (error) {
      this.#live = undefined;
      this.#loadMs = performance.now() - started;
      if (this.#isClosed) return;
      this.#set('failed', messageForOperator(error, this.#model.directory));
      await this.#pool?.close();
      if (this.#folder.engine === 'remote') this.#loadAgain();
    }
  }

  /** An engine elsewhere may be back at any time; a file that cannot be loaded stays what it is. */
  #loadAgain(): void {
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.longest);
    this.#retry = setTimeout(() => void this.load(), this.#retryMs);
    this.#retry.unref();
  }

  /** Counts a request that is being worked on, so that the version is not freed under it. */
  retain(): void {
    this.#held++;
  }

  /** Ends what {@link retain} began. */
  release(): void {
    if (--this.#held > 0 || this.#onIdle.length === 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Resolves when no request is being worked on. */
  idle(): Promise<void> {
    if (this.#held === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * Lets what has begun end, then frees the workers and their memory.
   *
   * @param timeoutMs longest wait; what still runs then fails
   */
  async retire(timeoutMs: number): Promise<void> {
    if (this.#state === 'ready') this.#set('draining');
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.idle(), timedOut]);
    clearTimeout(timer);
    await this.close();
  }

  /** Ends the workers. Batches that still run fail; {@link retire} waits for them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#live = undefined;
    this.#set('unloaded');
    await this.#pool?.close();
  }

  status(): VersionStatus {
    return {
      version: this.version,
      state: this.#state,
      reason: this.#reason,
      engine: this.#folder.engine,
      backend: this.#live?.report.backend ?? null,
      loadMs: this.#loadMs,
      signature: this.#live?.report.signature ?? null,
      workers: this.#pool?.liveWorkers ?? 0,
    };
  }

  async #openPool(): Promise<EnginePool> {
    this.#pool = await openEngine({
      model: this.#model,
      folder: this.#folder,
      manifest: this.manifest,
      defaults: this.#defaults,
      onWorkerLost: (reason) => {
        this.recorder.workerLost();
        this.#onWorkerLost(reason);
      },
      onDown: (reason) => {
        if (this.#state !== 'ready') return;
        this.#set('failed', messageForOperator(new Error(reason), this.#model.directory));
      },
      onUp: () => {
        if (this.#state === 'failed') this.#set('ready');
      },
    });
    return this.#pool;
  }

  #set(state: VersionState, reason: string | null = null): void {
    this.#state = state;
    this.#reason = reason;
    this.#onChange();
  }
}
