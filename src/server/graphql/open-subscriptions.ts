import { ServiceError } from '../../errors.ts';

/** Seconds after which a refused subscriber may try again. */
const RETRY_AFTER_SECONDS = 5;

/** An async iterator that can be ended from outside. */
export interface Endable {
  readonly return?: (value?: undefined) => unknown;
}

/** All open subscriptions of the process, over SSE and WebSocket. */
export class OpenSubscriptions {
  readonly #open = new Set<Endable>();
  readonly #max: number;
  #reserved = 0;

  /** @param max most that may be open at once */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  /**
   * Takes a place before a subscription is made.
   *
   * @returns gives the place back; calling it again does nothing
   * @throws {ServiceError} `OVERLOADED`
   */
  reserve(): () => void {
    if (this.#reserved >= this.#max) {
      throw new ServiceError('OVERLOADED', 'Too many subscriptions are open; try again later.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        limit: 'MAX_SUBSCRIPTIONS',
      });
    }
    this.#reserved++;
    let held = true;
    return () => {
      if (held) this.#reserved--;
      held = false;
    };
  }

  /** Registers an open subscription, so that {@link endAll} reaches it. */
  add(subscription: Endable): void {
    this.#open.add(subscription);
  }

  /** Forgets a subscription that has ended. */
  delete(subscription: Endable): void {
    this.#open.delete(subscription);
  }

  /** Ends every open subscription over SSE; its client is told that it is complete. */
  endAll(): void {
    for (const subscription of this.#open) void subscription.return?.();
  }
}
