import { ServiceError } from '../errors.ts';
import type { Signature, TensorMap } from '../tensor.ts';
import type { EngineStats, LoadSpec } from './engine.ts';
import { transferables, type FromWorker } from './protocol.ts';
import type { OpenChannel, WorkerChannel } from './worker-channel.ts';

/** What a worker says of the model that it loaded. */
export interface LoadReport {
  readonly signature: Signature;
  readonly backend: string;
  readonly loadMs: number;
}

/** Outputs of one run. */
export interface RunResult {
  readonly outputs: TensorMap;
  /** Time inside the engine, in milliseconds. */
  readonly inferenceMs: number;
}

/** The worker died or hung; the batch may be tried again on another one. */
export class WorkerLostError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'WorkerLostError';
  }
}

interface Pending<T> {
  resolve(value: T): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** The server's side of one worker: at most one run at a time, each with a time limit. */
export class ModelWorker {
  readonly #channel: WorkerChannel;
  readonly #onExit: (worker: ModelWorker, reason: string) => void;
  readonly #stats = new Map<number, Pending<EngineStats>>();
  #load: Pending<LoadReport> | undefined;
  #run: Pending<RunResult> | undefined;
  #nextId = 1;
  #gone: string | undefined;

  constructor(open: OpenChannel, onExit: (worker: ModelWorker, reason: string) => void) {
    this.#onExit = onExit;
    this.#channel = open({
      onMessage: (message) => this.#receive(message),
      onExit: (reason) => this.#exited(reason),
    });
  }

  /** Process or thread id. */
  get id(): number {
    return this.#channel.id;
  }

  /** Whether the worker has ended. */
  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /** Loads the model; rejects with what the engine says, or when `timeoutMs` has passed. */
  load(spec: LoadSpec, timeoutMs: number): Promise<LoadReport> {
    return new Promise((resolve, reject) => {
      this.#load = this.#pending(resolve, reject, timeoutMs, 'did not load in time');
      this.#post({ kind: 'load', spec });
    });
  }

  /**
   * Runs one batch; the buffers of `inputs` are moved to the worker.
   *
   * @throws {WorkerLostError} when the worker ends before the answer, or takes over `timeoutMs`
   * @throws {ServiceError} `INFERENCE_FAILED` when the engine refuses the batch
   */
  run(inputs: TensorMap, outputs: readonly string[], timeoutMs: number): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#run = this.#pending(resolve, reject, timeoutMs, `hung for over ${timeoutMs} ms`);
      this.#post({ kind: 'run', id: this.#nextId++, inputs, outputs }, transferables(inputs));
    });
  }

  /** Asks for the engine's figures. */
  stats(timeoutMs: number): Promise<EngineStats> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#stats.set(id, this.#pending(resolve, reject, timeoutMs, 'gave no figures in time'));
      this.#post({ kind: 'stats', id });
    });
  }

  /** Ends the worker at once. */
  terminate(): Promise<void> {
    return this.#channel.terminate();
  }

  #pending<T>(
    resolve: (value: T) => void,
    reject: (error: Error) => void,
    timeoutMs: number,
    complaint: string,
  ): Pending<T> {
    // A worker that does not answer is blocked inside native code: only its end can free it.
    const timer = setTimeout(() => {
      this.#exited(`worker ${complaint}`);
      void this.#channel.terminate();
    }, timeoutMs);
    return { resolve, reject, timer };
  }

  #post(...args: Parameters<WorkerChannel['post']>): void {
    if (this.#gone !== undefined) {
      this.#rejectAll(this.#gone);
      return;
    }
    this.#channel.post(...args);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'loaded':
        settle(this.#load)?.resolve(message);
        this.#load = undefined;
        return;
      case 'load-failed':
        settle(this.#load)?.reject(new Error(message.message));
        this.#load = undefined;
        return;
      case 'result': {
        const run = settle(this.#run);
        this.#run = undefined;
        run?.resolve(message);
        return;
      }
      case 'failed': {
        const run = settle(this.#run);
        this.#run = undefined;
        run?.reject(
          new ServiceError('INFERENCE_FAILED', 'The model failed on this input.', {
            cause: new Error(message.message),
          }),
        );
        return;
      }
      case 'stats':
        settle(this.#stats.get(message.id))?.resolve(message.stats);
        this.#stats.delete(message.id);
    }
  }

  #exited(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    this.#rejectAll(reason);
    this.#onExit(this, reason);
  }

  #rejectAll(reason: string): void {
    const waiting = [this.#load, this.#run, ...this.#stats.values()];
    this.#load = undefined;
    this.#run = undefined;
    this.#stats.clear();
    for (const pending of waiting)
      settle<never>(pending as Pending<never> | undefined)?.reject(new WorkerLostError(reason));
  }
}

function settle<T>(pending: Pending<T> | undefined): Pending<T> | undefined {
  if (pending) clearTimeout(pending.timer);
  return pending;
}
