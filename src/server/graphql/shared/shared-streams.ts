import type { ExecutionResult } from 'graphql';
import type { FrameReceiver } from './frame-receiver.ts';
import { type ResultStream, SharedStream } from './shared-stream.ts';
import { SharedSubscription } from './shared-subscription.ts';
import { TurnSharer } from './turn-sharer.ts';

/** What a subscription is answered with: its results, or the errors that refuse it. */
export type SubscribeResult = ResultStream | ExecutionResult;

/** How an operation is executed for all who share it. */
export interface SharedOperation {
  /** Operations with the same key have the same results. */
  readonly key: string;
  /** Executes it anew. */
  readonly execute: () => SubscribeResult | Promise<SubscribeResult>;
  /** A result as JSON, its errors as clients may see them. */
  readonly serialize: (result: ExecutionResult) => string;
}

/** All shared streams of the process, by their keys. */
export class SharedStreams {
  readonly #streams = new Map<string, SharedStream>();
  readonly #openings = new Map<string, Opening>();
  readonly #turns = new TurnSharer();
  readonly #onDefect: (defect: unknown) => void;

  /** @param onDefect called with what goes wrong while an execution is being ended */
  constructor(onDefect: (defect: unknown) => void) {
    this.#onDefect = onDefect;
  }

  /**
   * Subscribes to an operation. It is executed for everyone, so that all are refused or have their
   * first result as if they were alone, but once for all who come in one turn of the event loop.
   *
   * @returns a stream without results, which go to the receiver; or what refuses the operation
   * @throws whatever its execution throws
   */
  async subscribe(
    operation: SharedOperation,
    receiver: FrameReceiver,
  ): Promise<SharedSubscription | ExecutionResult> {
    let opening = this.#openings.get(operation.key);
    if (!opening) {
      const newcomers: SharedSubscription[] = [];
      opening = { newcomers, refusal: this.#open(operation, newcomers) };
      this.#openings.set(operation.key, opening);
    }
    const subscription = new SharedSubscription(receiver);
    opening.newcomers.push(subscription);
    return (await opening.refusal) ?? subscription;
  }

  async #open(
    operation: SharedOperation,
    newcomers: readonly SharedSubscription[],
  ): Promise<ExecutionResult | undefined> {
    const { key, serialize } = operation;
    await new Promise((resolve) => setImmediate(resolve));
    this.#openings.delete(key);
    const result = await operation.execute();
    if (!(Symbol.asyncIterator in result)) return result;
    const running = this.#streams.get(key);
    if (running) {
      running.join(result, newcomers);
      return undefined;
    }
    const stream = new SharedStream({
      turns: this.#turns,
      serialize,
      onClose: () => this.#streams.delete(key),
      onDefect: this.#onDefect,
    });
    this.#streams.set(key, stream);
    stream.start(result, newcomers);
    return undefined;
  }
}

/** Those who come in one turn of the event loop, and what refuses them, if anything does. */
interface Opening {
  readonly newcomers: SharedSubscription[];
  readonly refusal: Promise<ExecutionResult | undefined>;
}
