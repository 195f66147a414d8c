/** An inclusive range of n-gram lengths, `[shortest, longest]`; `[0, 0]` turns the kind off. */
export type NgramRange = readonly [min: number, max: number];

/** How a text becomes a bag of n-gram buckets. Training and serving must use equal options. */
export interface HashedNgramsOptions {
  /**
   * Rows of the embedding table. Bucket 0 means "nothing here" and is used only for a text without
   * any n-gram; all n-grams are spread over `1..buckets - 1`.
   */
  buckets: number;
  /**
   * Lengths of the runs of neighbouring words, in words.
   *
   * @default [1, 2]
   */
  wordNgrams?: NgramRange;
  /**
   * The most words that may lie between the two words of a skip-gram ("money … back"); 0 for none.
   *
   * @default 0
   */
  wordSkips?: number;
  /**
   * Lengths of the runs of neighbouring characters, in UTF-16 units. A blank, which also stands at
   * both ends of the text, marks where words begin and end.
   *
   * @default [3, 5]
   */
  charNgrams?: NgramRange;
  /**
   * `word` keeps a run of characters inside one word and the blanks around it, `text` lets it cross
   * from one word into the next.
   *
   * @default 'text'
   */
  charScope?: 'word' | 'text';
  /**
   * Start value of the hash: another one makes other n-grams share a bucket.
   *
   * @default 0
   */
  seed?: number;
  /**
   * The most n-grams that one text yields, a bound on the work that a hostile text can cause. Word
   * n-grams come first, so it is a long text's last characters that are lost.
   *
   * @default 16384
   */
  maxNgrams?: number;
}

const BLANK = 32;
const FNV_PRIME = 0x01000193;
/** Start values that keep apart what looks alike: the word "a", the characters "a", a skip-gram. */
const WORD_SALT = 0x811c9dc5;
const RUN_SALT = 0x2545f491;
const SKIP_SALT = 0x5bd1e995;
const CHAR_SALT = 0x1b873593;

const encoder = new TextEncoder();

/**
 * What normalisation does with each ASCII character: 0 parts words, 1 is dropped (so that "can't"
 * and "cant" are one word), anything else is the code that is kept.
 */
const ASCII = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[0-9a-z$%&+]/.test(char)) ASCII[code] = code;
  else if (/[A-Z]/.test(char)) ASCII[code] = code + 32;
  else if (char === "'" || char === '`') ASCII[code] = 1;
}

/**
 * Turns a text into the buckets of its word and character n-grams: the "hashing trick", which needs
 * no vocabulary file and gives every text, in any script, some features. Pure and deterministic;
 * time and memory grow linearly with the text. One instance may be shared, but only within a thread.
 */
export class HashedNgrams {
  readonly #buckets: number;
  readonly #words: NgramRange;
  readonly #skips: number;
  readonly #chars: NgramRange;
  readonly #crossWords: boolean;
  readonly #seed: number;
  readonly #max: number;
  /** Scratch memory, kept from call to call so that encoding allocates nothing but its answer. */
  readonly #out: Int32Array;
  #bytes = Buffer.allocUnsafeSlow(512);
  #codes = new Uint16Array(512);
  #wordHashes = new Int32Array(128);

  constructor(options: HashedNgramsOptions) {
    this.#buckets = whole('buckets', options.buckets, 2, 0x7fffffff);
    this.#words = range('wordNgrams', options.wordNgrams ?? [1, 2]);
    this.#skips = whole('wordSkips', options.wordSkips ?? 0, 0, 16);
    this.#chars = range('charNgrams', options.charNgrams ?? [3, 5]);
    this.#crossWords = (options.charScope ?? 'text') === 'text';
    this.#seed = whole('seed', options.seed ?? 0, 0, 0xffffffff) | 0;
    this.#max = whole('maxNgrams', options.maxNgrams ?? 16_384, 1, 1 << 24);
    this.#out = new Int32Array(this.#max);
  }

  /**
   * What is left of a text once its way of writing is set aside: lower case, Unicode's compatible
   * forms folded together (NFKC), no apostrophes, one blank wherever punctuation, control characters
   * or white space stood between words. Idempotent.
   */
  normalise(text: string): string {
    const bytes = this.#asciiOf(text);
    if (bytes) return bytes.toString('latin1', 0, normaliseCodes(bytes, text.length));
    const plain = foldUnicode(text);
    const codes = this.#reserveCodes(plain.length);
    for (let i = 0; i < plain.length; i++) codes[i] = plain.charCodeAt(i);
    const normalLength = normaliseCodes(codes, plain.length);
    return Buffer.from(codes.buffer, codes.byteOffset, normalLength * 2).toString('utf16le');
  }

  /**
   * The buckets of a normalised text's n-grams, in order, with repeats; never empty. The answer is
   * the caller's to keep.
   */
  encode(normalised: string): Int32Array {
    const length = normalised.length;
    // A blank before and after the text marks the edges of the first and the last word.
    const codes = this.#reserveCodes(length + 2);
    codes[0] = BLANK;
    const bytes = this.#asciiOf(normalised);
    if (bytes) codes.set(bytes.subarray(0, length), 1);
    else for (let i = 0; i < length; i++) codes[i + 1] = normalised.charCodeAt(i);
    codes[length + 1] = BLANK;

    let count = 0;
    if (length > 0) {
      count = this.#encodeWords(codes, length + 2);
      if (this.#chars[1] > 0) count = this.#encodeChars(codes, length + 2, count);
    }
    if (count === 0) return new Int32Array(1);
    return this.#out.slice(0, count);
  }

  #encodeWords(codes: Uint16Array, length: number): number {
    const hashes = this.#hashWords(codes, length);
    const words = hashes.length;
    const [min, max] = this.#words;
    const seed = this.#seed;
    let count = 0;
    for (let start = 0; start < words; start++) {
      let hash = RUN_SALT ^ seed;
      for (let size = 1; size <= max && start + size <= words; size++) {
        hash = Math.imul(hash ^ (hashes[start + size - 1] ?? 0), FNV_PRIME);
        hash ^= hash >>> 15;
        if (size >= min) count = this.#emit(hash, count);
      }
      const first = Math.imul((hashes[start] ?? 0) ^ SKIP_SALT ^ seed, FNV_PRIME);
      for (let gap = 1; gap <= this.#skips && start + gap + 1 < words; gap++) {
        // The gap's width is left out: "money I want back" and "money back" share a feature.
        count = this.#emit(Math.imul(first ^ (hashes[start + gap + 1] ?? 0), FNV_PRIME), count);
      }
    }
    return count;
  }

  /** One hash per word, in a view of the scratch memory. */
  #hashWords(codes: Uint16Array, length: number): Int32Array {
    if (this.#wordHashes.length < length) this.#wordHashes = new Int32Array(length * 2);
    const hashes = this.#wordHashes;
    let words = 0;
    let hash = WORD_SALT;
    let inWord = false;
    for (let i = 0; i < length; i++) {
      const code = codes[i] ?? BLANK;
      if (code !== BLANK) {
        hash = Math.imul(hash ^ code, FNV_PRIME);
        inWord = true;
      } else if (inWord) {
        hashes[words++] = hash;
        hash = WORD_SALT;
        inWord = false;
      }
    }
    return hashes.subarray(0, words);
  }

  #encodeChars(codes: Uint16Array, length: number, from: number): number {
    const [min, max] = this.#chars;
    const crossWords = this.#crossWords;
    const initial = CHAR_SALT ^ this.#seed;
    let count = from;
    for (let start = 0; start + min <= length; start++) {
      const end = Math.min(start + max, length);
      let hash = initial;
      for (let i = start; i < end; i++) {
        const code = codes[i] ?? BLANK;
        hash = Math.imul(hash ^ code, FNV_PRIME);
        if (i - start + 1 >= min) count = this.#emit(hash, count);
        if (!crossWords && code === BLANK && i > start) break;
      }
    }
    return count;
  }

  #emit(hash: number, count: number): number {
    if (count >= this.#max) return count;
    // FNV's high bits change little over short strings; murmur's finaliser spreads them.
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
    // A multiplication maps the hash onto the range without the cost of a division.
    this.#out[count] = 1 + Math.floor(((mixed >>> 0) * (this.#buckets - 1)) / 0x1_0000_0000);
    return count + 1;
  }

  /**
   * The characters of a text in scratch memory, or `undefined` where it is not pure ASCII. Asking a
   * string for one character after the other is slow where many kinds of strings have passed by.
   */
  #asciiOf(text: string): Buffer | undefined {
    const { length } = text;
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length * 2);
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    return read === length && written === length ? this.#bytes : undefined;
  }

  #reserveCodes(length: number): Uint16Array {
    if (this.#codes.length < length) this.#codes = new Uint16Array(length * 2);
    return this.#codes;
  }
}

/** The slow path of normalisation, for texts that are not pure ASCII. */
function foldUnicode(text: string): string {
  return (
    text
      // A lone half of a surrogate pair is no character.
      .replace(/\p{Surrogate}/gu, ' ')
      .normalize('NFKC')
      .toLowerCase()
      // Lower-casing can leave a sequence that has a composed form.
      .normalize('NFKC')
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      // Symbols (emoji, currencies) carry meaning; punctuation and invisible characters do not.
      .replace(/[^\0-\x7f\p{L}\p{M}\p{N}\p{S}]/gu, ' ')
  );
}

/** Normalises characters in their place, which is never shorter. @returns how many are left */
function normaliseCodes(codes: Uint8Array | Uint16Array, length: number): number {
  let end = 0;
  let parted = false;
  for (let i = 0; i < length; i++) {
    const raw = codes[i] ?? 0;
    const code = raw < 128 ? (ASCII[raw] ?? 0) : raw;
    if (code === 0) {
      parted = end > 0;
    } else if (code !== 1) {
      if (parted) codes[end++] = BLANK;
      parted = false;
      codes[end++] = code;
    }
  }
  return end;
}

function whole(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
  }
  return value;
}

function range(name: string, [min, max]: NgramRange): NgramRange {
  whole(name, min, 0, 32);
  whole(name, max, min, 32);
  if (min === 0 && max !== 0) throw new RangeError(`${name} must start at 1 or more`);
  return [min, max];
}
