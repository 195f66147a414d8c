/** What the console reads of the GraphQL schema; `operations.ts` asks for exactly these fields. */

/** A JSON value. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Field of `ModelInput` that a model takes. */
export type InputKind = 'TEXT' | 'FEATURES' | 'IMAGE' | 'TENSORS';

/** Life of a model version. */
export type ModelState = 'LOADING' | 'WARMING' | 'READY' | 'DRAINING' | 'UNLOADED' | 'FAILED';

/** One named tensor as a client writes it. */
export interface TensorInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: Json;
}

/** The input of one prediction: exactly one of its fields. */
export interface ModelInput {
  readonly text?: string;
  readonly features?: Readonly<Record<string, Json>>;
  readonly image?: string;
  readonly tensors?: readonly TensorInput[];
}

/** What a model declares of one input or output; `null` marks a dynamic dimension. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (number | null)[];
}

/** One version of a model. */
export interface ModelVersion {
  readonly version: string;
  readonly state: ModelState;
  readonly reason: string | null;
  readonly engine: string | null;
  readonly backend: string | null;
  readonly loadMs: number | null;
  readonly workers: number;
  /** Whether it made a prediction before clients came; `null` until it is loaded. */
  readonly warmed: boolean | null;
  /** `null` until it is loaded. */
  readonly batching: {
    readonly enabled: boolean;
    readonly reason: string;
    readonly verified: boolean;
  } | null;
  readonly signature: {
    readonly inputs: readonly TensorSpec[];
    readonly outputs: readonly TensorSpec[];
  } | null;
}

/** One column of a table. */
export interface Column {
  readonly name: string;
  readonly type: 'NUMERIC' | 'CATEGORICAL' | 'STRING' | 'BOOLEAN';
  readonly description: string | null;
  readonly required: boolean;
  readonly values: readonly Json[] | null;
}

/** A version and its share of the requests. */
export interface TrafficShare {
  readonly version: string;
  readonly percent: number;
}

/** One model of the repository. */
export interface Model {
  readonly name: string;
  readonly description: string | null;
  readonly isDefault: boolean;
  readonly state: ModelState;
  readonly reason: string | null;
  readonly servingVersion: string | null;
  /** Names for versions, as label → version. */
  readonly versionLabels: Readonly<Record<string, string>>;
  /** Shares of the requests that name no version; the serving version has what is left. */
  readonly traffic: readonly TrafficShare[];
  /** Version that runs a share of the requests too. */
  readonly shadow: TrafficShare | null;
  readonly inputKind: InputKind | null;
  readonly outputKind: string | null;
  readonly labels: readonly string[] | null;
  readonly columns: readonly Column[] | null;
  /** Unit of a regression. */
  readonly unit: string | null;
  readonly versions: readonly ModelVersion[];
  readonly examples: readonly { readonly input: ModelInput; readonly prediction: Json }[];
}

/** What is served, and how it is. */
export interface Overview {
  readonly health: {
    readonly status: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';
    readonly ready: boolean;
    readonly reasons: readonly string[];
    readonly serverVersion: string;
    readonly models: readonly Model[];
  };
}

/** A label and its score. */
export interface Score {
  readonly label: string;
  readonly score: number;
}

/** One answer of a model. */
export interface Prediction {
  readonly id: string;
  readonly prediction: Json;
  readonly confidence: number | null;
  readonly scores: readonly Score[] | null;
  readonly outputs?: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly Json[];
  }[];
  readonly modelName: string;
  readonly version: string;
  readonly cached: boolean;
  readonly latencyMs: number;
  readonly timings: {
    readonly encodeMs: number;
    readonly cacheMs: number;
    readonly queueMs: number;
    readonly inferenceMs: number;
  };
}

/** The metrics as they come over the wire. */
export type MetricsAnswer = Omit<Metrics, 'timestamp'> & {
  /** In ISO 8601. */
  readonly timestamp: string;
};

/** The counters of the server, or of one model, at one moment. */
export interface Metrics {
  /** In milliseconds since 1970. */
  readonly timestamp: number;
  readonly totalRequests: number;
  readonly failedRequests: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly cacheHitRate: number;
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly p99LatencyMs: number | null;
  readonly throughput: number;
  readonly inFlight: number;
  readonly queuedRows: number;
  readonly batches: number;
  readonly avgBatchSize: number | null;
  readonly batchSizes: readonly { readonly upTo: number | null; readonly count: number }[];
}

/** State of drift. */
export type DriftState = 'NONE' | 'WARNING' | 'DRIFT' | 'NOT_ENOUGH_DATA';

/** A bar of two histograms. */
export interface DriftBar {
  readonly label: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly reference: number;
  readonly current: number;
}

/** How a feature compares with its reference. */
export interface FeatureDrift {
  readonly name: string;
  readonly source: 'INPUT' | 'PREDICTION';
  readonly state: DriftState;
  readonly values: number;
  readonly severity: number;
  readonly worst: {
    readonly statistic: string;
    readonly value: number;
    readonly threshold: number;
  } | null;
  readonly histogram: readonly DriftBar[];
}

/** How a model does beside its reference. */
export interface Drift {
  readonly state: DriftState;
  readonly reason: string;
  readonly predictions: number;
  readonly columns: readonly string[];
  readonly features: readonly FeatureDrift[];
}
