import { ServiceError } from '../errors.ts';
import type { Signature, TensorMap } from '../tensor/tensor.ts';
import type { EngineStats, LoadSpec } from './engine.ts';
import { transferables, type FromWorker } from './protocol.ts';
import type { Isolation, OpenChannel, WorkerChannel } from './worker-channel.ts';

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

/** What happens to a worker besides the answers that it gives. */
export interface WorkerEvents {
  /** Called once, when the worker has died or was given up as hung. */
  onExit(worker: ModelWorker, reason: string): void;
  /** A run told something of the model that its operator should know. */
  onNotice?(notice: WorkerNotice): void;
}

/** What a run told of the model. */
export interface WorkerNotice {
  readonly message: string;
  /** What computes from now on. */
  readonly backend: string;
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
  readonly timer: NodeJS.Timeout;
}

/** The server's side of one worker: at most one run at a time, each with a time limit. */
export class ModelWorker {
  readonly #channel: WorkerChannel;
  readonly #events: WorkerEvents;
  readonly #stats = new Map<number, Pending<EngineStats>>();
  #load: Pending<LoadReport> | undefined;
  #run: Pending<RunResult> | undefined;
  #nextId = 1;
  #gone: string | undefined;
  #hung = false;

  constructor(open: OpenChannel, events: WorkerEvents) {
    this.#events = events;
    this.#channel = open({
      onMessage: (message) => this.#receive(message),
      onExit: (reason) => this.#exited(reason),
    });
  }

  /** Process or thread id. */
  get id(): number {
    return this.#channel.id;
  }

  get kind(): Isolation {
    return this.#channel.kind;
  }

  /** Whether the worker has ended, or was given up. */
  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /** Whether it was given up because it took too long. */
  get hung(): boolean {
    return this.#hung;
  }

  /**
   * Loads the model.
   *
   * @throws {Error} what the engine says
   * @throws {WorkerLostError} when the worker ends before the answer, or takes over `timeoutMs`
   */
  load(spec: LoadSpec, timeoutMs: number): Promise<LoadReport> {
    return new Promise((resolve, reject) => {
      const timer = this.#giveUpAfter(timeoutMs, `did not load within ${timeoutMs} ms`);
      this.#load = { resolve, reject, timer };
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
      const timer = this.#giveUpAfter(timeoutMs, `hung for over ${timeoutMs} ms`);
      this.#run = { resolve, reject, timer };
      try {
        this.#post({ kind: 'run', id: this.#nextId++, inputs, outputs }, transferables(inputs));
      } catch (thrown) {
        this.#settleRun()?.reject(refused(thrown));
      }
    });
  }

  /** Asks for the engine's figures; they wait for the run under way, at most `timeoutMs`. */
  stats(timeoutMs: number): Promise<EngineStats> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const timer = setTimeout(() => {
        this.#stats.delete(id);
        reject(new Error(`the worker gave no figures within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#stats.set(id, { resolve, reject, timer });
      this.#post({ kind: 'stats', id });
    });
  }

  /** Ends the worker; see {@link WorkerChannel.terminate}. */
  terminate(): Promise<void> {
    return this.#channel.terminate();
  }

  /** Ends the worker, without waiting for what it does: what it was to answer is lost. */
  giveUp(reason: string): Promise<void> {
    this.#exited(reason);
    return this.#channel.terminate();
  }

  #giveUpAfter(timeoutMs: number, complaint: string): NodeJS.Timeout {
    // A worker that does not answer is blocked inside native code. A process is killed; a thread is
    // given up, and ends when that code returns.
    return setTimeout(() => {
      this.#hung = true;
      void this.giveUp(`worker ${this.kind} ${complaint}`);
    }, timeoutMs);
  }

  #post(...args: Parameters<WorkerChannel['post']>): void {
    if (this.#gone === undefined) this.#channel.post(...args);
    else this.#rejectAll(this.#gone);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'loaded':
        this.#settleLoad()?.resolve(message);
        return;
      case 'load-failed':
        this.#settleLoad()?.reject(new Error(message.message));
        return;
      case 'result':
        this.#settleRun()?.resolve(message);
        return;
      case 'unloaded':
        // The channel sees to it.
        return;
      case 'notice':
        this.#events.onNotice?.(message);
        return;
      case 'failed':
        this.#settleRun()?.reject(refused(new Error(message.message)));
        return;
      case 'stats': {
        const pending = this.#stats.get(message.id);
        this.#stats.delete(message.id);
        clearTimeout(pending?.timer);
        pending?.resolve(message.stats);
      }
    }
  }

  #exited(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    this.#rejectAll(reason);
    this.#events.onExit(this, reason);
  }

  #rejectAll(reason: string): void {
    const lost = new WorkerLostError(reason);
    this.#settleLoad()?.reject(lost);
    this.#settleRun()?.reject(lost);
    for (const pending of this.#stats.values()) {
      clearTimeout(pending.timer);
      pending.reject(lost);
    }
    this.#stats.clear();
  }

  #settleLoad(): Pending<LoadReport> | undefined {
    const pending = this.#load;
    this.#load = undefined;
    clearTimeout(pending?.timer);
    return pending;
  }

  #settleRun(): Pending<RunResult> | undefined {
    const pending = this.#run;
    this.#run = undefined;
    clearTimeout(pending?.timer);
    return pending;
  }
}

function refused(cause: unknown): ServiceError {
  return new ServiceError('INFERENCE_FAILED', 'The model failed on this input.', { cause });
}
