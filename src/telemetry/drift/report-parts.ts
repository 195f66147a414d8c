import type { DriftState, FeatureDrift } from '../../services/drift.ts';
import type { Bins } from './bins.ts';
import { histogramOf } from './histogram.ts';
import { Hysteresis } from './state.ts';
import type { Counts } from './statistics.ts';
import type { Tally } from './tally.ts';
import { LEAST_VALUES, type FeatureVerdict, type Judge } from './verdicts.ts';

/** A report of which nothing can be said. */
export const NOTHING = {
  state: 'NOT_ENOUGH_DATA',
  replicas: 1,
  severity: 0,
  columns: [],
  features: [],
  reference: null,
  estimatedAccuracy: null,
  referenceAccuracy: null,
} as const;

/** Largest severity of a feature. */
export const severityOf = (verdicts: readonly FeatureVerdict[]): number =>
  Math.max(0, ...verdicts.map(({ severity }) => severity));

/** A window of time is looked at once, and has no past to be steady by. */
export function stateOf(verdicts: readonly FeatureVerdict[], rows: number): DriftState {
  return new Hysteresis().look(rows < LEAST_VALUES ? null : severityOf(verdicts), true);
}

/** Names of the features that exceed a threshold, the worst first. */
export function columnsOf(verdicts: readonly FeatureVerdict[]): string[] {
  return verdicts
    .filter(({ severity }) => severity > 1)
    .sort((a, b) => b.severity - a.severity)
    .map(({ feature }) => feature.name);
}

/** What the verdicts come to, in words. */
export function reasonOf(
  state: DriftState,
  verdicts: readonly FeatureVerdict[],
  rows: number,
): string {
  if (state === 'NOT_ENOUGH_DATA') {
    return `${rows} predictions; at least ${LEAST_VALUES} are needed.`;
  }
  const worst = verdicts
    .filter(({ severity }) => severity > 1)
    .sort((a, b) => b.severity - a.severity)
    .slice(0, 5)
    .map(({ feature, tests }) => {
      const test = tests.reduce((most, each) => (each.severity > most.severity ? each : most));
      const { statistic, value, threshold } = test;
      return `${feature.name} (${statistic} ${value.toFixed(2)}, threshold ${threshold.toFixed(2)})`;
    });
  if (worst.length > 0) return `Over ${rows} predictions: ${worst.join(', ')}.`;
  return `Over ${rows} predictions no feature exceeds its threshold.`;
}

/**
 * Features as they are reported, the worst first.
 *
 * @param judge who made the verdicts
 * @param tally the counts of the window
 */
export function featuresOf(
  verdicts: readonly FeatureVerdict[],
  judge: Judge,
  tally: Tally,
): FeatureDrift[] {
  return verdicts
    .map((verdict, i) => toFeature(verdict, judge.features[i]?.bins, tally.of(i)))
    .sort((a, b) => b.severity - a.severity);
}

function toFeature(
  { feature, values, tests, severity }: FeatureVerdict,
  bins: Bins | undefined,
  counts: Counts,
): FeatureDrift {
  const [first] = tests;
  return {
    name: feature.name,
    source: feature.source,
    state: tests.length === 0 ? 'NOT_ENOUGH_DATA' : new Hysteresis().look(severity, true),
    values,
    severity,
    worst:
      first === undefined
        ? null
        : tests.reduce((most, each) => (each.severity > most.severity ? each : most), first),
    tests,
    histogram: bins ? histogramOf(bins, feature.counts, counts) : [],
  };
}
