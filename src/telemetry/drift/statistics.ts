import type { DriftStatistic } from '../../services/drift.ts';
import type { Bins } from './bins.ts';

/** Counts of a feature, in the places of its bins. */
export type Counts = ArrayLike<number>;

/** Added to each count where a share of zero would make the result infinite. */
const SMOOTHING = 0.5;

/** Statistics that apply to a feature of each kind. */
export const STATISTICS_OF: Readonly<Record<Bins['kind'], readonly DriftStatistic[]>> = {
  numeric: ['KOLMOGOROV_SMIRNOV', 'PSI', 'UNSEEN', 'MISSING', 'CONSTANT'],
  categorical: ['CHI_SQUARE', 'PSI', 'UNSEEN', 'MISSING', 'CONSTANT'],
};

/** Statistics whose thresholds are learnt from chunks of the reference. */
export type LearntStatistic = Extract<DriftStatistic, 'KOLMOGOROV_SMIRNOV' | 'PSI' | 'CHI_SQUARE'>;

/** {@link LearntStatistic}s of a feature of each kind. */
export const LEARNT_OF: Readonly<Record<Bins['kind'], readonly LearntStatistic[]>> = {
  numeric: ['KOLMOGOROV_SMIRNOV', 'PSI'],
  categorical: ['CHI_SQUARE', 'PSI'],
};

/** The value of a learnt statistic; 0 where either side has no values. */
export function measure(
  name: LearntStatistic,
  bins: Bins,
  reference: Counts,
  current: Counts,
): number {
  switch (name) {
    case 'KOLMOGOROV_SMIRNOV':
      return kolmogorovSmirnov(bins, reference, current);
    case 'PSI':
      return populationStabilityIndex(bins, reference, current);
    case 'CHI_SQUARE':
      return chiSquare(bins, reference, current);
  }
}

/**
 * Largest difference of the two cumulative distributions, 0 to 1, at the edges of the bins: never
 * more than that of the values themselves.
 */
export function kolmogorovSmirnov(bins: Bins, reference: Counts, current: Counts): number {
  const [all, now] = [present(bins, reference), present(bins, current)];
  if (all === 0 || now === 0) return 0;
  let [left, right, largest] = [0, 0, 0];
  for (let place = 0; place < bins.missing; place++) {
    left += reference[place] ?? 0;
    right += current[place] ?? 0;
    largest = Math.max(largest, Math.abs(left / all - right / now));
  }
  return largest;
}

/**
 * Population stability index: the symmetric Kullback–Leibler divergence of the shares, 0 and up.
 * Half a value is added to every bin.
 */
export function populationStabilityIndex(bins: Bins, reference: Counts, current: Counts): number {
  const places = bins.missing;
  const [all, now] = [present(bins, reference), present(bins, current)];
  if (all === 0 || now === 0) return 0;
  let sum = 0;
  for (let place = 0; place < places; place++) {
    const expected = ((reference[place] ?? 0) + SMOOTHING) / (all + SMOOTHING * places);
    const actual = ((current[place] ?? 0) + SMOOTHING) / (now + SMOOTHING * places);
    sum += (actual - expected) * Math.log(actual / expected);
  }
  return sum;
}

/**
 * Pearson's chi-square for goodness of fit, divided by the number of values: the size of the
 * difference (phi squared) and not how many values have shown it. Half a value is added to every
 * bin of the reference.
 */
export function chiSquare(bins: Bins, reference: Counts, current: Counts): number {
  const places = bins.missing;
  const [all, now] = [present(bins, reference), present(bins, current)];
  if (all === 0 || now === 0) return 0;
  let sum = 0;
  for (let place = 0; place < places; place++) {
    const expected = ((reference[place] ?? 0) + SMOOTHING) / (all + SMOOTHING * places);
    sum += ((current[place] ?? 0) / now - expected) ** 2 / expected;
  }
  return sum;
}

/** Values that are there. */
export function present({ missing }: Bins, counts: Counts): number {
  let sum = 0;
  for (let place = 0; place < missing; place++) sum += counts[place] ?? 0;
  return sum;
}

/** Share of the values, 0 to 1, that the reference never had. */
export function unseenShare(bins: Bins, counts: Counts): number {
  const all = present(bins, counts);
  if (all === 0) return 0;
  return bins.unseen.reduce((sum, place) => sum + (counts[place] ?? 0), 0) / all;
}

/** Share of the values, 0 to 1, that are missing. */
export function missingShare(bins: Bins, counts: Counts): number {
  const absent = counts[bins.missing] ?? 0;
  const all = present(bins, counts) + absent;
  return all === 0 ? 0 : absent / all;
}
