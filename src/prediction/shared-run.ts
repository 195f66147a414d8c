import type { Span } from '../services/span.ts';
import type { CallerSignal } from '../services/caller-signal.ts';
import { ServiceError } from '../errors.ts';
import type { TensorMap } from '../tensor/tensor.ts';

/** What a run (or a look in the second tier of the cache) gives to all that wait for it. */
export interface RunResult {
  readonly outputs: TensorMap;
  /** Tier of the cache that had the answer, or `null` when the model ran. */
  readonly tier: 'memory' | 'redis' | null;
  readonly encodeMs: number;
  readonly queueMs: number;
  readonly inferenceMs: number;
  /** Its share of the batch, in milliseconds. @default 0 */
  readonly computeMs?: number;
}

/**
 * One run that several identical requests wait for (single-flight). It is abandoned when the last of
 * them has gone, and its deadline is the latest of theirs; the batcher asks for both when a batch is
 * dispatched.
 */
export class SharedRun {
  /** What runs; a request to anything else must not join. */
  readonly owner: object;
  /** The place in the batcher's queue, set while the input waits there. */
  slot: { cancel(): void } | undefined;
  /** Span of the prediction that started it, where that is sampled. */
  span: Span | undefined;
  /** Set by the batcher once a worker has the input. */
  dispatched = false;
  #waiting = 0;
  #deadline = 0;
  #result: Promise<RunResult> | undefined;

  constructor(owner: object) {
    this.owner = owner;
  }

  /** Latest deadline of those that wait, in `performance.now()` terms. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether nobody waits any more. */
  get abandoned(): boolean {
    return this.#waiting === 0;
  }

  /** Starts the run. The first caller joins in the same turn, before any batch is dispatched. */
  start(run: () => Promise<RunResult>): void {
    this.#waiting++;
    this.#result = run();
    this.#waiting--;
    // Those that joined see the error; without any left it must not count as unhandled.
    this.#result.catch(() => undefined);
  }

  /**
   * Waits for the result, at most until `deadline` (in `performance.now()` terms) or until
   * `signal` is aborted.
   *
   * @throws {ServiceError} `DEADLINE_EXCEEDED`, or what the run throws
   */
  join(deadline: number, signal: CallerSignal | undefined): Promise<RunResult> {
    const result = this.#result;
    if (!result) return Promise.reject(new Error('joined a run that was never started'));
    this.#waiting++;
    this.#deadline = Math.max(this.#deadline, deadline);
    return new Promise<RunResult>((resolve, reject) => {
      const leave = () => {
        this.#waiting--;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (message: string) => {
        leave();
        if (this.#waiting === 0) this.slot?.cancel();
        const details = { phase: this.dispatched ? 'run' : 'queue' };
        reject(new ServiceError('DEADLINE_EXCEEDED', message, { details, retryAfterSeconds: 1 }));
      };
      const onAbort = () => fail('The caller went away.');
      const timer = setTimeout(
        () => fail('The answer was not ready within the deadline.'),
        Math.max(0, deadline - performance.now()),
      );
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      result.then(
        (value) => {
          leave();
          resolve(value);
        },
        (error: unknown) => {
          leave();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
