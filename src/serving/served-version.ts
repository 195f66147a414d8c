import { hash } from 'node:crypto';
import { threeDecimals } from '../durations.ts';
import type { Manifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';
import type { ModelRecorder } from '../telemetry/metrics.ts';
import { Batcher } from '../batching/batcher.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import { createCodecs, createRawCodecs } from '../codecs/create-codecs.ts';
import { hasOpenRows } from '../codecs/pick-tensor.ts';
import type { SharedThreads } from '../runtimes/shared-threads.ts';
import { RemotePool } from '../runtimes/remote/remote-pool.ts';
import type { BatchingStatus, VersionState, VersionStatus } from '../services/model-status.ts';
import { VersionStats } from '../rollout/version-stats.ts';
import type { LiveParts } from './live-parts.ts';
import { isRagged, planBatching, planRemoteBatching } from './choose-batching.ts';
import type { LoadQueue } from './load-queue.ts';
import { type EnginePool, loadSpecOf, openEngine } from './open-engine.ts';
import type { ServingDefaults } from './serving-defaults.ts';
import { messageForOperator } from './operator-message.ts';
import { inventSamples } from './trial/samples.ts';
import type { TrialResult } from './trial/trial.ts';
import type { Trials } from './trial/trials.ts';
import { warmUp } from './warm-up.ts';

/** Pauses between two tries to reach a remote engine, doubled from the first on. */
const RETRY_MS = { first: 250, longest: 10_000 } as const;

/** Why an engine elsewhere was not warmed up, where the manifest has no examples. */
const REMOTE_UNWARMED = 'a remote engine is sent nothing but examples of model.yaml';

/** Most rows of one request of an engine elsewhere; 0 where it does not say. */
const maxRowsOf = (pool: EnginePool): number =>
  pool instanceof RemotePool ? pool.maxBatchSize : 0;

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
  readonly #onBatch: ((rows: number, inferenceMs: number) => void) | undefined;
  readonly #onWorkerLost: (reason: string) => void;
  readonly #onNotice: (message: string) => void;
  readonly #trials: Trials;
  readonly #threads: SharedThreads;
  readonly #queue: LoadQueue;
  #state: VersionState = 'loading';
  #reason: string | null = null;
  #loadMs: number | null = null;
  #backend: string | null = null;
  #batching: BatchingStatus | null = null;
  /** Why it was not warmed up; `null` where it was. */
  #unwarmed: string | null = null;
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
    /** Told of each batch that was run. */
    onBatch?: ((rows: number, inferenceMs: number) => void) | undefined;
    /** Told what its operator should know, such as a backend that lacks a kernel. */
    onNotice: (message: string) => void;
    /** What trials of versions have found out. */
    trials: Trials;
    /** The threads that models share. */
    threads: SharedThreads;
    /** Where versions wait for their turn to load. */
    queue: LoadQueue;
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
    this.#onBatch = options.onBatch;
    this.#folder = options.folder;
    this.#defaults = options.defaults;
    this.#onChange = options.onChange;
    this.#onWorkerLost = options.onWorkerLost;
    this.#onNotice = options.onNotice;
    this.#trials = options.trials;
    this.#threads = options.threads;
    this.#queue = options.queue;
    const { enabled, ttlSeconds } = options.manifest.cache;
    this.cacheTtlSeconds = enabled ? (ttlSeconds ?? options.defaults.cacheTtlSeconds) : null;
  }

  /** Folder of its files. */
  get directory(): string {
    return this.#folder.directory;
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

  /**
   * Loads the model into its workers and warms it up, when it is its turn. A version that is new to
   * the server is tried first where a crash costs nothing. Never throws: a failure is a state.
   */
  load(): Promise<void> {
    this.#set('loading');
    // One that is away must not keep others from loading.
    if (this.#folder.engine === 'remote') return this.#load();
    return this.#queue.run(() => this.#load());
  }

  async #load(): Promise<void> {
    // It may have been removed while it waited.
    if (this.#state === 'unloaded') return;
    const started = performance.now();
    try {
      const trial = await this.#try();
      const pool = await this.#openPool(trial);
      if (this.#isClosed) {
        await pool.close();
        return;
      }
      const report = await pool.start();
      this.#backend = report.backend;
      this.#set('warming');
      const codecs = await createCodecs(this.#model, this.#folder, report.signature);
      const { signature } = report;
      const { input } = codecs;
      const joinsRows = !isRagged(this.manifest);
      const raw = createRawCodecs(this.#folder.engine, signature, joinsRows);
      const codecOf = (encoded: EncodedInput | undefined) => (encoded?.raw ? raw.input : input);
      const { status, limits } = trial
        ? planBatching(this.manifest, signature, trial.batching)
        : planRemoteBatching(this.manifest, signature, maxRowsOf(pool));
      const batcher = new Batcher({
        workers: pool,
        collate: (batch) => codecOf(batch[0]).collate(batch),
        unbatched: (encoded) => {
          const codec = codecOf(encoded);
          return codec.unbatched?.(encoded) ?? codec.collate([encoded]);
        },
        ...limits,
        maxDelayMs: this.manifest.batching.maxDelayMs,
        maxQueueRows: this.#defaults.maxQueueRows,
        onBatch: (rows, inferenceMs) => {
          this.recorder.batch(rows, inferenceMs);
          this.#onBatch?.(rows, inferenceMs);
        },
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
      const hasRows = joinsRows && hasOpenRows(signature);
      const live = { ...codecs, raw, batcher, report, hasRows, allOutputs };
      this.#live = live;
      this.#batching = status;
      this.#unwarmed = trial ? trial.unwarmed : REMOTE_UNWARMED;
      await this.#warmUp(live, pool, trial?.recipe ?? null);
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

  /** What a trial finds out, or found out before; `null` of an engine elsewhere, which is not tried. */
  #try(): Promise<TrialResult> | null {
    const spec = loadSpecOf(this.#folder, this.manifest, this.#defaults);
    if (!spec) return null;
    const { loadTimeoutMs, runTimeoutMs } = this.#defaults;
    return this.#trials.find({
      model: this.#model,
      folder: this.#folder,
      manifest: this.manifest,
      spec,
      loadTimeoutMs,
      runTimeoutMs,
    });
  }

  async #warmUp(live: LiveParts, pool: EnginePool, recipe: number | null): Promise<void> {
    const { signature } = live.report;
    const samples =
      recipe === null
        ? []
        : await inventSamples(live.input, signature, { recipe, seed: 0, count: 1 });
    const warmed = await warmUp(live, this.manifest, samples[0], this.#defaults.loadTimeoutMs);
    if (warmed.failure !== null) this.#unwarmed = warmed.failure;
    const { input } = warmed;
    if (!input) return;
    this.#unwarmed = null;
    await pool.warm({
      inputs: () => live.input.unbatched?.(input) ?? live.input.collate([input]),
      outputs: live.allOutputs,
    });
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
      reason: this.#reason ?? (this.live ? this.#unwarmedReason() : null),
      warmed: this.live ? this.#unwarmed === null : null,
      batching: this.live ? this.#batching : null,
      engine: this.#folder.engine,
      backend: this.#live ? this.#backend : null,
      loadMs: this.#loadMs === null ? null : threeDecimals(this.#loadMs),
      signature: this.#live?.report.signature ?? null,
      workers: this.#pool?.liveWorkers ?? 0,
    };
  }

  #unwarmedReason(): string | null {
    return this.#unwarmed === null ? null : `not warmed up: ${this.#unwarmed}`;
  }

  async #openPool(trial: TrialResult | null): Promise<EnginePool> {
    this.#pool = await openEngine({
      model: this.#model,
      folder: this.#folder,
      manifest: this.manifest,
      defaults: this.#defaults,
      threads: this.#threads,
      trial,
      onNotice: (notice) => {
        this.#backend = notice.backend;
        this.#onNotice(notice.message);
      },
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
