import type { ServerCall } from './server-call.ts';

/** Where a call keeps its place among those that are being answered. */
const PLACE = Symbol('place');

interface TrackedCall extends ServerCall {
  [PLACE]?: Place | undefined;
}

/**
 * One call in a list of its neighbours. A Set would not do: V8's tables point from each outgrown
 * one to the next, and one that is dead but old keeps all that followed it, with the requests in
 * them, alive until the next full collection. That took 20 % of the time under load.
 */
class Place {
  readonly call: ServerCall;
  previous: Place | undefined;
  next: Place | undefined;
  /** Whether all of it is there, so that it is being answered. */
  isAnswered = false;

  constructor(call: ServerCall) {
    this.call = call;
  }
}

/** Knows which calls are being answered, so that a shutdown loses nothing that was accepted. */
export class CallTracker {
  #newest: Place | undefined;
  #size = 0;
  #answered = 0;
  readonly #waiting: (() => void)[] = [];
  #draining = false;

  /** Whether {@link startDraining} has been called. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Calls that were taken, without streams; some of them are still being received. */
  get size(): number {
    return this.#size;
  }

  /** Calls being answered, without streams and without those whose body is still to come. */
  get answered(): number {
    return this.#answered;
  }

  /** All of a call is there: it is being answered from now on. */
  answer(call: TrackedCall): void {
    const place = call[PLACE];
    if (!place || place.isAnswered) return;
    place.isAnswered = true;
    this.#answered++;
  }

  /** Counts a call until {@link remove}. */
  add(call: TrackedCall): void {
    const place = new Place(call);
    place.previous = this.#newest;
    if (this.#newest) this.#newest.next = place;
    this.#newest = place;
    this.#size++;
    call[PLACE] = place;
  }

  /** Counts a call no longer: it has ended, or is a stream that ends only when it is told to. */
  remove(call: TrackedCall): void {
    const place = call[PLACE];
    if (!place) return;
    call[PLACE] = undefined;
    const { previous, next } = place;
    if (previous) previous.next = next;
    if (next) next.previous = previous;
    else this.#newest = previous;
    // What has left the list points at nobody.
    place.previous = undefined;
    place.next = undefined;
    this.#size--;
    if (place.isAnswered) this.#answered--;
    if (this.#size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** From now on the server is shutting down. */
  startDraining(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (let place = this.#newest; place; place = place.previous) place.call.source.drain?.();
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
