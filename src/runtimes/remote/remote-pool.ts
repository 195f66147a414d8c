import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../../errors.ts';
import type { Signature, TensorMap } from '../../tensor/tensor.ts';
import type { EngineStats } from '../engine.ts';
import type { LoadReport, RunResult } from '../model-worker.ts';
import { Endpoint } from './endpoint.ts';
import { GrpcRemoteClient } from './grpc-client.ts';
import { HttpRemoteClient } from './http-client.ts';
import { checkOutputs } from './read-answer.ts';
import { RemoteFailure, type RemoteModel } from './remote-client.ts';
import type { RemoteTarget } from './remote-target.ts';

/** Time that all addresses may be away before nothing waits for them any more, in milliseconds. */
const DOWN_AFTER_MS = 2_000;

/** Time that an address may take to describe the model, in milliseconds. */
const DESCRIBE_MS = 5_000;

/** Limits of a run; see the batcher. */
export interface RunLimits {
  /** Latest moment at which the answer is of use, in `performance.now()` terms. */
  readonly deadline?: number | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** W3C trace context of a request in the batch. */
  readonly traceparent?: (() => string | undefined) | undefined;
}

/** Options of {@link RemotePool}. */
export interface RemotePoolOptions {
  readonly targets: readonly RemoteTarget[];
  readonly maxInFlight: number;
  /** Most tries of one batch. */
  readonly maxTries: number;
  readonly probeAfterMs: number;
  /** Milliseconds that one batch may take, where nobody's deadline is earlier. */
  readonly runTimeoutMs: number;
  /** Told of each address that is left out, for logs and counters. */
  readonly onWorkerLost?: (reason: string) => void;
  /** Told when all addresses are away; what waits has failed, and new runs fail at once. */
  readonly onDown?: (reason: string) => void;
  /** Told when one is back. */
  readonly onUp?: () => void;
}

/**
 * The addresses of a remote engine in the place of a model's workers: each takes several batches at
 * once, and the one with the fewest under way takes the next. It is input and output only, so it needs
 * no worker thread.
 */
export class RemotePool {
  readonly #options: RemotePoolOptions;
  readonly #endpoints: readonly Endpoint[];
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();
  #model: RemoteModel | undefined;
  #down: string | undefined;
  #emptySince: number | undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: RemotePoolOptions) {
    this.#options = options;
    this.#endpoints = options.targets.map((target) => {
      const isGrpc = target.url.protocol.startsWith('grpc');
      return new Endpoint({
        client: isGrpc ? new GrpcRemoteClient(target) : new HttpRemoteClient(target),
        name: target.url.host,
        maxInFlight: options.maxInFlight,
        probeAfterMs: options.probeAfterMs,
        onLeftOut: (reason) => options.onWorkerLost?.(`${target.url.host}: ${reason}`),
        onChange: () => this.#changed(),
      });
    });
  }

  /** Batches that could start right now. */
  get idleWorkers(): number {
    return this.#endpoints.reduce((sum, { room }) => sum + Math.max(0, room), 0);
  }

  /** Addresses that take requests. */
  get liveWorkers(): number {
    return this.#endpoints.filter(({ away }) => away === undefined).length;
  }

  /** Whether runs fail at once because all addresses are away. */
  get down(): boolean {
    return this.#down !== undefined;
  }

  /** Most rows of one request there; 0 where the engine does not say. */
  get maxBatchSize(): number {
    return this.#model?.maxBatchSize ?? 0;
  }

  /** Calls `listener` whenever a batch could start, and when the pool is down. */
  onIdle(listener: () => void): void {
    this.#onIdle = listener;
  }

  /**
   * Asks the addresses for the model until one describes it.
   *
   * @throws {Error} for the operator, with what each of them said
   */
  async start(): Promise<LoadReport> {
    const started = performance.now();
    const problems: string[] = [];
    for (const endpoint of this.#endpoints) {
      try {
        const limits = { timeoutMs: DESCRIBE_MS, signal: this.#closing.signal };
        this.#model = await endpoint.client.describe(limits);
        break;
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        problems.push(`${endpoint.name}: ${reason}`);
      }
    }
    const model = this.#model;
    if (!model) throw new Error(`the remote engine cannot be used: ${problems.join('; ')}`);
    return {
      signature: model.signature,
      backend: model.platform === '' ? 'remote' : `remote (${model.platform})`,
      loadMs: performance.now() - started,
    };
  }

  /** Remote engines warm themselves up. */
  warm(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Runs one batch at the address with the fewest under way. It is tried again elsewhere where nothing
   * was computed yet, or where computing it twice does no harm.
   *
   * @param inputs makes the tensors
   * @param suspect whether it is to be sent only once: it has failed before
   * @throws {ServiceError} `BAD_USER_INPUT` when the engine refuses the input, `INFERENCE_FAILED` when
   *   it fails or answers nonsense, `MODEL_NOT_READY` when no address is there, `DEADLINE_EXCEEDED`
   */
  async run(
    inputs: () => TensorMap,
    outputs: readonly string[],
    suspect: boolean,
    limits: RunLimits = {},
  ): Promise<RunResult> {
    const model = this.#model;
    if (!model || this.#closing.signal.aborted || this.#down !== undefined) throw this.#notReady();
    const { runTimeoutMs } = this.#options;
    const maxTries = suspect ? 1 : this.#options.maxTries;
    const deadline = Math.min(limits.deadline ?? Infinity, performance.now() + runTimeoutMs);
    const signal = limits.signal ?? this.#closing.signal;
    const tensors = inputs();
    const tried = new Set<Endpoint>();
    for (let tries = 1; ; tries++) {
      const endpoint = await this.#choose(tried, deadline, signal);
      const started = performance.now();
      try {
        const timeoutMs = deadline - started;
        const traceparent = limits.traceparent?.();
        const answer = await endpoint.infer(tensors, outputs, { timeoutMs, signal, traceparent });
        return {
          outputs: checkOutputs(answer, outputs, model.signature, rowsOf(tensors, model)),
          inferenceMs: performance.now() - started,
        };
      } catch (thrown) {
        const failure = toFailure(thrown);
        if (leavesOut(failure)) endpoint.leaveOut(failure.message);
        tried.add(endpoint);
        const isHarmless = isAgainHarmless(failure, model);
        if (tries >= maxTries || !isHarmless || performance.now() >= deadline) {
          throw this.#translate(failure);
        }
      }
    }
  }

  /** Figures of workers: there are none here. */
  stats(): Promise<EngineStats[]> {
    return Promise.resolve([]);
  }

  /** Signature of the model, once it has been described. */
  get signature(): Signature | undefined {
    return this.#model?.signature;
  }

  /** Ends all connections; what is under way fails. */
  close(): Promise<void> {
    this.#closing.abort();
    for (const endpoint of this.#endpoints) endpoint.close();
    this.#wake();
    return Promise.resolve();
  }

  /** The address with the fewest requests under way; those that failed it only where there are no others. */
  async #choose(
    tried: ReadonlySet<Endpoint>,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Endpoint> {
    for (;;) {
      if (this.#closing.signal.aborted || this.#down !== undefined) throw this.#notReady();
      if (signal.aborted) throw gone();
      const there = this.#endpoints.filter(({ away }) => away === undefined);
      const fresh = there.filter((endpoint) => !tried.has(endpoint));
      const [best] = (fresh.length > 0 ? fresh : there).sort(
        (a, b) => a.outstanding - b.outstanding,
      );
      if (best) return best;
      const left = deadline - performance.now();
      if (left <= 0) throw late();
      await this.#someoneBack(left, signal);
    }
  }

  #someoneBack(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.push(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #changed(): void {
    if (this.#closing.signal.aborted) return;
    const isEmpty = this.liveWorkers === 0;
    if (isEmpty && this.#emptySince === undefined) {
      this.#emptySince = performance.now();
      void this.#goDownLater(this.#emptySince);
    }
    if (!isEmpty) {
      this.#emptySince = undefined;
      this.#wake();
      if (this.#down !== undefined) {
        this.#down = undefined;
        this.#options.onUp?.();
      }
    }
    this.#onIdle();
  }

  async #goDownLater(since: number): Promise<void> {
    const { signal } = this.#closing;
    await delay(DOWN_AFTER_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || this.#emptySince !== since) return;
    const reasons = this.#endpoints.map(({ name, away }) => `${name}: ${away ?? ''}`);
    this.#down = `the remote engine is away (${reasons.join('; ')})`;
    this.#options.onDown?.(this.#down);
    this.#wake();
    this.#onIdle();
  }

  #translate(failure: RemoteFailure): ServiceError {
    const { kind, message } = failure;
    switch (kind) {
      case 'refused':
        return new ServiceError('BAD_USER_INPUT', 'The remote engine refused the input.', {
          cause: failure,
        });
      case 'failed':
        return new ServiceError('INFERENCE_FAILED', 'The remote engine failed on this input.', {
          cause: failure,
        });
      case 'late':
        return late(failure);
      case 'gone':
        return gone();
      case 'busy':
        return new ServiceError('OVERLOADED', 'The remote engine takes no more requests now.', {
          retryAfterSeconds: 1,
          cause: failure,
        });
      default:
        return this.#notReady(message);
    }
  }

  #notReady(cause?: unknown): ServiceError {
    const message = this.#closing.signal.aborted
      ? 'The model is being unloaded.'
      : 'The remote engine of this model cannot be reached; health says why.';
    return new ServiceError('MODEL_NOT_READY', message, { retryAfterSeconds: 1, cause });
  }
}

function toFailure(thrown: unknown): RemoteFailure {
  if (thrown instanceof RemoteFailure) return thrown;
  return new RemoteFailure('failed', 'the request could not be made', thrown);
}

/** Rows of a batch; `undefined` where the engine tells of no batch axis. */
function rowsOf(inputs: TensorMap, { maxBatchSize }: RemoteModel): number | undefined {
  return maxBatchSize > 0 ? Object.values(inputs)[0]?.shape[0] : undefined;
}

/** Whether the address should get no more until it says that it is ready. */
function leavesOut({ kind }: RemoteFailure): boolean {
  return ['unsent', 'lost', 'busy', 'missing', 'denied'].includes(kind);
}

/** Whether the batch may be sent again: nothing was begun, or predictions depend on nothing else. */
function isAgainHarmless({ kind }: RemoteFailure, { stateful }: RemoteModel): boolean {
  if (['unsent', 'busy', 'missing', 'denied'].includes(kind)) return true;
  return kind === 'lost' && !stateful;
}

const gone = () => new ServiceError('DEADLINE_EXCEEDED', 'The caller went away before the answer.');

const late = (cause?: unknown) =>
  new ServiceError('DEADLINE_EXCEEDED', 'The remote engine did not answer within the deadline.', {
    retryAfterSeconds: 1,
    cause,
  });
