import type { TensorMap } from '../tensor/tensor.ts';
import type { LoadSpec } from './engine.ts';
import {
  WorkerLostError,
  type LoadReport,
  type RunResult,
  type WorkerNotice,
} from './model-worker.ts';
import type { TrialProcess, TrialProcesses } from './trial-processes.ts';

/** Options of {@link TrialWorker}. */
export interface TrialWorkerOptions {
  readonly processes: TrialProcesses;
  readonly spec: LoadSpec;
  readonly loadTimeoutMs: number;
  readonly runTimeoutMs: number;
  /** Most bytes that the process may fill; `null` for no limit. */
  readonly maxBytes: number | null;
}

/**
 * A model that is loaded and run for the first time, in a process where a crash costs nobody else
 * anything. After a crash the next run starts another one. One that held other models before is not
 * believed: what crashes there is tried again in a new one.
 */
export class TrialWorker {
  readonly #options: TrialWorkerOptions;
  #process: TrialProcess | undefined;
  #notice: WorkerNotice | undefined;

  constructor(options: TrialWorkerOptions) {
    this.#options = options;
  }

  /** What a run told of the model, if any did. */
  get notice(): WorkerNotice | undefined {
    return this.#process?.notice ?? this.#notice;
  }

  /**
   * Loads the model.
   *
   * @throws {WorkerLostError} when the process ended, with the signal
   * @throws {Error} what the engine says
   */
  async load(): Promise<LoadReport> {
    try {
      return await this.#load(false);
    } catch (error) {
      if (!this.#mayBeOthersFault(error)) throw error;
      return this.#load(true);
    }
  }

  /**
   * Runs the model once.
   *
   * @throws {WorkerLostError} when the process ended, with the signal
   * @throws {ServiceError} `INFERENCE_FAILED` when the engine refuses the input
   */
  async run(inputs: TensorMap, outputs: readonly string[]): Promise<RunResult> {
    try {
      return await this.#run(inputs, outputs);
    } catch (error) {
      if (!this.#mayBeOthersFault(error)) throw error;
      await this.#load(true);
      return this.#run(inputs, outputs);
    }
  }

  /** Lets the process go. */
  async close(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process) await this.#options.processes.giveBack(process);
  }

  async #load(fresh: boolean): Promise<LoadReport> {
    const { processes, spec, loadTimeoutMs, maxBytes } = this.#options;
    this.#notice = this.notice;
    this.#process = processes.take(maxBytes, fresh);
    return this.#process.worker.load(spec, loadTimeoutMs);
  }

  async #run(inputs: TensorMap, outputs: readonly string[]): Promise<RunResult> {
    if (this.#process?.lost !== undefined) await this.#load(true);
    if (!this.#process) throw new WorkerLostError('the process could not be started');
    return this.#process.worker.run(inputs, outputs, this.#options.runTimeoutMs);
  }

  /** One that took too long would do so again. */
  #mayBeOthersFault(error: unknown): boolean {
    const process = this.#process;
    return error instanceof WorkerLostError && process?.isUsed === true && !process.worker.hung;
  }
}
