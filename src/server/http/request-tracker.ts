import type { ServerResponse } from 'node:http';

/** Where a response keeps its place among those that are being answered. */
const PLACE = Symbol('place');

interface TrackedResponse extends ServerResponse {
  [PLACE]?: Place | undefined;
}

/**
 * One response in a list of its neighbours. A Set would not do: V8's tables point from each outgrown
 * one to the next, and one that is dead but old keeps all that followed it, with the requests in
 * them, alive until the next full collection. That took 20 % of the time under load.
 */
class Place {
  readonly res: ServerResponse;
  previous: Place | undefined;
  next: Place | undefined;

  constructor(res: ServerResponse) {
    this.res = res;
  }
}

/** Knows what is being answered, so that a shutdown loses nothing that was accepted. */
export class RequestTracker {
  #newest: Place | undefined;
  #responses = 0;
  #operations = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #onClosed: () => void;
  #draining = false;

  /** @param onClosed called after each response of the time of draining, streams too */
  constructor(onClosed: () => void = () => undefined) {
    this.#onClosed = onClosed;
  }

  /** Whether {@link startDraining} has been called. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Requests and operations being answered, without streams. */
  get size(): number {
    return this.#responses + this.#operations;
  }

  /** Counts a response until its connection is done with it. */
  add(res: TrackedResponse): void {
    const place = new Place(res);
    place.previous = this.#newest;
    if (this.#newest) this.#newest.next = place;
    this.#newest = place;
    this.#responses++;
    res[PLACE] = place;
    res.on('close', () => {
      this.exempt(res);
      if (this.#draining) this.#onClosed();
    });
  }

  /** Counts a response no longer: it is a stream that ends only when it is told to. */
  exempt(res: TrackedResponse): void {
    const place = res[PLACE];
    if (!place) return;
    res[PLACE] = undefined;
    const { previous, next } = place;
    if (previous) previous.next = next;
    if (next) next.previous = previous;
    else this.#newest = previous;
    // What has left the list points at nobody.
    place.previous = undefined;
    place.next = undefined;
    this.#responses--;
    this.#check();
  }

  /** Counts an operation that has no HTTP response (one over WebSocket) until it settles. */
  async track<T>(operation: T | Promise<T>): Promise<T> {
    this.#operations++;
    try {
      return await operation;
    } finally {
      this.#operations--;
      this.#check();
    }
  }

  /** Makes each connection close after the answer that it is waiting for. */
  startDraining(): void {
    this.#draining = true;
    for (let place = this.#newest; place; place = place.previous) {
      if (!place.res.headersSent) place.res.setHeader('Connection', 'close');
    }
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #check(): void {
    if (this.size > 0 || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
