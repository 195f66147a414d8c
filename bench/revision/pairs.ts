import { median } from '../stats.ts';

/** How often the second of two is as quick as the first, over runs in turns. */
export interface PairedSpeed {
  /** Median of the ratios of all pairs. */
  readonly ratio: number;
  /** Bounds of its confidence interval of at least 95 %. */
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

/** Fewest pairs whose median has an interval of 95 %. */
export const LEAST_PAIRS = 6;

/**
 * Compares runs that were made in turns. The interval is that of the sign test: it assumes nothing of
 * how the ratios are spread (Conover, Practical Nonparametric Statistics, section 3.2).
 *
 * @param before rate of each run of the first
 * @param after rate of the run of the second beside it
 * @throws {RangeError} for fewer than {@link LEAST_PAIRS} pairs
 */
export function comparePairs(before: readonly number[], after: readonly number[]): PairedSpeed {
  const ratios = before
    .map((rate, at) => (after[at] ?? NaN) / rate)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const { length } = ratios;
  if (length < LEAST_PAIRS) throw new RangeError(`at least ${LEAST_PAIRS} pairs are needed`);
  const outside = ranksOutside(length);
  return {
    ratio: median(ratios),
    low: ratios[outside] ?? NaN,
    high: ratios[length - 1 - outside] ?? NaN,
    pairs: length,
  };
}

/** How many of the smallest, and of the largest, values the interval leaves out. */
function ranksOutside(count: number): number {
  let probability = 0.5 ** count;
  let below = probability;
  let outside = 0;
  while (below <= 0.025) {
    outside++;
    probability = (probability * (count - outside + 1)) / outside;
    below += probability;
  }
  return Math.max(0, outside - 1);
}
