import { ServiceError } from '../errors.ts';
import type { TensorMap } from '../tensor.ts';
import type { EngineStats, LoadSpec } from './engine.ts';
import { ModelWorker, WorkerLostError, type LoadReport, type RunResult } from './model-worker.ts';
import { openProcess } from './process-channel.ts';
import { openThread } from './thread-channel.ts';
import type { Isolation } from './worker-channel.ts';

/** Options of {@link WorkerPool}. */
export interface WorkerPoolOptions {
  readonly spec: LoadSpec;
  /** Number of workers, each holding the whole model. */
  readonly workers: number;
  readonly isolation: Isolation;
  /** Milliseconds that loading may take. */
  readonly loadTimeoutMs: number;
  /** Milliseconds that one batch may take before its worker is replaced. */
  readonly runTimeoutMs: number;
  /** Told of each worker that ended unasked, for logs and counters. */
  readonly onWorkerLost?: (reason: string) => void;
}

interface Job {
  readonly inputs: TensorMap;
  readonly outputs: readonly string[];
  resolve(result: RunResult): void;
  reject(error: unknown): void;
}

/**
 * The workers of one model version. Each worker takes one batch at a time; a pool with an idle
 * worker starts a batch at once. Lost workers are replaced after a growing pause.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #idle: ModelWorker[] = [];
  readonly #all = new Set<ModelWorker>();
  readonly #queue: Job[] = [];
  #report: LoadReport | undefined;
  #lossesInARow = 0;
  #closed = false;
  #onIdle: () => void = () => undefined;
  readonly #restarts = new Set<NodeJS.Timeout>();

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Workers that could start a batch right now. */
  get idleWorkers(): number {
    return this.#idle.length;
  }

  /** Workers that are alive and hold the model. */
  get liveWorkers(): number {
    return this.#report ? this.#all.size : 0;
  }

  /** Ids of the live workers (thread ids, or process ids for isolation `process`). */
  get workerIds(): number[] {
    return [...this.#all].map((worker) => worker.id);
  }

  /** Calls `listener` whenever a worker becomes idle and nothing waits in the pool. */
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
        Array.from({ length: this.#options.workers }, () => this.#addWorker()),
      );
      const [first] = reports;
      if (!first) throw new Error('a pool needs at least one worker');
      this.#report = first;
      return first;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Runs one batch on the first idle worker. A batch whose worker is lost is tried once more;
   * `inputs` is a function because the buffers of the first try have moved to the lost worker.
   *
   * @throws {ServiceError} `INFERENCE_FAILED`
   */
  async run(inputs: () => TensorMap, outputs: readonly string[]): Promise<RunResult> {
    try {
      return await this.#submit(inputs(), outputs);
    } catch (error) {
      if (!(error instanceof WorkerLostError) || this.#closed) throw failed(error);
    }
    try {
      return await this.#submit(inputs(), outputs);
    } catch (error) {
      throw failed(error);
    }
  }

  /** Figures of every live worker. */
  stats(timeoutMs = 5_000): Promise<EngineStats[]> {
    return Promise.all([...this.#all].map((worker) => worker.stats(timeoutMs)));
  }

  /** Ends all workers; batches that still wait or run fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#restarts.clear();
    for (const job of this.#queue.splice(0)) job.reject(new WorkerLostError('the pool is closed'));
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
  }

  #submit(inputs: TensorMap, outputs: readonly string[]): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new WorkerLostError('the pool is closed'));
        return;
      }
      const job: Job = { inputs, outputs, resolve, reject };
      const worker = this.#idle.pop();
      if (worker) this.#start(worker, job);
      else this.#queue.push(job);
    });
  }

  #start(worker: ModelWorker, job: Job): void {
    worker.run(job.inputs, job.outputs, this.#options.runTimeoutMs).then(
      (result) => {
        this.#lossesInARow = 0;
        this.#release(worker);
        job.resolve(result);
      },
      (error: unknown) => {
        if (!worker.gone) this.#release(worker);
        job.reject(error);
      },
    );
  }

  /** Gives the worker its next batch before the last one's answer is looked at. */
  #release(worker: ModelWorker): void {
    if (this.#closed) return;
    const job = this.#queue.shift();
    if (job) this.#start(worker, job);
    else {
      this.#idle.push(worker);
      this.#onIdle();
    }
  }

  async #addWorker(): Promise<LoadReport> {
    const open = this.#options.isolation === 'process' ? openProcess : openThread;
    const worker = new ModelWorker(open, (lost, reason) => this.#lost(lost, reason));
    this.#all.add(worker);
    try {
      const report = await worker.load(this.#options.spec, this.#options.loadTimeoutMs);
      this.#release(worker);
      return report;
    } catch (error) {
      this.#all.delete(worker);
      await worker.terminate();
      throw error;
    }
  }

  #lost(worker: ModelWorker, reason: string): void {
    this.#all.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#closed || !this.#report) return;
    this.#options.onWorkerLost?.(reason);
    this.#restartLater();
  }

  /** Replaces a lost worker: the first at once, then with a pause that doubles up to 30 s. */
  #restartLater(): void {
    const pauseMs = this.#lossesInARow === 0 ? 0 : Math.min(30_000, 100 * 2 ** this.#lossesInARow);
    this.#lossesInARow++;
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#addWorker().catch((error: unknown) => {
        if (this.#closed) return;
        this.#options.onWorkerLost?.(error instanceof Error ? error.message : String(error));
        this.#restartLater();
      });
    }, pauseMs);
    this.#restarts.add(timer);
  }
}

function failed(error: unknown): unknown {
  if (!(error instanceof WorkerLostError)) return error;
  return new ServiceError('INFERENCE_FAILED', 'The worker of this model failed on this input.', {
    cause: error,
  });
}
