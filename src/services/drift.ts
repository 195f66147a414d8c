import type { Call } from './call.ts';

/** States of what a model gets and predicts, beside its reference. */
export const DRIFT_STATES = ['NONE', 'WARNING', 'DRIFT', 'NOT_ENOUGH_DATA'] as const;

/** State of a model. */
export type DriftState = (typeof DRIFT_STATES)[number];

/** Windows that can be looked at. */
export const DRIFT_WINDOWS = ['RECENT', 'HOUR', 'DAY'] as const;

/** The last predictions (by count), or those of the last hour or day. */
export type DriftWindow = (typeof DRIFT_WINDOWS)[number];

/** Ways to hold what comes now against the reference. */
export const DRIFT_STATISTICS = [
  'KOLMOGOROV_SMIRNOV',
  'PSI',
  'CHI_SQUARE',
  'UNSEEN',
  'MISSING',
  'CONSTANT',
] as const;

/** Name of a statistic. */
export type DriftStatistic = (typeof DRIFT_STATISTICS)[number];

/** Where a feature is taken from. */
export const FEATURE_SOURCES = ['input', 'prediction'] as const;

/** Source of a feature. */
export type FeatureSource = (typeof FEATURE_SOURCES)[number];

/** A statistic of a feature, and what it must not exceed. */
export interface DriftTest {
  readonly statistic: DriftStatistic;
  readonly value: number;
  readonly threshold: number;
  /** How far the value is on the way from its mean to the threshold: over 1 it is exceeded. */
  readonly severity: number;
}

/** A bar of two histograms that are laid over each other. */
export interface DriftBar {
  /** Category, or what the bar stands for: `missing`, `other`. `null` for a range of numbers. */
  readonly label: string | null;
  /** Range of numbers, its end included; `null` where it is open, or for a category. */
  readonly from: number | null;
  readonly to: number | null;
  /** Shares of the values, 0 to 1. */
  readonly reference: number;
  readonly current: number;
}

/** How one feature compares with its reference. */
export interface FeatureDrift {
  readonly name: string;
  readonly source: FeatureSource;
  readonly state: DriftState;
  /** Values in the window, missing ones too. */
  readonly values: number;
  /** Of the test that is worst off; 0 where nothing could be tested. */
  readonly severity: number;
  /** That test; `null` where nothing could be tested. */
  readonly worst: DriftTest | null;
  readonly tests: readonly DriftTest[];
  readonly histogram: readonly DriftBar[];
}

/** The reference that a version is held against. */
export interface DriftReference {
  readonly source: 'data' | 'live';
  /** ISO 8601. */
  readonly createdAt: string;
  readonly rows: number;
}

/** How a version does beside its reference. */
export interface DriftReport {
  readonly model: string;
  readonly version: string;
  readonly window: DriftWindow;
  readonly state: DriftState;
  /** Why nothing can be said, or what has changed, in words. */
  readonly reason: string;
  /** Predictions in the window, of all replicas that are known. */
  readonly predictions: number;
  readonly replicas: number;
  /** Largest severity of a feature. */
  readonly severity: number;
  /** Names of the features that exceed a threshold, the worst first. */
  readonly columns: readonly string[];
  /** All features, the worst first. */
  readonly features: readonly FeatureDrift[];
  /** Features that the reference never had, so that nothing is said of them. */
  readonly untested: readonly string[];
  /** `null` without one. */
  readonly reference: DriftReference | null;
  /** Mean confidence in the window: the accuracy to expect, where the confidence is calibrated. */
  readonly estimatedAccuracy: number | null;
  /** Accuracy on the rows of the reference, where their outcomes are known. */
  readonly referenceAccuracy: number | null;
  /** Accuracy by reported outcomes, and how many there are. */
  readonly reportedAccuracy: { readonly rate: number; readonly count: number } | null;
  /** Memory that watching this version takes on this replica, in bytes. */
  readonly memoryBytes: number;
}

/** A change of state. */
export interface DriftAlert {
  readonly model: string;
  readonly version: string;
  readonly state: DriftState;
  readonly previous: DriftState;
  /** Names of the features that exceed a threshold, the worst first. */
  readonly columns: readonly string[];
  readonly severity: number;
  readonly predictions: number;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** What has become of the models' inputs and predictions. */
export interface DriftService {
  /**
   * @param against the serving version, or a label of it, to compare another one with instead of its
   *   reference: by what both get and predict in the window. @default the reference
   * @throws {ServiceError} `MODEL_NOT_FOUND`, `MODEL_NOT_READY` with no version in memory, or
   *   `BAD_USER_INPUT` for `against` that does not serve
   */
  report(
    call: Call,
    model: string | undefined,
    version?: string,
    window?: DriftWindow,
    against?: string,
  ): Promise<DriftReport>;
  /**
   * Calls `listener` with every alert from now on.
   *
   * @param model name of a model. @default all
   * @returns ends the subscription
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  subscribe(
    call: Call,
    model: string | undefined,
    listener: (alert: DriftAlert) => void,
  ): () => void;
  /**
   * Freezes what a version has had of late as its reference, and keeps it in `STATE_DIR`.
   *
   * @returns the content of a `profile.json`
   * @throws {ServiceError} `MODEL_NOT_FOUND`, `MODEL_NOT_READY`, or `CONFLICT` for too few predictions
   */
  freeze(call: Call, model: string, version?: string): Promise<object>;
}
