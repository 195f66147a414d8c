import { randomUUID } from 'node:crypto';

/** Options of {@link OutcomeMemory}. */
export interface OutcomeMemoryOptions {
  /** Most predictions that are remembered, at most {@link MAX_PLACES}. @default 100000 */
  readonly maxEntries?: number;
  /** How long they are, in milliseconds. @default 86400000 (24 hours) */
  readonly maxAgeMs?: number;
  /** Tells the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Digits of an id that tell its place; the other 102 random bits of the UUID stay. */
const PLACE_DIGITS = 5;

/** Places that {@link PLACE_DIGITS} can tell apart. */
export const MAX_PLACES = 16 ** PLACE_DIGITS;

/**
 * The last predictions whose id a client has read, so that an outcome can be held against them. It
 * makes the ids itself: a random UUID that ends with the place of its entry in a ring. Remembering
 * is a few writes, without the hashing of a Map, its memory for each entry, and the holes that
 * deleting the oldest leaves at its front (which cost more than a cached prediction does).
 */
export class OutcomeMemory<T> {
  readonly #ids: string[] = [];
  readonly #values: T[] = [];
  readonly #times: number[] = [];
  readonly #maxEntries: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #next = 0;

  constructor(options: OutcomeMemoryOptions = {}) {
    this.#maxEntries = Math.min(options.maxEntries ?? 100_000, MAX_PLACES);
    this.#maxAgeMs = options.maxAgeMs ?? 86_400_000;
    this.#now = options.now ?? Date.now;
  }

  /** Keeps `value` in the place of the oldest, and makes the id by which it is found. */
  remember(value: T): string {
    const place = this.#next;
    this.#next = place + 1 === this.#maxEntries ? 0 : place + 1;
    const id = randomUUID().slice(0, -PLACE_DIGITS) + (MAX_PLACES + place).toString(16).slice(1);
    this.#ids[place] = id;
    this.#values[place] = value;
    this.#times[place] = this.#now();
    return id;
  }

  /** The value of an id, unless it is too old or its place was taken by another. */
  get(id: string): T | undefined {
    const place = Number.parseInt(id.slice(-PLACE_DIGITS), 16);
    if (this.#ids[place] !== id) return undefined;
    const at = this.#times[place] ?? -Infinity;
    return this.#now() - at <= this.#maxAgeMs ? this.#values[place] : undefined;
  }
}
