import { ServiceError } from '../errors.ts';

/** How large the structure of a JSON body may be. */
export interface JsonLimits {
  /** Deepest nesting of objects and lists. */
  readonly maxJsonDepth: number;
  /** Most different keys. */
  readonly maxJsonKeys: number;
  /** Most objects and lists. */
  readonly maxJsonObjects: number;
  /** Most values, those in lists and those under keys. */
  readonly maxJsonValues: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_LIST = 0x5d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

const LETTER_N = 0x4e;
const LETTER_I = 0x49;

/** Names of numbers that JSON does not have; Python and RapidJSON write them without quotes. */
const NOT_FINITE = ['NaN', 'Infinity', '-Infinity'].map((name) => [...Buffer.from(name)]);

/** Digits of a whole number from which on a double may not hold it exactly. */
const LONG_DIGITS = 16;

/** Bytes of a string that are looked at one by one; the end of a longer one is searched for. */
const NEAR = 256;

/** Prime of FNV-1a, of 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
const FNV_PRIME = 0x01000193;

/**
 * Counts hashes that are different. It is emptied by counting up a stamp: to clear a table for each
 * small body would cost more than to scan it.
 */
class HashCounter {
  readonly #max: number;
  readonly #hashes: Int32Array;
  readonly #stamps: Uint32Array;
  readonly #mask: number;
  #stamp = 0;
  #count = 0;

  /** @param max how many are counted at most */
  constructor(max: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * (max + 2)));
    this.#max = max;
    this.#hashes = new Int32Array(size);
    this.#stamps = new Uint32Array(size);
    this.#mask = size - 1;
  }

  clear(): void {
    this.#stamp = (this.#stamp + 1) >>> 0;
    if (this.#stamp === 0) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
    this.#count = 0;
  }

  /** @returns whether more than the maximum were different */
  add(hash: number): boolean {
    let at = hash & this.#mask;
    while (this.#stamps[at] === this.#stamp) {
      if (this.#hashes[at] === hash) return false;
      at = (at + 1) & this.#mask;
    }
    this.#stamps[at] = this.#stamp;
    this.#hashes[at] = hash;
    return ++this.#count > this.#max;
  }
}

/** Whatever it is. */
export const UNLIMITED_JSON: JsonLimits = {
  maxJsonDepth: Infinity,
  maxJsonKeys: Infinity,
  maxJsonObjects: Infinity,
  maxJsonValues: Infinity,
};

/** What {@link JsonScanner.scan} found. */
export interface JsonScan {
  /**
   * Where words begin and end, in turns, that `JSON.parse` does not read as they are meant: whole
   * numbers of 16 digits and more, which a double may not hold exactly, and the bare names `NaN`,
   * `Infinity` and `-Infinity`.
   */
  readonly words: ArrayLike<number>;
}

const NO_WORDS = new Uint32Array(0);

/** Begins and ends of words. A million of them took 160 ms as an array that grows, and takes 5 as this. */
class WordList {
  #places: Uint32Array = NO_WORDS;
  #count = 0;

  get list(): Uint32Array {
    return this.#count === 0 ? NO_WORDS : this.#places.subarray(0, this.#count);
  }

  add(begin: number, end: number): void {
    if (this.#count === this.#places.length) {
      const larger = new Uint32Array(Math.max(64, 2 * this.#count));
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#count] = begin;
    this.#places[this.#count + 1] = end;
    this.#count += 2;
  }
}

/**
 * Holds JSON against its limits in one pass over its bytes, before anything is made of them. It
 * checks no syntax: what is not JSON is refused by the parser.
 */
export class JsonScanner {
  readonly #limits: JsonLimits;
  /** `undefined` where any number of keys is allowed. */
  readonly #keys: HashCounter | undefined;
  /** Nobody outside can find keys of one hash without it. */
  readonly #seed = (Math.random() * 2 ** 32) | 0;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
    const { maxJsonKeys } = limits;
    this.#keys = maxJsonKeys === Infinity ? undefined : new HashCounter(maxJsonKeys);
  }

  /** @throws {ServiceError} `JSON_TOO_COMPLEX` */
  scan(bytes: Uint8Array): JsonScan {
    const { maxJsonDepth, maxJsonKeys, maxJsonObjects, maxJsonValues } = this.#limits;
    const { length } = bytes;
    const words = new WordList();
    const keys = this.#keys;
    keys?.clear();
    let depth = 0;
    let objects = 0;
    let values = 1;
    let hash = 0;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        hash = this.#seed;
        const near = Math.min(length, at + NEAR);
        for (at++; at < near; at++) {
          const inner = bytes[at] ?? 0;
          if (inner === QUOTE) break;
          hash = Math.imul(hash ^ inner, FNV_PRIME);
          if (inner === BACKSLASH) at++;
        }
        if (at >= near) at = endOfString(bytes, at);
      } else if (byte === COMMA) {
        if (++values > maxJsonValues)
          throw tooComplex('values', 'MAX_JSON_VALUES', { maxJsonValues });
      } else if (byte === COLON) {
        if (keys?.add(hash)) throw tooComplex('different keys', 'MAX_JSON_KEYS', { maxJsonKeys });
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (++depth > maxJsonDepth) throw tooDeep(maxJsonDepth);
        if (++objects > maxJsonObjects) {
          throw tooComplex('objects and lists', 'MAX_JSON_OBJECTS', { maxJsonObjects });
        }
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth--;
      } else if (byte === LETTER_N || byte === LETTER_I || isMinusInfinity(bytes, at)) {
        const end = endOfName(bytes, at);
        if (end > at) words.add(at, end);
        at = Math.max(at, end - 1);
      } else if (isDigit(byte) || byte === MINUS) {
        const end = endOfDigits(bytes, at + 1);
        if (end - at < LONG_DIGITS || !isWhole(bytes[end])) at = endOfNumber(bytes, end) - 1;
        else {
          words.add(at, end);
          at = end - 1;
        }
      }
    }
    return { words: words.list };
  }
}

/** @param from a byte within the string @returns where its closing quote stands, or the length */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let before = at - 1;
    while (before >= from && bytes[before] === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return bytes.length;
}

function isMinusInfinity(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MINUS && bytes[at + 1] === LETTER_I;
}

/** @returns where a name of {@link NOT_FINITE} ends; `at` where there is none */
function endOfName(bytes: Uint8Array, at: number): number {
  const name = NOT_FINITE.find((each) => each.every((byte, i) => bytes[at + i] === byte));
  return at + (name?.length ?? 0);
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] ?? 0)) at++;
  return at;
}

/** The end of a number with fraction or exponent: its digits are no whole numbers of their own. */
function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isNumeric(bytes[at] ?? 0)) at++;
  return at;
}

/** Whether what follows its digits makes a number whole: no fraction, no exponent. */
function isWhole(next: number | undefined): boolean {
  return next === undefined || !isNumeric(next);
}

function isNumeric(byte: number): boolean {
  return (
    isDigit(byte) ||
    byte === POINT ||
    byte === MINUS ||
    byte === 0x2b || // +
    byte === 0x65 || // e
    byte === 0x45 // E
  );
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9;
}

function tooDeep(maxJsonDepth: number): ServiceError {
  const message = `The JSON of the body nests objects and lists deeper than ${maxJsonDepth} levels.`;
  return new ServiceError('JSON_TOO_COMPLEX', message, {
    details: { maxJsonDepth },
    limit: 'MAX_JSON_DEPTH',
  });
}

function tooComplex(
  what: string,
  limit: string,
  details: Readonly<Record<string, number>>,
): ServiceError {
  const [most] = Object.values(details);
  const message = `The JSON of the body has more than ${String(most)} ${what}; send less at a time.`;
  return new ServiceError('JSON_TOO_COMPLEX', message, { details, limit });
}
