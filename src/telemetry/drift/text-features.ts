import type { FeatureSpec, FeatureValue } from './features.ts';

/** What is measured of a text, in this order. */
export const TEXT_FEATURES: readonly FeatureSpec[] = [
  { name: 'text.length', source: 'input', kind: 'numeric' },
  { name: 'text.words', source: 'input', kind: 'numeric' },
  { name: 'text.unknown_words', source: 'input', kind: 'numeric' },
  { name: 'text.script', source: 'input', kind: 'categorical' },
];

/** Words of one text that are looked at; a bound on the work that a hostile text can cause. */
const MAX_WORDS = 256;

/** Characters of one text that are looked at. */
const MAX_CHARACTERS = 4096;

/** From here on a script writes words without blanks: each character counts as a word. */
const FIRST_IDEOGRAPH = 0x2e80;

/** Scripts by their first code, in ascending order; each goes on to the next. */
const SCRIPTS: readonly (readonly [from: number, name: string])[] = [
  [0x0041, 'Latin'],
  [0x0370, 'Greek'],
  [0x0400, 'Cyrillic'],
  [0x0530, 'Armenian'],
  [0x0590, 'Hebrew'],
  [0x0600, 'Arabic'],
  [0x0900, 'Indic'],
  [0x0e00, 'Thai'],
  [0x0f00, 'other'],
  [0x1100, 'Hangul'],
  [0x1200, 'other'],
  [0x1e00, 'Latin'],
  [0x1f00, 'Greek'],
  [0x2000, 'other'],
  [0x3040, 'Kana'],
  [0x3100, 'Han'],
  [0xac00, 'Hangul'],
  [0xd800, 'other'],
];

const KANA = SCRIPTS.findIndex(([, name]) => name === 'Kana');

/** Words that a text holds, as hashes, and what else is measured of it. */
export class TextReader {
  /** Hashes of the words of the text last read; only the first {@link words} count. */
  readonly hashes = new Uint32Array(MAX_WORDS);
  words = 0;
  script = 'none';
  readonly #scripts = new Uint32Array(SCRIPTS.length);

  /** Reads a text. Words are runs of letters and digits, whatever their case. */
  read(text: string): void {
    this.words = 0;
    this.#scripts.fill(0);
    const length = Math.min(text.length, MAX_CHARACTERS);
    const start = 0x811c9dc5;
    let hash = start;
    for (let i = 0; i < length && this.words < MAX_WORDS; i++) {
      const code = fold(text.charCodeAt(i));
      if (code === 0) {
        hash = this.#end(hash, start);
        continue;
      }
      if (code >= FIRST_IDEOGRAPH) {
        this.#end(hash, start);
        hash = this.#end(Math.imul(start ^ code, 0x01000193), start);
      } else hash = Math.imul(hash ^ code, 0x01000193);
      if (code > 57) this.#countScript(code);
    }
    if (this.words < MAX_WORDS) this.#end(hash, start);
    this.#nameScript();
  }

  #end(hash: number, start: number): number {
    if (hash !== start && this.words < MAX_WORDS) this.hashes[this.words++] = mix(hash);
    return start;
  }

  #countScript(code: number): void {
    let at = 0;
    // Nearly all letters are of the first scripts.
    while (at + 1 < SCRIPTS.length && code >= (SCRIPTS[at + 1]?.[0] ?? 0)) at++;
    this.#scripts[at] = (this.#scripts[at] ?? 0) + 1;
  }

  #nameScript(): void {
    let best = 0;
    for (let at = 1; at < SCRIPTS.length; at++) {
      if ((this.#scripts[at] ?? 0) > (this.#scripts[best] ?? 0)) best = at;
    }
    const isKana = (this.#scripts[KANA] ?? 0) > 0;
    this.script =
      this.#scripts[best] === 0 ? 'none' : isKana ? 'Kana' : (SCRIPTS[best]?.[1] ?? 'none');
  }
}

/** The code of a letter or digit in lower case; 0 for what parts words. */
function fold(code: number): number {
  if (code < 128) {
    if (code >= 97 && code <= 122) return code;
    if (code >= 65 && code <= 90) return code + 32;
    return code >= 48 && code <= 57 ? code : 0;
  }
  if (code < 0xc0) return 0;
  if (code <= 0xde) return code === 0xd7 ? 0 : code + 32;
  // Greek and Cyrillic capitals.
  if (code >= 0x391 && code <= 0x3a9) return code + 32;
  if (code >= 0x410 && code <= 0x42f) return code + 32;
  if (code >= 0x400 && code <= 0x40f) return code + 80;
  // Punctuation, symbols and halves of surrogate pairs.
  if (code >= 0x2000 && code < 0x2c00) return 0;
  if (code >= 0x3000 && code <= 0x303f) return 0;
  return code >= 0xd800 && code < 0xf900 ? 0 : code;
}

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** The words that a reference knows, as 32-bit hashes: no text can be read out of it. */
export class Vocabulary {
  readonly #table: Uint32Array;
  readonly #mask: number;
  readonly size: number;

  constructor(hashes: Iterable<number>) {
    const all = new Set(hashes);
    // 0 marks a free place.
    all.delete(0);
    this.size = all.size;
    let places = 64;
    while (places < all.size * 2) places *= 2;
    this.#table = new Uint32Array(places);
    this.#mask = places - 1;
    for (const hash of all) {
      let at = hash & this.#mask;
      while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
      this.#table[at] = hash;
    }
  }

  has(hash: number): boolean {
    let at = hash & this.#mask;
    for (;;) {
      const found = this.#table[at] ?? 0;
      if (found === hash) return true;
      if (found === 0) return false;
      at = (at + 1) & this.#mask;
    }
  }

  /** The hashes in ascending order, as base64 of 32-bit numbers, little-endian. */
  toBase64(): string {
    const sorted = this.#table.filter((hash) => hash !== 0).sort();
    return Buffer.from(sorted.buffer, 0, sorted.byteLength).toString('base64');
  }

  /** Reads {@link toBase64} back. */
  static fromBase64(text: string): Vocabulary {
    const bytes = Buffer.from(text, 'base64');
    const hashes: number[] = [];
    for (let at = 0; at + 4 <= bytes.length; at += 4) hashes.push(bytes.readUInt32LE(at));
    return new Vocabulary(hashes);
  }
}

/**
 * Measures a text.
 *
 * @param vocabulary without one the share of unknown words is `null`
 * @param to values of {@link TEXT_FEATURES} are written here, from place `at` on
 */
export function measureText(
  text: string,
  reader: TextReader,
  vocabulary: Pick<Vocabulary, 'has'> | null,
  to: FeatureValue[],
  at: number,
): void {
  reader.read(text);
  const { hashes, words } = reader;
  to[at] = text.length;
  to[at + 1] = words;
  let unknown = 0;
  for (let i = 0; i < words && vocabulary; i++) if (!vocabulary.has(hashes[i] ?? 0)) unknown++;
  to[at + 2] = vocabulary === null || words === 0 ? null : unknown / words;
  to[at + 3] = reader.script;
}
