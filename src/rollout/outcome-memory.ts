import { randomFillSync } from 'node:crypto';
import { SIX_DIGITS, sixHexDigits } from '../hex-digits.ts';
import type { Answer } from './agreement.ts';

/** Options of {@link OutcomeMemory}. */
export interface OutcomeMemoryOptions {
  /** Most predictions that are remembered, at most {@link SIX_DIGITS}. @default 100000 */
  readonly maxEntries?: number;
  /** How long they are, in milliseconds. @default 86400000 (24 hours) */
  readonly maxAgeMs?: number;
  /** Tells the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** A prediction that is remembered. */
export interface RememberedAnswer<S> {
  /** What made the answer. */
  readonly source: S;
  readonly answer: Answer;
  /** Marks its outcome as reported. @returns whether it was the first report */
  report(): boolean;
}

/** Random bytes of an id: all its digits but the place, the version and the variant. */
const RANDOM_BYTES = 12;

/** The same in words of 32 bits. */
const WORDS = RANDOM_BYTES / 4;

const ID = /^([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-a([\da-f]{3})-([\da-f]{6})([\da-f]{6})$/;

/**
 * The last predictions whose id a client has read, so that an outcome can be held against them. It
 * makes the ids itself: UUIDs (version 4) that end with the place of their entry in a ring. An entry
 * is some numbers and two references in arrays that are there already: a Map, or an object for each,
 * would be memory that survives its request, which took 7 % of the time of a cached prediction.
 */
export class OutcomeMemory<S> {
  readonly #random = Buffer.alloc(RANDOM_BYTES * 512);
  #used = this.#random.length;
  /** The random part of each id. */
  readonly #words: Uint32Array;
  readonly #times: Float64Array;
  readonly #reported: Uint8Array;
  readonly #sources: S[] = [];
  readonly #answers: Answer[] = [];
  readonly #maxEntries: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #next = 0;

  constructor(options: OutcomeMemoryOptions = {}) {
    this.#maxEntries = Math.min(options.maxEntries ?? 100_000, SIX_DIGITS);
    this.#maxAgeMs = options.maxAgeMs ?? 86_400_000;
    this.#now = options.now ?? Date.now;
    this.#words = new Uint32Array(this.#maxEntries * WORDS);
    this.#times = new Float64Array(this.#maxEntries);
    this.#reported = new Uint8Array(this.#maxEntries);
  }

  /** Keeps an answer in the place of the oldest, and makes the id by which it is found. */
  remember(source: S, answer: Answer): string {
    const place = this.#next;
    this.#next = place + 1 === this.#maxEntries ? 0 : place + 1;
    this.#sources[place] = source;
    this.#answers[place] = answer;
    this.#times[place] = this.#now();
    this.#reported[place] = 0;
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += RANDOM_BYTES;
    for (let word = 0; word < WORDS; word++) {
      this.#words[place * WORDS + word] = this.#random.readUInt32BE(from + word * 4);
    }
    return toId(this.#random.toString('hex', from, this.#used), place);
  }

  /** The answer of an id, unless it is too old or its place was taken by another. */
  get(id: string): RememberedAnswer<S> | undefined {
    const parts = ID.exec(id)?.slice(1);
    if (!parts) return undefined;
    const place = Number.parseInt(parts.pop() ?? '', 16);
    const random = Buffer.from(parts.join(''), 'hex');
    for (let word = 0; word < WORDS; word++) {
      if (this.#words[place * WORDS + word] !== random.readUInt32BE(word * 4)) return undefined;
    }
    const [source, answer, at] = [this.#sources[place], this.#answers[place], this.#times[place]];
    if (source === undefined || answer === undefined || at === undefined) return undefined;
    if (this.#now() - at > this.#maxAgeMs) return undefined;
    return {
      source,
      answer,
      report: () => {
        const isFirst = this.#reported[place] === 0;
        this.#reported[place] = 1;
        return isFirst;
      },
    };
  }
}

function toId(hex: string, place: number): string {
  const tail = hex.slice(18) + sixHexDigits(place);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${tail}`;
}
