import type { LatencyHistogram } from '../telemetry/latency-histogram.ts';
import { compare, type Interval } from './confidence-sequence.ts';
import { MAX_LABELS, type VersionStats } from './version-stats.ts';

/** Chance that a confidence interval ever misses the true difference. */
const ALPHA = 0.05;

/** How outcomes are compared, in words; it stands in the documentation of both faces. */
export const COMPARISON_METHOD =
  "Robbins' normal mixture confidence sequence for bounded (sub-Gaussian) means, 95 %, by a union " +
  'bound over the two versions: valid at all times at once, so that it may be looked at as often ' +
  'as one likes (Howard, Ramdas, McAuliffe, Sekhon: Annals of Statistics 49(2), 2021).';

/** Verdicts on a version, beside the one that serves. */
export const VERDICTS = ['BETTER', 'WORSE', 'NOT_YET_KNOWN'] as const;

/** Verdict on a version. */
export type Verdict = (typeof VERDICTS)[number];

/** A share of things that went well; `rate` is `null` before the first. */
export interface Rate {
  readonly count: number;
  readonly successes: number;
  readonly rate: number | null;
}

/** Latency of computed answers, in milliseconds; `null` before the first. */
export interface LatencyFigures {
  readonly avgMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** Accuracy of a version beside that of the serving one. */
export interface OutcomeComparison {
  /** Accuracy less that of the serving version; `null` before both have outcomes. */
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly verdict: Verdict;
  /** Outcomes that each of the two still needs if the difference stays; `null` if that is unknown. */
  readonly moreNeeded: number | null;
}

/** How one version does. */
export interface VersionComparison {
  readonly version: string;
  readonly serving: boolean;
  /** Percent of the requests that name no version. */
  readonly trafficPercent: number;
  readonly requests: number;
  readonly errors: number;
  readonly errorRate: number | null;
  readonly latency: LatencyFigures;
  readonly predictions: readonly { readonly label: string; readonly count: number }[];
  readonly otherPredictions: number;
  readonly meanConfidence: number | null;
  /** As a shadow: how often it said what the answering version said. */
  readonly agreement: Rate;
  readonly shadowDropped: number;
  readonly shadowFailed: number;
  /** Predictions of which it has turned out whether they were right. */
  readonly outcomes: Rate;
  /** `null` for the serving version itself. */
  readonly comparedToServing: OutcomeComparison | null;
}

/** How the versions of a model do, on this replica, since each was loaded. */
export interface ModelComparison {
  readonly model: string;
  readonly servingVersion: string | null;
  readonly method: string;
  readonly versions: readonly VersionComparison[];
}

/** What {@link compareVersionsOf} looks at. */
export interface ComparedModel {
  readonly name: string;
  readonly versions: ReadonlyMap<
    string,
    { readonly version: string; readonly stats: VersionStats }
  >;
  readonly serving: string | null;
  readonly split: readonly { readonly version: string; readonly percent: number }[];
}

/** The figures of all versions in memory, each beside the serving one. */
export function compareVersionsOf({
  name,
  versions,
  serving,
  split,
}: ComparedModel): ModelComparison {
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
    latency: latencyOf(latency),
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

function latencyOf(latency: LatencyHistogram): LatencyFigures {
  return {
    avgMs: latency.avgMs,
    p50Ms: latency.percentile(0.5),
    p95Ms: latency.percentile(0.95),
    p99Ms: latency.percentile(0.99),
  };
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
