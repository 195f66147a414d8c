import { ServiceError } from '../errors.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import type { FairItem, Share } from './fair-queue.ts';
import type { Span } from '../services/span.ts';

/** Those that wait for an entry; asked right before its batch is dispatched. */
export interface Waiters {
  /** Time at which the answer is of no use any more, in `performance.now()` terms. */
  readonly deadline: number;
  /** Whether every caller has gone. */
  readonly abandoned: boolean;
  /** Set by the batcher; cancelled when the last caller has gone, so that the place is free. */
  slot?: { cancel(): void } | undefined;
  /** Set by the batcher once a worker has the input. */
  dispatched?: boolean;
}

/** One input on its way through a batch. */
export interface BatchEntry {
  readonly input: EncodedInput;
  /** Outputs that this caller wants. */
  readonly outputs: readonly string[];
  readonly waiters: Waiters;
  /** Whose turn it is counted as. @default everybody's */
  readonly share?: Share;
  /** Span of the prediction, where it is sampled. */
  readonly span?: Span | undefined;
}

/** Rows that wait for a worker. */
export interface QueueLevel {
  rows: number;
}

/** Rows that an input counts for in the queue. */
export function queueRows({ rows, isOne }: EncodedInput): number {
  return isOne ? 1 : rows;
}

/** An entry in the queue: leaves it with a batch, or when the last of its callers goes. */
export class QueuedEntry<Result> implements FairItem {
  readonly outputs: readonly string[];
  readonly waiters: Waiters;
  readonly enqueuedAt = performance.now();
  readonly rows: number;
  /** Rows that it brings to a run. */
  readonly runRows: number;
  /** Resolves with what the batch gives, and rejects with why it gave nothing. */
  readonly result: Promise<Result>;
  #resolve: (result: Result) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** Span of the prediction, where it is sampled. */
  readonly span: Span | undefined;
  #wait: Span | undefined;
  #input: EncodedInput | undefined;
  readonly #level: QueueLevel;

  constructor({ input, outputs, waiters, span }: BatchEntry, level: QueueLevel) {
    this.outputs = outputs;
    this.waiters = waiters;
    this.rows = queueRows(input);
    this.runRows = input.rows;
    this.#input = input;
    this.#level = level;
    level.rows += queueRows(input);
    waiters.slot = this;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.span = span;
    this.#wait = span?.start('queue', {
      startedAt: this.enqueuedAt,
      attributes: { 'ml_inference.queue.rows': level.rows },
    });
  }

  /** Puts the input back into the queue, to be tried again when it is its turn. */
  requeue(input: EncodedInput): void {
    this.#input = input;
    this.#level.rows += queueRows(input);
    // The run that failed may have taken it, so as to be told when everybody has gone.
    this.waiters.slot = this;
  }

  /** Takes the input out of the queue; `undefined` where it was cancelled. */
  take(): EncodedInput | undefined {
    const input = this.#input;
    this.#input = undefined;
    if (input) this.#level.rows -= queueRows(input);
    this.#wait?.end();
    this.#wait = undefined;
    return input;
  }

  /** Whether anybody still waits for it. */
  get isWanted(): boolean {
    return this.#input !== undefined;
  }

  /** Ends the wait with a result, or with an error. */
  settle(result: Result | Error): void {
    if (result instanceof Error) this.#reject(result);
    else this.#resolve(result);
  }

  /** Gives up the place, and the memory of the input, before a batch is dispatched. */
  cancel(): void {
    this.take();
    this.settle(new ServiceError('DEADLINE_EXCEEDED', 'The caller went away before the run.'));
  }
}
