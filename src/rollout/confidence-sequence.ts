/**
 * Confidence sequences: intervals that hold at all times at once, so that looking at a running
 * comparison again and again does not make a false verdict likelier.
 *
 * Method: Robbins' normal mixture for sub-Gaussian means (H. Robbins, 1970; Howard, Ramdas,
 * McAuliffe, Sekhon: "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of
 * Statistics 49(2), 2021, eq. 3.7). Outcomes lie in [0, 1] and are therefore 1/2-sub-Gaussian
 * (Hoeffding), which needs no model of the data.
 */

import type { Interval } from '../services/comparison.ts';

/** Sub-Gaussian scale of a value in [0, 1]. */
const SIGMA = 0.5;

/** Count of outcomes around which the interval is tightest; it is valid for all. */
const TUNED_FOR = 500;

/**
 * Half width of the interval around a running mean.
 *
 * @param count outcomes so far; without any it is infinite
 * @param alpha chance that the true mean is ever outside, 0 to 1
 */
export function radius(count: number, alpha: number): number {
  if (count <= 0) return Number.POSITIVE_INFINITY;
  const variance = SIGMA * SIGMA * count;
  const rho =
    (SIGMA * SIGMA * TUNED_FOR) / (2 * Math.log(1 / alpha) + Math.log(1 + 2 * Math.log(1 / alpha)));
  const bound = Math.sqrt((variance + rho) * Math.log((variance + rho) / (rho * alpha * alpha)));
  return bound / count;
}

/** Running successes of one version. */
export interface Tally {
  readonly successes: number;
  readonly count: number;
}

/** How two versions compare by what turned out. */
export interface Comparison {
  /** Success rate of the candidate less that of the reference; `null` before both have outcomes. */
  readonly difference: number | null;
  /** Holds the true difference at all times with chance 1 − alpha; `null` before both have outcomes. */
  readonly interval: Interval | null;
  readonly verdict: 'better' | 'worse' | 'not yet known';
  /**
   * Outcomes that each version still needs until the verdict, if the difference stays as it is;
   * `null` when it is known, or cannot be told.
   */
  readonly moreNeeded: number | null;
}

/** Compares a candidate with a reference; `alpha` is shared by both intervals. */
export function compare(candidate: Tally, reference: Tally, alpha = 0.05): Comparison {
  if (candidate.count === 0 || reference.count === 0) {
    return { difference: null, interval: null, verdict: 'not yet known', moreNeeded: null };
  }
  const difference = candidate.successes / candidate.count - reference.successes / reference.count;
  const width = radius(candidate.count, alpha / 2) + radius(reference.count, alpha / 2);
  const interval = {
    low: Math.max(-1, difference - width),
    high: Math.min(1, difference + width),
  };
  if (interval.low > 0) return { difference, interval, verdict: 'better', moreNeeded: null };
  if (interval.high < 0) return { difference, interval, verdict: 'worse', moreNeeded: null };
  return {
    difference,
    interval,
    verdict: 'not yet known',
    moreNeeded: moreNeeded(candidate, reference, Math.abs(difference), alpha),
  };
}

const MOST = 10_000_000;

function moreNeeded(a: Tally, b: Tally, difference: number, alpha: number): number | null {
  const settled = (more: number): boolean =>
    radius(a.count + more, alpha / 2) + radius(b.count + more, alpha / 2) < difference;
  if (!settled(MOST)) return null;
  let low = 0;
  let high = MOST;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (settled(middle)) high = middle;
    else low = middle;
  }
  return high;
}
