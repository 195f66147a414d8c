import { threeDecimals } from '../durations.ts';
import type { LatencyFigures } from '../services/metrics-snapshot.ts';

/**
 * A histogram of durations with a bounded relative error: bucket `i` holds the values of
 * `(MIN·γ^(i-1), MIN·γ^i]`, so that any percentile is off by at most {@link RELATIVE_ERROR}, on a
 * microsecond as on a minute. Two histograms add up bucket by bucket, which makes percentiles of
 * many replicas exact to the same error.
 *
 * @see Masson, Rim, Lee: DDSketch, PVLDB 12(12), 2019
 */

/** Relative error of a percentile. */
export const RELATIVE_ERROR = 0.02;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** One microsecond; what is shorter counts as this. In milliseconds. */
const MIN_MS = 0.001;
/** One day; what is longer counts as this. In milliseconds. */
const MAX_MS = 86_400_000;
const BUCKETS = Math.ceil(Math.log(MAX_MS / MIN_MS) / LOG_GAMMA) + 1;

const FORMAT = 1;
const HEADER_BYTES = 1 + 3 * 8;

/** Counts durations in milliseconds; recording allocates nothing. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  /** Durations recorded. */
  get count(): number {
    return this.#count;
  }

  /** Sum of all durations, in milliseconds. */
  get sumMs(): number {
    return this.#sum;
  }

  /** Mean in milliseconds; `null` when empty. */
  get avgMs(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }

  /** Mean and percentiles in milliseconds, as clients are told them; `null` when empty. */
  figures(): LatencyFigures {
    const told = (ms: number | null): number | null => (ms === null ? null : threeDecimals(ms));
    return {
      avgMs: told(this.avgMs),
      p50Ms: told(this.percentile(0.5)),
      p95Ms: told(this.percentile(0.95)),
      p99Ms: told(this.percentile(0.99)),
    };
  }

  /** Counts one duration in milliseconds; a clock that ran backwards counts as 0. */
  record(ms: number): void {
    const value = ms > 0 ? Math.min(ms, MAX_MS) : 0;
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * The duration that the share `q` (0 to 1) of all durations does not exceed, in milliseconds;
   * `null` when empty.
   */
  percentile(q: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.min(Math.max(q, 0), 1) * (this.#count - 1);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      // Clamped, since the middle of a bucket may lie outside of what was seen.
      if (seen > rank) return Math.min(Math.max(middleOf(bucket), this.#min), this.#max);
    }
    return this.#max;
  }

  /**
   * How many durations are at most each of the ascending `boundsMs` (milliseconds): the cumulative
   * buckets of a Prometheus histogram. A duration within the relative error of a bound may count
   * on its other side.
   */
  cumulative(boundsMs: readonly number[]): number[] {
    const counts: number[] = [];
    let seen = 0;
    let bucket = 0;
    for (const bound of boundsMs) {
      const last = bucketOf(bound);
      for (; bucket <= last; bucket++) seen += this.#counts[bucket] ?? 0;
      counts.push(seen);
    }
    return counts;
  }

  /** Forgets all durations. */
  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#min = Infinity;
    this.#max = 0;
  }

  /** Adds all that `other` has counted. */
  add(other: LatencyHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    }
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /**
   * Compact binary form: format byte, sum, minimum and maximum as doubles, then for every bucket
   * in use the distance to the one before and its count, as variable-length integers.
   */
  toBytes(): Uint8Array {
    const bytes: number[] = [];
    let previous = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.#counts[bucket] ?? 0;
      if (count === 0) continue;
      pushVarint(bytes, bucket - previous);
      pushVarint(bytes, count);
      previous = bucket;
    }
    const result = new Uint8Array(HEADER_BYTES + bytes.length);
    const header = new DataView(result.buffer);
    header.setUint8(0, FORMAT);
    header.setFloat64(1, this.#sum, true);
    header.setFloat64(9, this.#min, true);
    header.setFloat64(17, this.#max, true);
    result.set(bytes, HEADER_BYTES);
    return result;
  }

  /** Reads {@link toBytes} back; `undefined` for anything else, such as a newer form. */
  static fromBytes(bytes: Uint8Array): LatencyHistogram | undefined {
    if (bytes.length < HEADER_BYTES || bytes[0] !== FORMAT) return undefined;
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const histogram = new LatencyHistogram();
    const cursor = { at: HEADER_BYTES };
    let bucket = 0;
    while (cursor.at < bytes.length) {
      bucket += readVarint(bytes, cursor);
      const count = readVarint(bytes, cursor);
      // Negated, so that a truncated number (NaN) is refused too.
      if (!(bucket < BUCKETS && count > 0)) return undefined;
      histogram.#counts[bucket] = (histogram.#counts[bucket] ?? 0) + count;
      histogram.#count += count;
    }
    histogram.#sum = header.getFloat64(1, true);
    histogram.#min = header.getFloat64(9, true);
    histogram.#max = header.getFloat64(17, true);
    const sound =
      histogram.#count === 0
        ? histogram.#sum === 0 && histogram.#min === Infinity && histogram.#max === 0
        : histogram.#sum >= 0 && histogram.#min <= histogram.#max && histogram.#max <= MAX_MS;
    return sound ? histogram : undefined;
  }
}

function bucketOf(ms: number): number {
  if (ms <= MIN_MS) return 0;
  return Math.min(Math.ceil(Math.log(ms / MIN_MS) / LOG_GAMMA), BUCKETS - 1);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? MIN_MS : (2 * MIN_MS * GAMMA ** bucket) / (GAMMA + 1);
}

function pushVarint(bytes: number[], value: number): void {
  // Division, not shifts: counts may exceed 32 bits.
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** Reads one integer and moves the cursor; `NaN` where the bytes end within it or it is too big. */
function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) return NaN;
    value += (byte % 128) * factor;
    if (byte < 128) return value;
  }
  return NaN;
}
