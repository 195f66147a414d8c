import type { Flight } from './shared-run.ts';

/** A power of two: far more than there are flights at most times. */
const BUCKETS = 1024;

/** A flight under the key that its answer has in the cache. */
interface Entry {
  readonly key: string;
  readonly flight: Flight;
  next: Entry | undefined;
}

/**
 * Runs under way by the cache key of their answer, a digest in base64. Not a Map, whose tables each
 * point to the next: where entries come and go, one that is dead but old would keep the tensors of
 * all later ones alive until the next full collection of garbage.
 */
export class FlightTable {
  readonly #buckets = new Array<Entry | undefined>(BUCKETS).fill(undefined);
  #size = 0;

  /** Flights under way. */
  get size(): number {
    return this.#size;
  }

  get(key: string): Flight | undefined {
    let entry = this.#buckets[bucketOf(key)];
    while (entry && entry.key !== key) entry = entry.next;
    return entry?.flight;
  }

  /** Adds a flight; it takes the place of an older one of its key. */
  set(key: string, flight: Flight): void {
    this.#take(key);
    const bucket = bucketOf(key);
    this.#buckets[bucket] = { key, flight, next: this.#buckets[bucket] };
    this.#size++;
  }

  /** Removes `flight`, unless another one has taken its place. */
  delete(key: string, flight: Flight): void {
    if (this.get(key) === flight) this.#take(key);
  }

  #take(key: string): void {
    const bucket = bucketOf(key);
    let before: Entry | undefined;
    let entry = this.#buckets[bucket];
    while (entry && entry.key !== key) {
      before = entry;
      entry = entry.next;
    }
    if (!entry) return;
    if (before) before.next = entry.next;
    else this.#buckets[bucket] = entry.next;
    entry.next = undefined;
    this.#size--;
  }
}

/** The first characters of a digest are as good a hash as any. */
function bucketOf(key: string): number {
  return ((key.charCodeAt(0) << 5) ^ key.charCodeAt(1)) & (BUCKETS - 1);
}
