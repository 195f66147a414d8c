import type { ExecutionResult } from 'graphql';
import { Distribution } from './distribution.ts';
import { SharedResult } from './shared-result.ts';
import type { SharedSubscription } from './shared-subscription.ts';
import type { TurnSharer } from './turn-sharer.ts';

/** Results of one execution of a subscription. */
export type ResultStream = AsyncIterable<ExecutionResult>;

type ResultIterator = AsyncIterator<ExecutionResult>;

/** What {@link SharedStream} needs. */
export interface SharedStreamOptions {
  /** Shares the turns of the event loop with all other streams. */
  readonly turns: TurnSharer;
  /** A result as JSON, its errors as clients may see them. */
  readonly serialize: (result: ExecutionResult) => string;
  /** Called when the stream has ended or its last subscriber has left. */
  readonly onClose: () => void;
  /** Called with what goes wrong while an execution is being ended. */
  readonly onDefect: (defect: unknown) => void;
}

/** One execution of a subscription for many callers; it runs until the last of them has left. */
export class SharedStream {
  readonly #options: SharedStreamOptions;
  readonly #distribution: Distribution;
  /** Executions: the lasting one, and those of which newcomers get their first result. */
  readonly #running = new Set<ResultIterator>();
  #isClosed = false;

  constructor(options: SharedStreamOptions) {
    this.#options = options;
    this.#distribution = new Distribution(options.turns);
  }

  /** Takes in the first subscribers and hands out `results` from now on. */
  start(results: ResultStream, first: readonly SharedSubscription[]): void {
    this.#add(first);
    void this.#follow(results);
  }

  /**
   * Takes in more subscribers.
   *
   * @param greeting an execution of their own, of which they get the first result: what the stream
   *   has sent last may be as old as its interval
   */
  join(greeting: ResultStream, newcomers: readonly SharedSubscription[]): void {
    this.#add(newcomers);
    void this.#greet(greeting, newcomers);
  }

  #add(subscribers: readonly SharedSubscription[]): void {
    for (const subscriber of subscribers) {
      this.#distribution.add(subscriber);
      subscriber.onLeave = () => this.#remove(subscriber);
    }
  }

  #remove(subscriber: SharedSubscription): void {
    if (this.#distribution.remove(subscriber) && this.#distribution.size === 0) this.#close();
  }

  async #follow(results: ResultStream): Promise<void> {
    const iterator = this.#run(results);
    try {
      for (;;) {
        const next = await iterator.next();
        if (next.done) break;
        this.#distribution.start(new SharedResult(this.#options.serialize(next.value)));
      }
      for (const subscriber of this.#close()) subscriber.end();
    } catch (thrown) {
      for (const subscriber of this.#close()) subscriber.fail(thrown);
    }
  }

  async #greet(greeting: ResultStream, newcomers: readonly SharedSubscription[]): Promise<void> {
    const iterator = this.#run(greeting);
    try {
      const next = await iterator.next();
      if (next.done) {
        for (const newcomer of newcomers) newcomer.end();
      } else {
        const result = new SharedResult(this.#options.serialize(next.value));
        for (const newcomer of newcomers) newcomer.greet(result);
      }
    } catch (thrown) {
      for (const newcomer of newcomers) newcomer.fail(thrown);
    }
    this.#stop(iterator);
    for (const newcomer of newcomers) if (newcomer.hasEnded) this.#remove(newcomer);
  }

  #run(results: ResultStream): ResultIterator {
    const iterator = results[Symbol.asyncIterator]();
    this.#running.add(iterator);
    return iterator;
  }

  #stop(iterator: ResultIterator): void {
    if (!this.#running.delete(iterator)) return;
    Promise.resolve(iterator.return?.()).catch(this.#options.onDefect);
  }

  /** Ends all executions. @returns those who were still subscribed */
  #close(): SharedSubscription[] {
    const left = this.#distribution.clear();
    if (this.#isClosed) return left;
    this.#isClosed = true;
    this.#options.onClose();
    for (const iterator of this.#running) this.#stop(iterator);
    return left;
  }
}
