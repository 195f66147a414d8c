import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../errors.ts';
import type { TensorMap } from '../tensor/tensor.ts';
import { CrashRecord } from './crash-record.ts';
import type { EngineStats } from './engine.ts';
import { ModelWorker, WorkerLostError, type LoadReport, type RunResult } from './model-worker.ts';
import type { Sample, WorkerPoolOptions } from './pool-options.ts';
import { openProcess } from './process-channel.ts';
import { openThread } from './thread-channel.ts';
import type { Isolation } from './worker-channel.ts';

/** Time that workers get to end when the pool is closed, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

/** Tries to load the model at the start, where the worker died of it. */
const FIRST_LOAD_TRIES = 3;

interface Job {
  readonly inputs: () => TensorMap;
  readonly outputs: readonly string[];
  /** Whether a worker was lost with these inputs before. */
  readonly suspect: boolean;
  resolve(result: RunResult): void;
  reject(error: unknown): void;
}

/**
 * The workers of one model version. Each worker takes one batch at a time; a pool with an idle
 * worker starts a batch at once. A lost worker is replaced: at once where the last start went well,
 * else after a growing pause. While no worker can be kept alive the pool is down.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #idle: ModelWorker[] = [];
  /** Workers that hold the model; the others are still loading it. */
  readonly #ready = new Set<ModelWorker>();
  readonly #all = new Set<ModelWorker>();
  readonly #queue: Job[] = [];
  readonly #record = new CrashRecord();
  readonly #closing = new AbortController();
  #isolation: Isolation;
  #sample: Sample | undefined;
  #down: string | undefined;
  /** Whether it is down although workers start: they die of what they are given. */
  #resting = false;
  #onIdle: () => void = () => undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#isolation = options.isolation;
  }

  /** Workers that could start a batch right now. */
  get idleWorkers(): number {
    return this.#idle.length;
  }

  /** Workers that are alive and hold the model. */
  get liveWorkers(): number {
    return this.#ready.size;
  }

  /** Whether runs fail at once because no worker can be kept alive. */
  get down(): boolean {
    return this.#down !== undefined;
  }

  /** The workers that are alive and hold the model, for operators and tests. */
  get workers(): readonly ModelWorker[] {
    return [...this.#ready];
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Calls `listener` whenever a worker becomes idle and nothing waits, and when the pool is down. */
  onIdle(listener: () => void): void {
    this.#onIdle = listener;
  }

  /**
   * Starts all workers and loads the model in each.
   *
   * @throws {Error} with the engine's message when the model cannot be loaded; the pool is closed
   */
  async start(): Promise<LoadReport> {
    try {
      const reports = await Promise.all(
        Array.from({ length: this.#options.workers }, () => this.#firstWorker()),
      );
      const [first] = reports;
      if (!first) throw new Error('a pool needs at least one worker');
      return first;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Sets what every new worker must compute before it takes work, and lets the idle ones do so. */
  async warm(sample: Sample): Promise<void> {
    this.#sample = sample;
    const { length } = this.#idle;
    await Promise.all(Array.from({ length }, () => this.run(sample.inputs, sample.outputs)));
  }

  /**
   * Runs one batch on the first idle worker.
   *
   * @param inputs makes the tensors; they move to the worker, so another try makes them anew
   * @param suspect whether a worker was lost with these inputs before: a second loss is blamed on
   *   the inputs and not on the model
   * @throws {WorkerLostError} when its worker was lost; the caller may try again
   * @throws {ServiceError} `INFERENCE_FAILED` when the engine refuses the batch, `MODEL_NOT_READY`
   *   when the pool is down or closed
   */
  run(inputs: () => TensorMap, outputs: readonly string[], suspect = false): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed || this.#down !== undefined) {
        reject(this.#notReady());
        return;
      }
      const job: Job = { inputs, outputs, suspect, resolve, reject };
      const worker = this.#idle.pop();
      if (worker) this.#start(worker, job);
      else this.#queue.push(job);
    });
  }

  /** Figures of every live worker. */
  stats(timeoutMs = 5_000): Promise<EngineStats[]> {
    return Promise.all([...this.#ready].map((worker) => worker.stats(timeoutMs)));
  }

  /** Ends all workers; batches that still wait or run fail. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#rejectQueue();
    this.#idle.length = 0;
    const ended = Promise.all([...this.#all].map((worker) => worker.giveUp('the pool is closed')));
    // A thread inside native code ends only when that returns, which may be never.
    await Promise.race([ended, delay(CLOSE_GRACE_MS, undefined, { ref: false })]);
    this.#all.clear();
    this.#ready.clear();
  }

  #start(worker: ModelWorker, job: Job): void {
    let inputs: TensorMap;
    try {
      inputs = job.inputs();
    } catch (error) {
      this.#release(worker);
      job.reject(error);
      return;
    }
    worker.run(inputs, job.outputs, this.#options.runTimeoutMs).then(
      (result) => {
        this.#record.ran();
        this.#release(worker);
        job.resolve(result);
      },
      (error: unknown) => {
        if (!worker.gone) this.#release(worker);
        else if (!job.suspect && !this.#closed) this.#runLost();
        job.reject(this.#closed ? this.#notReady() : error);
      },
    );
  }

  /** Gives the worker its next batch before the last one's answer is looked at. */
  #release(worker: ModelWorker): void {
    if (this.#closed || worker.gone) return;
    const job = this.#queue.shift();
    if (job) this.#start(worker, job);
    else {
      this.#idle.push(worker);
      this.#onIdle();
    }
  }

  async #firstWorker(): Promise<LoadReport> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#addWorker();
      } catch (error) {
        // What the engine says of the files stays true; a worker that died may have had bad luck.
        const final = tries === FIRST_LOAD_TRIES || this.#closed;
        if (!(error instanceof WorkerLostError) || final) throw error;
        this.#options.onWorkerLost?.(error.message);
      }
    }
  }

  async #addWorker(): Promise<LoadReport> {
    const { spec, loadTimeoutMs } = this.#options;
    const openShared = this.#options.openThread ?? openThread;
    const open = this.#isolation === 'process' ? openProcess : openShared;
    const worker = new ModelWorker(open, {
      onExit: (lost, reason) => this.#workerLost(lost, reason),
      onNotice: (notice) => this.#options.onNotice?.(notice),
    });
    this.#all.add(worker);
    try {
      const report = await worker.load(spec, loadTimeoutMs);
      const sample = this.#sample;
      if (sample) await worker.run(sample.inputs(), sample.outputs, loadTimeoutMs);
      this.#record.started();
      this.#ready.add(worker);
      this.#release(worker);
      return report;
    } catch (error) {
      this.#all.delete(worker);
      void worker.terminate();
      throw error;
    }
  }

  #workerLost(worker: ModelWorker, reason: string): void {
    this.#all.delete(worker);
    if (worker.hung && worker.kind === 'thread') {
      // A thread inside native code cannot be ended: another that hangs would take a core as well.
      this.#isolation = 'process';
    }
    // Of one that was still loading hears whoever started it.
    if (!this.#ready.delete(worker)) return;
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#closed) return;
    this.#options.onWorkerLost?.(reason);
    void this.#replace();
  }

  /** Starts workers until one lives. */
  async #replace(): Promise<void> {
    for (;;) {
      await this.#pause(this.#record.pauseMs);
      if (this.#closed) return;
      try {
        await this.#addWorker();
        if (!this.#resting) this.#goUp();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#record.startFailed();
        this.#options.onWorkerLost?.(reason);
        if (this.#record.cannotStart && this.#ready.size === 0) this.#goDown(reason);
      }
    }
  }

  #runLost(): void {
    this.#record.runLost();
    if (!this.#record.cannotRun || this.#down !== undefined) return;
    this.#goDown('its workers die of every batch that they are given');
    void this.#rest(this.#record.trip());
  }

  async #rest(pauseMs: number): Promise<void> {
    this.#resting = true;
    await this.#pause(pauseMs);
    this.#resting = false;
    if (this.#ready.size > 0) this.#goUp();
  }

  /** Waits, at most until the pool is closed. */
  async #pause(ms: number): Promise<void> {
    if (ms === 0) return;
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #goDown(reason: string): void {
    if (this.#down !== undefined || this.#closed) return;
    this.#down = reason;
    this.#rejectQueue();
    this.#options.onDown?.(reason);
    this.#onIdle();
  }

  #goUp(): void {
    if (this.#down === undefined || this.#closed) return;
    this.#down = undefined;
    this.#options.onUp?.();
    this.#onIdle();
  }

  #rejectQueue(): void {
    for (const job of this.#queue.splice(0)) job.reject(this.#notReady());
  }

  #notReady(): ServiceError {
    const message =
      this.#down === undefined
        ? 'The model is being unloaded.'
        : 'The workers of this model cannot be kept alive; health says why.';
    return new ServiceError('MODEL_NOT_READY', message, { retryAfterSeconds: 1 });
  }
}
