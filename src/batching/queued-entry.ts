import type { EncodedInput } from '../codecs/codec.ts';
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
  /** Span of the prediction, where it is sampled. */
  readonly span?: Span | undefined;
}

/** Rows that wait for a worker. */
export interface QueueLevel {
  rows: number;
}

/** An entry in the queue: leaves it with a batch, or when the last of its callers goes. */
export class QueuedEntry {
  readonly outputs: readonly string[];
  readonly waiters: Waiters;
  readonly enqueuedAt = performance.now();
  /** Span of the prediction, where it is sampled. */
  readonly span: Span | undefined;
  readonly #wait: Span | undefined;
  #input: EncodedInput | undefined;
  readonly #level: QueueLevel;

  constructor({ input, outputs, waiters, span }: BatchEntry, level: QueueLevel) {
    this.outputs = outputs;
    this.waiters = waiters;
    this.#input = input;
    this.#level = level;
    level.rows += input.rows;
    waiters.slot = this;
    this.span = span;
    this.#wait = span?.start('queue', {
      startedAt: this.enqueuedAt,
      attributes: { 'ml_inference.queue.rows': level.rows },
    });
  }

  /** Takes the input out of the queue; `undefined` where it was cancelled. */
  take(): EncodedInput | undefined {
    const input = this.#input;
    this.#input = undefined;
    if (input) this.#level.rows -= input.rows;
    this.#wait?.end();
    return input;
  }

  /** Gives up the place, and the memory of the input, before a batch is dispatched. */
  cancel(): void {
    this.take();
  }
}
