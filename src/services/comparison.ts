import type { LatencyFigures, MetricsSnapshot } from './metrics-snapshot.ts';

/** How outcomes are compared, in words; it stands in the documentation of every API. */
export const COMPARISON_METHOD =
  "Robbins' normal mixture confidence sequence for bounded (sub-Gaussian) means, 95 %, by a union " +
  'bound over the two versions: valid at all times at once, so that it may be looked at as often ' +
  'as one likes (Howard, Ramdas, McAuliffe, Sekhon: Annals of Statistics 49(2), 2021).';

/** An interval for a mean. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

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
  /** Of computed answers. */
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

/** A comparison with what each version was asked for and has answered, also while it is alone. */
export interface MeasuredComparison extends Omit<ModelComparison, 'versions'> {
  readonly versions: readonly MeasuredVersion[];
}

/** A version with its metrics on this replica. */
export interface MeasuredVersion extends VersionComparison {
  readonly metrics: MetricsSnapshot;
}

/** How the versions of a model do, on this replica, since each was loaded. */
export interface ModelComparison {
  readonly model: string;
  readonly servingVersion: string | null;
  readonly method: string;
  readonly versions: readonly VersionComparison[];
}
