import {
  COMPARISON_METHOD,
  type ModelComparison,
  type OutcomeComparison,
  type Rate,
} from '../services/comparison.ts';
import type { TrafficShare } from '../services/traffic.ts';
import { compare } from './confidence-sequence.ts';
import { MAX_LABELS, type VersionStats } from './version-stats.ts';

/** Chance that a confidence interval ever misses the true difference. */
const ALPHA = 0.05;

/** What {@link compareVersionsOf} looks at. */
export interface ComparedVersions {
  readonly name: string;
  readonly versions: ReadonlyMap<
    string,
    { readonly version: string; readonly stats: VersionStats }
  >;
  readonly serving: string | null;
  readonly split: readonly TrafficShare[];
}

/** The figures of all versions in memory, each beside the serving one. */
export function compareVersionsOf({
  name,
  versions,
  serving,
  split,
}: ComparedVersions): ModelComparison {
  const reference = serving === null ? undefined : versions.get(serving)?.stats;
  const dealt = split.reduce((sum, { percent }) => sum + percent, 0);
  const shareOf = (version: string): number => {
    const own = split.find((share) => share.version === version)?.percent ?? 0;
    return version === serving ? own + Math.max(0, 100 - dealt) : own;
  };
  return {
    model: name,
    servingVersion: serving,
    method: COMPARISON_METHOD,
    versions: Array.from(versions.values(), ({ version, stats }) => ({
      version,
      serving: version === serving,
      trafficPercent: shareOf(version),
      ...figuresOf(stats),
      comparedToServing:
        version === serving || !reference ? null : compareOutcomes(stats, reference),
    })),
  };
}

function figuresOf({ total, predictions, otherPredictions, meanConfidence, shadow }: VersionStats) {
  const { answered, latency, agreement, outcomes } = total;
  const errors = answered.count - answered.successes;
  return {
    requests: answered.count,
    errors,
    errorRate: answered.count === 0 ? null : errors / answered.count,
    latency: latency.figures(),
    predictions: predictions.slice(0, MAX_LABELS),
    otherPredictions,
    meanConfidence,
    agreement: rateOf(agreement),
    shadowDropped: shadow.dropped,
    shadowFailed: shadow.failed,
    outcomes: rateOf(outcomes),
  };
}

function rateOf({ count, successes, rate }: Rate): Rate {
  return { count, successes, rate };
}

function compareOutcomes(candidate: VersionStats, reference: VersionStats): OutcomeComparison {
  const { difference, interval, verdict, moreNeeded } = compare(
    candidate.total.outcomes,
    reference.total.outcomes,
    ALPHA,
  );
  const words = { better: 'BETTER', worse: 'WORSE', 'not yet known': 'NOT_YET_KNOWN' } as const;
  return { difference, interval, verdict: words[verdict], moreNeeded };
}
