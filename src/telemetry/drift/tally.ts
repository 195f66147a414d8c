import type { Bins } from './bins.ts';
import type { FeatureRow } from './features.ts';

/** Where the counts of each feature stand among those of a {@link Tally}. */
export interface TallyLayout {
  readonly bins: readonly Bins[];
  readonly offsets: readonly number[];
  readonly size: number;
}

/** Lays the bins of all features beside each other. */
export function layoutOf(bins: readonly Bins[]): TallyLayout {
  let size = 0;
  const offsets = bins.map((each) => {
    const offset = size;
    size += each.size;
    return offset;
  });
  return { bins, offsets, size };
}

/** Bits that tell how many different rows there were. */
const SEEN_BITS = 2048;

/** Different rows that can still be told apart from more. */
const MOST_DISTINCT = 4 * SEEN_BITS;

/** Turns a number into bits, for hashing. */
const float = new Float64Array(1);
const bits = new Uint32Array(float.buffer);

/** Counts of some predictions, by feature and bin. Tallies of one layout can be added up. */
export class Tally {
  readonly counts: Uint32Array;
  /** A bit for the hash of each row: their number tells that of different rows (linear counting). */
  readonly #seen = new Uint32Array(SEEN_BITS / 32);
  /** Predictions that were counted. */
  rows = 0;
  /** Sum of the confidence of those that have one. */
  confidence = 0;
  /** Predictions that have one. */
  confident = 0;
  readonly #layout: TallyLayout;
  readonly #least: Float64Array;
  readonly #most: Float64Array;

  constructor(layout: TallyLayout) {
    this.#layout = layout;
    this.counts = new Uint32Array(layout.size);
    this.#least = new Float64Array(layout.bins.length).fill(Infinity);
    this.#most = new Float64Array(layout.bins.length).fill(-Infinity);
  }

  /** Counts a prediction, whose values stand in the order of the bins. */
  add(row: FeatureRow, confidence: number | null): void {
    const { bins, offsets } = this.#layout;
    let hash = 0;
    this.rows++;
    if (confidence !== null) {
      this.confidence += confidence;
      this.confident++;
    }
    for (let i = 0; i < bins.length; i++) {
      const value = row[i];
      const own = bins[i];
      const offset = offsets[i] ?? 0;
      if (!own || value === undefined) continue;
      if (typeof value === 'object') {
        if (value === null) hash = mix(hash, this.#count(offset + own.missing));
        else for (const each of value) hash = mix(hash, this.#count(offset + own.place(each)));
        continue;
      }
      const place = this.#count(offset + own.place(value));
      if (typeof value !== 'number') {
        hash = mix(hash, place);
        continue;
      }
      float[0] = value;
      hash = mix(mix(hash, bits[0] ?? 0), bits[1] ?? 0);
      if (value < (this.#least[i] ?? 0)) this.#least[i] = value;
      if (value > (this.#most[i] ?? 0)) this.#most[i] = value;
    }
    const bit = (hash ^ (hash >>> 15)) & (SEEN_BITS - 1);
    this.#seen[bit >>> 5] = (this.#seen[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /**
   * As how many independent values the rows count: what is asked again and again says less of how
   * inputs are spread than as many different ones. Rows that come from a pool are a sample of a
   * sample, and scatter as both together.
   */
  get independent(): number {
    return this.rows === 0 ? 0 : 1 / (1 / this.rows + 1 / this.#distinct);
  }

  /** About how many different rows there were. */
  get #distinct(): number {
    let zeros = SEEN_BITS;
    for (const word of this.#seen) zeros -= onesIn(word);
    const estimate = zeros === 0 ? MOST_DISTINCT : SEEN_BITS * Math.log(SEEN_BITS / zeros);
    return Math.min(this.rows, Math.round(estimate));
  }

  /** Adds what another of the same layout has counted. */
  merge(other: Tally): void {
    this.rows += other.rows;
    this.confidence += other.confidence;
    this.confident += other.confident;
    for (let i = 0; i < this.counts.length; i++) {
      this.counts[i] = (this.counts[i] ?? 0) + (other.counts[i] ?? 0);
    }
    for (let i = 0; i < this.#seen.length; i++) {
      this.#seen[i] = (this.#seen[i] ?? 0) | (other.#seen[i] ?? 0);
    }
    for (let i = 0; i < this.#least.length; i++) {
      this.#least[i] = Math.min(this.#least[i] ?? 0, other.#least[i] ?? 0);
      this.#most[i] = Math.max(this.#most[i] ?? 0, other.#most[i] ?? 0);
    }
  }

  /** Counts of one feature, in the places of its bins. */
  of(feature: number): Uint32Array {
    const offset = this.#layout.offsets[feature] ?? 0;
    return this.counts.subarray(offset, offset + (this.#layout.bins[feature]?.size ?? 0));
  }

  /** Smallest and largest number of a feature; `null` where there was none. */
  rangeOf(feature: number): { readonly min: number; readonly max: number } | null {
    const [min = 0, max = 0] = [this.#least[feature], this.#most[feature]];
    return min <= max ? { min, max } : null;
  }

  clear(): void {
    this.rows = 0;
    this.confidence = 0;
    this.confident = 0;
    this.counts.fill(0);
    this.#seen.fill(0);
    this.#least.fill(Infinity);
    this.#most.fill(-Infinity);
  }

  /** The compact form that replicas show each other. */
  toJson(): TallyJson {
    const { rows, confidence, confident } = this;
    return {
      totals: [rows, confidence, confident],
      counts: toBase64(this.counts),
      seen: toBase64(this.#seen),
      // JSON has no infinities, which mark that there was no number.
      least: Array.from(this.#least, finiteOrNull),
      most: Array.from(this.#most, finiteOrNull),
    };
  }

  /** Reads {@link toJson} back; `undefined` where it is of another layout. */
  static fromJson(layout: TallyLayout, json: TallyJson): Tally | undefined {
    const [bytes, seen] = [json.counts, json.seen].map((text) => Buffer.from(text, 'base64'));
    const tally = new Tally(layout);
    const { length } = layout.bins;
    if (bytes?.length !== tally.counts.byteLength) return undefined;
    if (seen?.length !== tally.#seen.byteLength) return undefined;
    if (json.least.length !== length || json.most.length !== length) return undefined;
    [tally.rows = 0, tally.confidence = 0, tally.confident = 0] = json.totals;
    for (let i = 0; i < tally.counts.length; i++) tally.counts[i] = bytes.readUInt32LE(i * 4);
    for (let i = 0; i < tally.#seen.length; i++) tally.#seen[i] = seen.readUInt32LE(i * 4);
    for (let i = 0; i < length; i++) {
      tally.#least[i] = json.least[i] ?? Infinity;
      tally.#most[i] = json.most[i] ?? -Infinity;
    }
    return tally;
  }

  #count(place: number): number {
    this.counts[place] = (this.counts[place] ?? 0) + 1;
    return place;
  }
}

/** Number of bits that are set in a word of 32, added up in pairs, fours and bytes. */
function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A {@link Tally} as JSON. */
export interface TallyJson {
  readonly totals: readonly number[];
  /** 32-bit counts, little-endian, as base64. */
  readonly counts: string;
  /** Bits of the rows that were seen, as the counts. */
  readonly seen: string;
  readonly least: readonly (number | null)[];
  readonly most: readonly (number | null)[];
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 16);
}

const toBase64 = ({ buffer, byteLength }: Uint32Array): string =>
  Buffer.from(buffer, 0, byteLength).toString('base64');
