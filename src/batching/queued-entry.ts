import type { EncodedInput } from '../codecs/codec.ts';

/** Those that wait for an entry; asked right before its batch leaves. */
export interface Waiters {
  /** Time at which the answer is of no use any more, in `performance.now()` terms. */
  readonly deadline: number;
  /** Whether every caller has gone. */
  readonly abandoned: boolean;
  /** Set by the batcher: to be called when the last caller has gone, so that the place is free. */
  ticket?: { abandon(): void } | undefined;
}

/** One input on its way through a batch. */
export interface BatchEntry {
  readonly input: EncodedInput;
  /** Outputs that this caller wants. */
  readonly outputs: readonly string[];
  readonly flight: Waiters;
}

/** Rows that wait for a worker. */
export interface QueueLevel {
  rows: number;
}

/** An entry in the queue: leaves it with a batch, or when the last of its callers goes. */
export class Queued {
  readonly outputs: readonly string[];
  readonly flight: Waiters;
  readonly enqueuedAt = performance.now();
  #input: EncodedInput | undefined;
  readonly #level: QueueLevel;

  constructor({ input, outputs, flight }: BatchEntry, level: QueueLevel) {
    this.outputs = outputs;
    this.flight = flight;
    this.#input = input;
    this.#level = level;
    level.rows += input.rows;
    flight.ticket = this;
  }

  /** Takes the input out of the queue; `undefined` where it has been abandoned. */
  take(): EncodedInput | undefined {
    const input = this.#input;
    this.#input = undefined;
    if (input) this.#level.rows -= input.rows;
    return input;
  }

  /** Gives up the place, and the memory of the input, before a batch leaves. */
  abandon(): void {
    this.take();
  }
}
