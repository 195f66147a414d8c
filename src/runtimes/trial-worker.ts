import type { TensorMap } from '../tensor/tensor.ts';
import type { LoadSpec } from './engine.ts';
import {
  ModelWorker,
  WorkerLostError,
  type LoadReport,
  type RunResult,
  type WorkerNotice,
} from './model-worker.ts';
import { processOpener } from './process-channel.ts';

/** Options of {@link TrialWorker}. */
export interface TrialWorkerOptions {
  readonly spec: LoadSpec;
  readonly loadTimeoutMs: number;
  readonly runTimeoutMs: number;
  /** Most bytes that the process may fill; `null` for no limit. */
  readonly maxBytes: number | null;
}

/**
 * A process in which a model is loaded and run for the first time, and which is thrown away: what
 * crashes there costs nobody else anything. After a crash the next run starts another one.
 */
export class TrialWorker {
  readonly #options: TrialWorkerOptions;
  #worker: ModelWorker | undefined;
  #lost: string | undefined;
  #notice: WorkerNotice | undefined;

  constructor(options: TrialWorkerOptions) {
    this.#options = options;
  }

  /** What a run told of the model, if any did. */
  get notice(): WorkerNotice | undefined {
    return this.#notice;
  }

  /**
   * Loads the model.
   *
   * @throws {WorkerLostError} when the process ended, with the signal
   * @throws {Error} what the engine says
   */
  async load(): Promise<LoadReport> {
    const { spec, loadTimeoutMs, maxBytes } = this.#options;
    this.#lost = undefined;
    this.#worker = new ModelWorker(processOpener(maxBytes), {
      onExit: (_worker, reason) => {
        this.#lost = reason;
      },
      onNotice: (notice) => {
        this.#notice = notice;
      },
    });
    try {
      return await this.#worker.load(spec, loadTimeoutMs);
    } catch (error) {
      void this.#worker.terminate();
      this.#worker = undefined;
      throw error;
    }
  }

  /**
   * Runs the model once.
   *
   * @throws {WorkerLostError} when the process ended, with the signal
   * @throws {ServiceError} `INFERENCE_FAILED` when the engine refuses the input
   */
  async run(inputs: TensorMap, outputs: readonly string[]): Promise<RunResult> {
    if (!this.#worker || this.#lost !== undefined) await this.load();
    const worker = this.#worker;
    if (!worker) throw new WorkerLostError('the process could not be started');
    return worker.run(inputs, outputs, this.#options.runTimeoutMs);
  }

  /** Throws the process away. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
