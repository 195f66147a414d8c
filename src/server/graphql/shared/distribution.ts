import type { SharedResult } from './shared-result.ts';
import type { SharedSubscription } from './shared-subscription.ts';
import type { Steps, TurnSharer } from './turn-sharer.ts';

/**
 * Hands results out to many subscribers, one in a step. A newer result overtakes the one that is
 * being handed out with those who have not got it yet; the others get the newer one after them.
 */
export class Distribution implements Steps {
  readonly #turns: TurnSharer;
  readonly #subscribers = new Set<SharedSubscription>();
  /** Results so far, which is the number of the newest. */
  #newest = 0;
  /** What is being handed out; `undefined` when all have it. */
  #result: SharedResult | undefined;
  /** Of the round that is under way: the newest result at its start, and who comes next. */
  #round = { result: 0, subscribers: this.#subscribers.values() };

  /** @param turns when the steps are done */
  constructor(turns: TurnSharer) {
    this.#turns = turns;
  }

  /** Subscribers now. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** Takes in a subscriber, who gets what comes from now on. */
  add(subscriber: SharedSubscription): void {
    subscriber.seen = this.#newest;
    this.#subscribers.add(subscriber);
  }

  /** Takes out a subscriber. @returns whether it was in */
  remove(subscriber: SharedSubscription): boolean {
    return this.#subscribers.delete(subscriber);
  }

  /** Takes out all subscribers and drops what they have not got. */
  clear(): SharedSubscription[] {
    const all = [...this.#subscribers];
    this.#subscribers.clear();
    return all;
  }

  /** Hands out a result. */
  start(result: SharedResult): void {
    this.#newest++;
    const isIdle = this.#result === undefined;
    this.#result = result;
    if (!isIdle) return;
    this.#startRound();
    this.#turns.add(this);
  }

  /** Sends to the next who has not got the newest result. */
  step(): boolean {
    const { done, value: subscriber } = this.#round.subscribers.next();
    if (!done) {
      if (this.#result && subscriber.seen < this.#newest) {
        subscriber.seen = this.#newest;
        subscriber.send(this.#result);
      }
      return true;
    }
    if (this.#round.result < this.#newest) {
      this.#startRound();
      return true;
    }
    this.#result = undefined;
    return false;
  }

  #startRound(): void {
    this.#round = { result: this.#newest, subscribers: this.#subscribers.values() };
  }
}
