import { present, STATISTICS_OF, measure, missingShare, unseenShare } from './statistics.ts';
import type { Counts, LearntStatistic } from './statistics.ts';
import type { DriftStatistic, DriftTest } from '../../services/drift.ts';
import { binsOf, scatterOf, type Profile, type ProfileFeature } from './profile.ts';
import type { Bins } from './bins.ts';
import type { Tally } from './tally.ts';
import { deviationsAllowed, thresholdOf } from './thresholds.ts';

/** Fewest values that are judged. */
export const LEAST_VALUES = 100;

/** Fewest independent rows that thresholds are taken for: that always the same comes is a change. */
const LEAST_INDEPENDENT = 30;

/** Share of unseen or missing values that is let pass beyond that of the reference. */
const LEAST_SHARE = 0.05;

/** How one feature compares with its reference. */
export interface FeatureVerdict {
  readonly feature: ProfileFeature;
  /** Values in the window, missing ones too. */
  readonly values: number;
  /** Empty where there are too few values. */
  readonly tests: readonly DriftTest[];
  /** The largest of its tests, 0 without any. */
  readonly severity: number;
}

/** What is known of a feature in a window. */
interface Window {
  readonly counts: Counts;
  readonly independent: number;
  readonly range: { readonly min: number; readonly max: number } | null;
}

/** The features of a profile as they are judged again and again. */
export class Judge {
  readonly features: readonly { readonly feature: ProfileFeature; readonly bins: Bins }[];
  readonly #deviations: number;

  constructor({ features }: Profile) {
    this.features = features.map((feature) => ({ feature, bins: binsOf(feature) }));
    const tests = features.reduce((sum, { kind }) => sum + STATISTICS_OF[kind].length, 0);
    this.#deviations = deviationsAllowed(tests);
  }

  /**
   * Compares the counts of a window, in the order of the features.
   *
   * @param beside independent rows of the reference, where they are so few that they scatter as well
   */
  judge(tally: Tally, beside = Infinity): FeatureVerdict[] {
    const both = 1 / (1 / tally.independent + 1 / beside);
    const independent = Math.max(LEAST_INDEPENDENT, both);
    return this.features.map(({ feature, bins }, i) => {
      const counts = tally.of(i);
      const values = present(bins, counts) + (counts[bins.missing] ?? 0);
      if (values < LEAST_VALUES) return { feature, values, tests: [], severity: 0 };
      const tests = STATISTICS_OF[feature.kind].flatMap((statistic) => {
        const result = this.#test(statistic, feature, bins, {
          counts,
          independent,
          range: tally.rangeOf(i),
        });
        return result ? [result] : [];
      });
      const severity = Math.max(0, ...tests.map((test) => test.severity));
      return { feature, values, tests, severity };
    });
  }

  #test(
    statistic: DriftStatistic,
    feature: ProfileFeature,
    bins: Bins,
    { counts, independent, range }: Window,
  ): DriftTest | undefined {
    const found = present(bins, counts);
    const size = Math.min(found, independent);
    switch (statistic) {
      case 'MISSING': {
        const all = Math.min(independent, found + (counts[bins.missing] ?? 0));
        const expected = missingShare(bins, feature.counts);
        return this.#share(statistic, missingShare(bins, counts), expected, all, rowsOf(feature));
      }
      case 'UNSEEN': {
        if (found < LEAST_VALUES) return undefined;
        const share = unseenShare(bins, counts);
        return this.#share(statistic, share, feature.unseen, size, rowsOf(feature));
      }
      case 'CONSTANT':
        return found < LEAST_VALUES || isConstant(bins, feature.counts)
          ? undefined
          : toConstant(
              (range ? range.min === range.max : isConstant(bins, counts)) &&
                !isUsual(bins, feature.counts, counts),
            );
      default:
        return found < LEAST_VALUES
          ? undefined
          : this.#learnt(statistic, feature, bins, counts, size);
    }
  }

  #learnt(
    statistic: LearntStatistic,
    feature: ProfileFeature,
    bins: Bins,
    counts: Counts,
    size: number,
  ): DriftTest | undefined {
    const scatter = scatterOf(feature)[statistic];
    if (!scatter) return undefined;
    const value = measure(statistic, bins, feature.counts, counts);
    const { mean, threshold } = thresholdOf(statistic, scatter, size, this.#deviations);
    return { statistic, value, threshold, severity: severityOf(value, mean, threshold) };
  }

  /** A share beside that of the reference, which is itself uncertain. */
  #share(
    statistic: DriftStatistic,
    value: number,
    expected: number,
    size: number,
    reference: number,
  ): DriftTest {
    const variance = Math.max(expected * (1 - expected), 1 / Math.max(1, reference));
    const deviation = Math.sqrt(variance * (1 / size + 1 / Math.max(1, reference)));
    const allowed = Math.max(LEAST_SHARE, 1 / Math.sqrt(size), this.#deviations * deviation);
    const threshold = Math.min(0.99, expected + allowed);
    return { statistic, value, threshold, severity: severityOf(value, expected, threshold) };
  }
}

function severityOf(value: number, mean: number, threshold: number): number {
  return threshold > mean ? Math.max(0, (value - mean) / (threshold - mean)) : 0;
}

/** A feature that varied and does no more: a sensor that is stuck, a form that sends a default. */
function toConstant(isStuck: boolean): DriftTest {
  return {
    statistic: 'CONSTANT',
    value: Number(isStuck),
    threshold: 0.5,
    severity: isStuck ? 2 : 0,
  };
}

function isConstant({ missing }: Bins, counts: Counts): boolean {
  let used = 0;
  for (let place = 0; place < missing; place++) if ((counts[place] ?? 0) > 0) used++;
  return used <= 1;
}

/**
 * Whether all values lie where half of the reference or more does. That the rest no longer comes is
 * told by the distribution, where it matters: texts without unknown words are no stuck sensor.
 */
function isUsual(bins: Bins, reference: Counts, counts: Counts): boolean {
  const all = present(bins, reference);
  let usual = 0;
  for (let place = 0; place < bins.missing; place++) {
    if ((counts[place] ?? 0) > 0) usual += reference[place] ?? 0;
  }
  return usual * 2 >= all;
}

const rowsOf = ({ counts }: ProfileFeature): number => counts.reduce((sum, each) => sum + each, 0);
