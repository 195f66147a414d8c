/* eslint-disable */
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time in ISO 8601, UTC, with milliseconds: 2027-03-01T09:30:00.000Z. */
  DateTime: { input: string; output: string; }
  /** Any JSON value. Non-finite numbers become "NaN", "Infinity" and "-Infinity"; 64-bit integers that a JSON number cannot represent exactly become decimal strings. */
  JSON: { input: unknown; output: unknown; }
  /** A JSON object, such as {"age": 41, "country": "CH"}. */
  JSONObject: { input: Record<string, unknown>; output: Record<string, unknown>; }
  /** A whole number that a JSON number represents exactly, up to ±(2^53 − 1). Counters use it because they may outgrow the 32 bits of Int. */
  SafeInt: { input: number; output: number; }
  /** Elements of a tensor as a JSON array in row-major order: numbers, booleans (BOOL) or strings (BYTES). Output is one flat array; input may also be nested. 64-bit integers beyond ±(2^53 − 1) are decimal strings, non-finite numbers "NaN", "Infinity" and "-Infinity". */
  TensorData: { input: ReadonlyArray<unknown>; output: ReadonlyArray<number | string | boolean | null>; }
};

/** Labels of the model "banking77". */
export type Banking77Label =
  | 'Refund_not_showing_up'
  | 'activate_my_card'
  | 'age_limit'
  | 'apple_pay_or_google_pay'
  | 'atm_support'
  | 'automatic_top_up'
  | 'balance_not_updated_after_bank_transfer'
  | 'balance_not_updated_after_cheque_or_cash_deposit'
  | 'beneficiary_not_allowed'
  | 'cancel_transfer'
  | 'card_about_to_expire'
  | 'card_acceptance'
  | 'card_arrival'
  | 'card_delivery_estimate'
  | 'card_linking'
  | 'card_not_working'
  | 'card_payment_fee_charged'
  | 'card_payment_not_recognised'
  | 'card_payment_wrong_exchange_rate'
  | 'card_swallowed'
  | 'cash_withdrawal_charge'
  | 'cash_withdrawal_not_recognised'
  | 'change_pin'
  | 'compromised_card'
  | 'contactless_not_working'
  | 'country_support'
  | 'declined_card_payment'
  | 'declined_cash_withdrawal'
  | 'declined_transfer'
  | 'direct_debit_payment_not_recognised'
  | 'disposable_card_limits'
  | 'edit_personal_details'
  | 'exchange_charge'
  | 'exchange_rate'
  | 'exchange_via_app'
  | 'extra_charge_on_statement'
  | 'failed_transfer'
  | 'fiat_currency_support'
  | 'get_disposable_virtual_card'
  | 'get_physical_card'
  | 'getting_spare_card'
  | 'getting_virtual_card'
  | 'lost_or_stolen_card'
  | 'lost_or_stolen_phone'
  | 'order_physical_card'
  | 'passcode_forgotten'
  | 'pending_card_payment'
  | 'pending_cash_withdrawal'
  | 'pending_top_up'
  | 'pending_transfer'
  | 'pin_blocked'
  | 'receiving_money'
  | 'request_refund'
  /** "reverted_card_payment?" */
  | 'reverted_card_payment'
  | 'supported_cards_and_currencies'
  | 'terminate_account'
  | 'top_up_by_bank_transfer_charge'
  | 'top_up_by_card_charge'
  | 'top_up_by_cash_or_cheque'
  | 'top_up_failed'
  | 'top_up_limits'
  | 'top_up_reverted'
  | 'topping_up_by_card'
  | 'transaction_charged_twice'
  | 'transfer_fee_charged'
  | 'transfer_into_account'
  | 'transfer_not_received_by_recipient'
  | 'transfer_timing'
  | 'unable_to_verify_identity'
  | 'verify_my_identity'
  | 'verify_source_of_funds'
  | 'verify_top_up'
  | 'virtual_card_not_working'
  | 'visa_or_mastercard'
  | 'why_verify_identity'
  | 'wrong_amount_of_cash_received'
  | 'wrong_exchange_rate_for_cash_withdrawal';

/** A prediction of the model "banking77". */
export type Banking77Prediction = {
  __typename?: 'Banking77Prediction';
  /** Whether the prediction came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the most likely label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique identifier of this prediction, to report its outcome. */
  id: Scalars['ID']['output'];
  /** The most likely label. */
  label: Banking77Label;
  /** Time from the request to the prediction within the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /**
   * Name of the model.
   * @deprecated Use modelName. From 1 June 2027 on, `model` may change its type from String to Model; until then the Model is at `servedBy`.
   */
  model: Scalars['String']['output'];
  /** Name of the model. */
  modelName: Scalars['String']['output'];
  /** All output tensors of the model. */
  outputs: Array<Tensor>;
  /** The most likely labels, best first. */
  scores: Array<Banking77Score>;
  /** The model; null if it has been removed since. */
  servedBy?: Maybe<Model>;
  /** Breakdown of the latency. */
  timings: Timings;
  /** Version of the model. */
  version: Scalars['String']['output'];
};


/** A prediction of the model "banking77". */
export type Banking77PredictionScoresArgs = {
  top?: Scalars['Int']['input'];
};

/** A label of the model "banking77" and its probability. */
export type Banking77Score = {
  __typename?: 'Banking77Score';
  /** The label. */
  label: Banking77Label;
  /** Probability from 0 to 1. */
  score: Scalars['Float']['output'];
};

/** Results of a batch. */
export type BatchPrediction = {
  __typename?: 'BatchPrediction';
  /** Time from the request to the last result within the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** One result per input, in the same order; an invalid input yields a PredictionError. */
  results: Array<PredictionResult>;
};

/** One bucket of the batch size histogram. */
export type BatchSizeBucket = {
  __typename?: 'BatchSizeBucket';
  /** Batches in this bucket. */
  count: Scalars['SafeInt']['output'];
  /** Upper bound of the bucket in rows, inclusive; null for the last, unbounded one. */
  upTo?: Maybe<Scalars['Int']['output']>;
};

/** Whether inputs that come together are run together. */
export type Batching = {
  __typename?: 'Batching';
  /** Whether they are. */
  enabled: Scalars['Boolean']['output'];
  /** Why, or why not. */
  reason: Scalars['String']['output'];
  /** Whether the server has shown on the model itself that answers are the same as alone. */
  verified: Scalars['Boolean']['output'];
};

/** How a request uses the prediction cache. */
export type CacheMode =
  /** Neither reads nor writes the cache. */
  | 'BYPASS'
  /** Recomputes the prediction and writes it to the cache. */
  | 'REFRESH'
  /** Reads from the cache and writes to it. */
  | 'USE';

/** Type of the values of a column. */
export type ColumnType =
  /** true or false. */
  | 'BOOLEAN'
  /** One of a set of values. */
  | 'CATEGORICAL'
  /** Numbers. */
  | 'NUMERIC'
  /** Strings. */
  | 'STRING';

/** Data type of tensor elements, named as in the Open Inference Protocol. */
export type Datatype =
  | 'BF16'
  | 'BOOL'
  | 'BYTES'
  | 'FP16'
  | 'FP32'
  | 'FP64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64';

/** Labels of the model "digits". */
export type DigitsLabel =
  /** "0" */
  | '_0'
  /** "1" */
  | '_1'
  /** "2" */
  | '_2'
  /** "3" */
  | '_3'
  /** "4" */
  | '_4'
  /** "5" */
  | '_5'
  /** "6" */
  | '_6'
  /** "7" */
  | '_7'
  /** "8" */
  | '_8'
  /** "9" */
  | '_9';

/** A prediction of the model "digits". */
export type DigitsPrediction = {
  __typename?: 'DigitsPrediction';
  /** Whether the prediction came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the most likely label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique identifier of this prediction, to report its outcome. */
  id: Scalars['ID']['output'];
  /** The most likely label. */
  label: DigitsLabel;
  /** Time from the request to the prediction within the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /**
   * Name of the model.
   * @deprecated Use modelName. From 1 June 2027 on, `model` may change its type from String to Model; until then the Model is at `servedBy`.
   */
  model: Scalars['String']['output'];
  /** Name of the model. */
  modelName: Scalars['String']['output'];
  /** All output tensors of the model. */
  outputs: Array<Tensor>;
  /** The most likely labels, best first. */
  scores: Array<DigitsScore>;
  /** The model; null if it has been removed since. */
  servedBy?: Maybe<Model>;
  /** Breakdown of the latency. */
  timings: Timings;
  /** Version of the model. */
  version: Scalars['String']['output'];
};


/** A prediction of the model "digits". */
export type DigitsPredictionScoresArgs = {
  top?: Scalars['Int']['input'];
};

/** A label of the model "digits" and its probability. */
export type DigitsScore = {
  __typename?: 'DigitsScore';
  /** The label. */
  label: DigitsLabel;
  /** Probability from 0 to 1. */
  score: Scalars['Float']['output'];
};

/** A change of the drift state. */
export type DriftAlert = {
  __typename?: 'DriftAlert';
  /** Features that exceed a threshold, the worst first. */
  columns: Array<Scalars['String']['output']>;
  /** Description of the change. */
  message: Scalars['String']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** Predictions in the window. */
  predictions: Scalars['Float']['output'];
  /** Previous state. */
  previous: DriftState;
  /** Severity of the worst feature. */
  severity: Scalars['Float']['output'];
  /** New state. */
  state: DriftState;
  /** When it happened. */
  timestamp: Scalars['DateTime']['output'];
  /** Version. */
  version: Scalars['String']['output'];
};

/** One bin of the histograms of reference and window. */
export type DriftBar = {
  __typename?: 'DriftBar';
  /** Share in the window, 0 to 1. */
  current: Scalars['Float']['output'];
  /** Lower bound; null if unbounded. */
  from?: Maybe<Scalars['Float']['output']>;
  /** Category, `other` or `missing`; null for a range of numbers. */
  label?: Maybe<Scalars['String']['output']>;
  /** Share in the reference, 0 to 1. */
  reference: Scalars['Float']['output'];
  /** Upper bound, inclusive; null if unbounded. */
  to?: Maybe<Scalars['Float']['output']>;
};

/** Reference that a version is compared with. */
export type DriftReference = {
  __typename?: 'DriftReference';
  /** When it was created, in ISO 8601. */
  createdAt: Scalars['String']['output'];
  /** Number of rows it was built from. */
  rows: Scalars['Float']['output'];
  /** `data` for a file, `live` for traffic. */
  source: Scalars['String']['output'];
};

/** Comparison of a version with its reference. */
export type DriftReport = {
  __typename?: 'DriftReport';
  /** Features that exceed a threshold, the worst first. */
  columns: Array<Scalars['String']['output']>;
  /** Mean confidence, which estimates the accuracy if confidence is calibrated. */
  estimatedAccuracy?: Maybe<Scalars['Float']['output']>;
  /** All features, the worst first. */
  features: Array<FeatureDrift>;
  /** Memory used to watch the version on this replica, in bytes. */
  memoryBytes: Scalars['Float']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** Predictions in the window. */
  predictions: Scalars['Float']['output'];
  /** Explanation of the state. */
  reason: Scalars['String']['output'];
  /** The reference; null without one. */
  reference?: Maybe<DriftReference>;
  /** Accuracy on the reference; null if its outcomes are unknown. */
  referenceAccuracy?: Maybe<Scalars['Float']['output']>;
  /** Number of replicas whose predictions count. */
  replicas: Scalars['Int']['output'];
  /** Accuracy by reported outcomes; null before the first one. */
  reportedAccuracy?: Maybe<Scalars['Float']['output']>;
  /** Number of reported outcomes. */
  reportedOutcomes: Scalars['Float']['output'];
  /** Severity of the worst feature. */
  severity: Scalars['Float']['output'];
  /** State. */
  state: DriftState;
  /** Features that the reference does not contain. */
  untested: Array<Scalars['String']['output']>;
  /** Version. */
  version: Scalars['String']['output'];
  /** The window. */
  window: DriftWindow;
};

/** State of the inputs and predictions of a model compared with its reference. */
export type DriftState =
  /** A threshold is exceeded by far, or has been exceeded for some time. */
  | 'DRIFT'
  /** No threshold is exceeded. */
  | 'NONE'
  /** There is no reference, or too few predictions. */
  | 'NOT_ENOUGH_DATA'
  /** A threshold has been exceeded recently. */
  | 'WARNING';

/** Statistics that compare the window with the reference. */
export type DriftStatistic =
  /** Pearson’s chi-square for each prediction, 0 and up. */
  | 'CHI_SQUARE'
  /** 1 if a feature that varied in the reference has a single value in the window. */
  | 'CONSTANT'
  /** Largest gap between cumulative distributions, 0 to 1. */
  | 'KOLMOGOROV_SMIRNOV'
  /** Share of missing values, 0 to 1. */
  | 'MISSING'
  /** Population stability index, 0 and up. */
  | 'PSI'
  /** Share beyond the range or categories of the reference, 0 to 1. */
  | 'UNSEEN';

/** A statistic of a feature and its threshold. */
export type DriftTest = {
  __typename?: 'DriftTest';
  /** Distance from the expected value as a multiple of the distance to the threshold; above 1, the threshold is exceeded. */
  severity: Scalars['Float']['output'];
  /** The statistic. */
  statistic: DriftStatistic;
  /** The threshold. */
  threshold: Scalars['Float']['output'];
  /** Its value in the window. */
  value: Scalars['Float']['output'];
};

/** Predictions to compare with the reference. */
export type DriftWindow =
  /** The predictions of the last day. */
  | 'DAY'
  /** The predictions of the last hour. */
  | 'HOUR'
  /** The latest predictions; their number is the setting DRIFT_WINDOW, 500 by default. */
  | 'RECENT';

/** Error codes, the same as in `extensions.code` and in REST. */
export type ErrorCode =
  /** The answer would be larger than the server sends; ask for less at a time. */
  | 'ANSWER_TOO_LARGE'
  /** The input is invalid for the model or the API; the message says what is allowed. */
  | 'BAD_USER_INPUT'
  /** The change conflicts with what is being served, for example an incompatible signature. Fix the model, or use force. */
  | 'CONFLICT'
  /** The operation would cost more than MAX_QUERY_COST; ask for fewer rows or fields. */
  | 'COST_EXCEEDED'
  /** The prediction was not ready before the request timed out. */
  | 'DEADLINE_EXCEEDED'
  /** The credentials do not permit this operation. */
  | 'FORBIDDEN'
  /** The model failed on this input; other inputs are not affected. */
  | 'INFERENCE_FAILED'
  /** An internal error; the log has the details under the request ID. */
  | 'INTERNAL_SERVER_ERROR'
  /** The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed. */
  | 'JSON_TOO_COMPLEX'
  /** The route does not support this HTTP method; see the Allow header. */
  | 'METHOD_NOT_ALLOWED'
  /** There is no such model or version; the message lists those that are served. */
  | 'MODEL_NOT_FOUND'
  /** The model is still loading or failed to load; `health` says which and why. */
  | 'MODEL_NOT_READY'
  /** There is no such route. */
  | 'NOT_FOUND'
  /** The server or the queue of the model is full; retry after the time in Retry-After. */
  | 'OVERLOADED'
  /** The request body exceeds MAX_BODY_BYTES; split the request. */
  | 'PAYLOAD_TOO_LARGE'
  /** The hash of the persisted query is not known (yet); send it with the query. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** Only trusted documents are answered; no queries can be registered. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** This client has sent too many requests; retry after the time in Retry-After. */
  | 'RATE_LIMITED'
  /** The request body arrived more slowly than MIN_BODY_RATE allows. */
  | 'REQUEST_TIMEOUT'
  /** Credentials are missing or invalid. */
  | 'UNAUTHENTICATED'
  /** The media type of the body is not supported; send application/json. */
  | 'UNSUPPORTED_MEDIA_TYPE';

/** Number of predictions that failed with one error code. */
export type ErrorCount = {
  __typename?: 'ErrorCount';
  /** The error code. */
  code: ErrorCode;
  /** Failed predictions. */
  count: Scalars['SafeInt']['output'];
};

/** How one feature compares with its reference. */
export type FeatureDrift = {
  __typename?: 'FeatureDrift';
  /** Histograms of reference and window. */
  histogram: Array<DriftBar>;
  /** Name of the column or measure. */
  name: Scalars['String']['output'];
  /** Severity of the worst test. */
  severity: Scalars['Float']['output'];
  /** Origin of the feature. */
  source: FeatureSource;
  /** State of this feature alone. */
  state: DriftState;
  /** All tests. */
  tests: Array<DriftTest>;
  /** Number of values in the window, including missing ones. */
  values: Scalars['Float']['output'];
  /** The worst test. */
  worst?: Maybe<DriftTest>;
};

/** Origin of a feature. */
export type FeatureSource =
  /** The input. */
  | 'INPUT'
  /** The prediction. */
  | 'PREDICTION';

/** A scope that is granted to the caller. */
export type GrantedScope = {
  __typename?: 'GrantedScope';
  /** Names of the models that it is limited to; null for all models. */
  models?: Maybe<Array<Scalars['String']['output']>>;
  /** One of `predict`, `models:read`, `metrics:read`, `outcomes:write`, `models:admin`, `access:admin`, `documents:any`. */
  scope: Scalars['String']['output'];
};

/** Health of the server. */
export type Health = {
  __typename?: 'Health';
  /** How far loading models is; null when none is being loaded. */
  loading?: Maybe<LoadProgress>;
  /** Whether at least one model can serve. */
  modelLoaded: Scalars['Boolean']['output'];
  /** State of each model, in alphabetical order. */
  models: Array<Model>;
  /** Whether loading has finished and the server accepts traffic. */
  ready: Scalars['Boolean']['output'];
  /** Why the status is not HEALTHY, one reason per entry. */
  reasons: Array<Scalars['String']['output']>;
  /** Version of the server. */
  serverVersion: Scalars['String']['output'];
  /** Overall state. */
  status: HealthStatus;
  /** Time since the server started, in seconds. */
  uptimeSeconds: Scalars['Float']['output'];
};

/** Overall state of the server. */
export type HealthStatus =
  /** A model or component is impaired; the others are serving. */
  | 'DEGRADED'
  /** All models are serving. */
  | 'HEALTHY'
  /** No model can serve. */
  | 'UNHEALTHY';

/** A column of a tabular model, which is a key of `features`. */
export type InputColumn = {
  __typename?: 'InputColumn';
  /** Whether values other than the known ones are rejected. */
  closed: Scalars['Boolean']['output'];
  /** Meaning of the column. */
  description?: Maybe<Scalars['String']['output']>;
  /** Name of the column. */
  name: Scalars['String']['output'];
  /** Whether a value must be given. */
  required: Scalars['Boolean']['output'];
  /** Type of the values. */
  type: ColumnType;
  /** Known values of a categorical column; null otherwise. */
  values?: Maybe<Array<Scalars['JSON']['output']>>;
};

/** Kind of input that a model takes, which is the field of `ModelInput` to set. */
export type InputKind =
  /** Column values by name. */
  | 'FEATURES'
  /** An image file. */
  | 'IMAGE'
  /** Named tensors. */
  | 'TENSORS'
  /** A string. */
  | 'TEXT';

/** Number of predictions of one label. */
export type LabelCount = {
  __typename?: 'LabelCount';
  /** Number of predictions. */
  count: Scalars['SafeInt']['output'];
  /** The label. */
  label: Scalars['String']['output'];
};

/** Latency of predictions that were computed rather than cached. */
export type LatencyFigures = {
  __typename?: 'LatencyFigures';
  /** In milliseconds; null before the first prediction. */
  avgMs?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first prediction. */
  p50Ms?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first prediction. */
  p95Ms?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first prediction. */
  p99Ms?: Maybe<Scalars['Float']['output']>;
};

/** How far loading models is. */
export type LoadProgress = {
  __typename?: 'LoadProgress';
  /** Versions that are ready or have failed. */
  done: Scalars['Int']['output'];
  /** Versions that are to be loaded. */
  total: Scalars['Int']['output'];
};

/** Snapshot of the metrics of the server or of one model, counted since the server started. */
export type Metrics = {
  __typename?: 'Metrics';
  /** Mean number of rows per batch; null before the first batch. */
  avgBatchSize?: Maybe<Scalars['Float']['output']>;
  /** Mean latency over the last minute, in milliseconds; null if there were no predictions. */
  avgLatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Histogram of batch sizes. */
  batchSizes: Array<BatchSizeBucket>;
  /** Batches run. */
  batches: Scalars['SafeInt']['output'];
  /** Hits per lookup, 0 to 1; 0 before the first lookup. */
  cacheHitRate: Scalars['Float']['output'];
  /** Predictions found in the cache. */
  cacheHits: Scalars['SafeInt']['output'];
  /** Cache lookups without a hit. */
  cacheMisses: Scalars['SafeInt']['output'];
  /** Failed predictions by error code. */
  errors: Array<ErrorCount>;
  /** Predictions that failed. */
  failedRequests: Scalars['SafeInt']['output'];
  /** Predictions in progress. */
  inFlight: Scalars['Int']['output'];
  /** Name of the model; null for all models together. */
  model?: Maybe<Scalars['String']['output']>;
  /** Median latency over the last minute, in milliseconds; null if there were no predictions. */
  p50LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 95th percentile of latency over the last minute, in milliseconds; null if there were no predictions. */
  p95LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 99th percentile of latency over the last minute, in milliseconds; null if there were no predictions. */
  p99LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Rows waiting for a worker. */
  queuedRows: Scalars['Int']['output'];
  /** Number of replicas included; 1 if only this one. */
  replicas: Scalars['Int']['output'];
  /** Predictions that succeeded. */
  successfulRequests: Scalars['SafeInt']['output'];
  /** Predictions per second, averaged over the last ten seconds. */
  throughput: Scalars['Float']['output'];
  /** When the snapshot was taken. */
  timestamp: Scalars['DateTime']['output'];
  /** Predictions requested; every input of a batch counts. */
  totalRequests: Scalars['SafeInt']['output'];
  /** Time since the server started, in seconds. */
  uptimeSeconds: Scalars['Float']['output'];
};

/** Metrics of one interval of about ten seconds. */
export type MetricsPoint = {
  __typename?: 'MetricsPoint';
  /** Hits per cache lookup, 0 to 1; null if there was no lookup. */
  cacheHitRate?: Maybe<Scalars['Float']['output']>;
  /** Predictions that failed per second. */
  failuresPerSecond: Scalars['Float']['output'];
  /** Median of latency over the minute before, in milliseconds; null if there were no predictions, or if it covers some models but not all. */
  p50LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 95th percentile of latency over the minute before, in milliseconds; null if there were no predictions, or if it covers some models but not all. */
  p95LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 99th percentile of latency over the minute before, in milliseconds; null if there were no predictions, or if it covers some models but not all. */
  p99LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Predictions requested per second. */
  requestsPerSecond: Scalars['Float']['output'];
  /** End of the interval. */
  timestamp: Scalars['DateTime']['output'];
};

/** Which replicas the metrics cover. */
export type MetricsScope =
  /** All replicas that share a Redis, with merged histograms; without Redis, only the replica that answers. */
  | 'CLUSTER'
  /** Only the replica that answers. */
  | 'REPLICA';

/** A model in the repository. */
export type Model = {
  __typename?: 'Model';
  /** How inputs of the serving version are batched; null without one. */
  batching?: Maybe<Batching>;
  /** Columns of a tabular model; null otherwise. */
  columns?: Maybe<Array<InputColumn>>;
  /** Comparison of its versions; null while none is loaded. */
  comparison?: Maybe<ModelComparison>;
  /** What the model does. */
  description?: Maybe<Scalars['String']['output']>;
  /** Example inputs. */
  examples: Array<ModelExample>;
  /** Identifier for client caches: its name. */
  id: Scalars['ID']['output'];
  /** Kind of input; null until loaded. */
  inputKind?: Maybe<InputKind>;
  /** Whether it answers requests that do not name a model. */
  isDefault: Scalars['Boolean']['output'];
  /** Labels in the order of the output; null if it has none. */
  labels?: Maybe<Array<Scalars['String']['output']>>;
  /** Name of the model, which is the name of its folder. */
  name: Scalars['String']['output'];
  /** Kind of prediction; null until loaded. */
  outputKind?: Maybe<OutputKind>;
  /** Name of the model's typed field under Query; null if it has none. */
  queryField?: Maybe<Scalars['String']['output']>;
  /** Why it cannot serve; null otherwise. */
  reason?: Maybe<Scalars['String']['output']>;
  /** Version that answers requests that name none; null if none can. */
  servingVersion?: Maybe<Scalars['String']['output']>;
  /** Shadow version and the share of requests that it also runs; null if there is none. */
  shadow?: Maybe<TrafficShare>;
  /** State of the serving version, or of the newest if none is serving. */
  state: ModelState;
  /** Traffic split of requests that name no version; the rest goes to `servingVersion`. */
  traffic: Array<TrafficShare>;
  /** Unit of a regression, if declared. */
  unit?: Maybe<Scalars['String']['output']>;
  /** Versions by version label. */
  versionLabels: Scalars['JSONObject']['output'];
  /** All versions of the model. */
  versions: Array<ModelVersion>;
  /** Whether the serving version has made a prediction before clients came; null without one. */
  warmed?: Maybe<Scalars['Boolean']['output']>;
};

/** Comparison of the versions of a model. */
export type ModelComparison = {
  __typename?: 'ModelComparison';
  /** Statistical method of the comparison. */
  method: Scalars['String']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** Version that the others are compared with. */
  servingVersion?: Maybe<Scalars['String']['output']>;
  /** All loaded versions. */
  versions: Array<VersionComparison>;
};

/** A change of a model or one of its versions. */
export type ModelEvent = {
  __typename?: 'ModelEvent';
  /** Kind of event. */
  kind: ModelEventKind;
  /** What happened, in words. */
  message: Scalars['String']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** When it happened. */
  timestamp: Scalars['DateTime']['output'];
  /** Version concerned; null if the event concerns the whole model. */
  version?: Maybe<Scalars['String']['output']>;
};

/** Kind of a model event. */
export type ModelEventKind =
  /** The state of drift has changed; see `driftAlerts`. */
  | 'DRIFT'
  /** A version failed to load or was rejected. */
  | 'FAILED'
  /** A version was loaded and warmed up. */
  | 'LOADED'
  /** A canary crossed the limits in model.yaml and no longer receives traffic. */
  | 'ROLLED_BACK'
  /** The traffic split or shadow changed. */
  | 'TRAFFIC_CHANGED'
  /** A version was drained and its memory freed. */
  | 'UNLOADED';

/** An example input of a model. */
export type ModelExample = {
  __typename?: 'ModelExample';
  /** The input, as a value of type `ModelInput`. */
  input: Scalars['JSONObject']['output'];
  /** Expected prediction, if documented. */
  prediction?: Maybe<Scalars['JSON']['output']>;
};

/** The input of one prediction: exactly one field, the one that matches the model's `inputKind` (or `tensors`, which every model accepts). */
export type ModelInput =
  /** Column values by name, for models whose input kind is FEATURES. */
  { features: Scalars['JSONObject']['input']; image?: never; tensors?: never; text?: never; }
  |  /** PNG, JPEG or WebP file as a data URL or base64, for models whose input kind is IMAGE. */
  { features?: never; image: Scalars['String']['input']; tensors?: never; text?: never; }
  |  /** All input tensors of the signature, at most 64; accepted by every model. */
  { features?: never; image?: never; tensors: Array<TensorInput>; text?: never; }
  |  /** Text, for models whose input kind is TEXT. */
  { features?: never; image?: never; tensors?: never; text: Scalars['String']['input']; };

/** State of a model version. */
export type ModelState =
  /** Finishing its running predictions; takes no new ones. */
  | 'DRAINING'
  /** Failed to load; `reason` says why. */
  | 'FAILED'
  /** Being loaded. */
  | 'LOADING'
  /** Serving. */
  | 'READY'
  /** In the repository but not in memory. */
  | 'UNLOADED'
  /** Being warmed up with sample predictions. */
  | 'WARMING';

/** A version of a model. */
export type ModelVersion = {
  __typename?: 'ModelVersion';
  /** Backend of the engine, such as wasm or cpu; null until loaded. */
  backend?: Maybe<Scalars['String']['output']>;
  /** How its inputs are batched; null until loaded. */
  batching?: Maybe<Batching>;
  /** Engine that runs it, such as tfjs or onnx. */
  engine?: Maybe<Scalars['String']['output']>;
  /** Identifier for client caches: name of the model and of the version. */
  id: Scalars['ID']['output'];
  /** Time taken to load and warm up, in milliseconds; null until loaded. */
  loadMs?: Maybe<Scalars['Float']['output']>;
  /** Why it failed to load; null otherwise. */
  reason?: Maybe<Scalars['String']['output']>;
  /** Inputs and outputs; null until loaded. */
  signature?: Maybe<Signature>;
  /** State of the version. */
  state: ModelState;
  /** Name of the version. */
  version: Scalars['String']['output'];
  /** Whether it has made a prediction before clients came; null until loaded. */
  warmed?: Maybe<Scalars['Boolean']['output']>;
  /** Number of live workers. */
  workers: Scalars['Int']['output'];
};

/** Predictions with any model by name, and administration of models. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Loads a model, or one version of it, and returns once it is ready. Fails with CONFLICT if it would break clients and with MODEL_NOT_READY if it cannot be loaded. */
  loadModel: Model;
  /** Makes one prediction. */
  predict: Prediction;
  /** Makes many predictions with one model. */
  predictBatch: BatchPrediction;
  /** Applies changes in the folder of a model, or of all models, and returns once they serve. */
  reloadModels: Array<Model>;
  /** Reports the actual outcome of a prediction. The last 100,000 predictions whose `id` was selected are remembered for 24 hours, on the replica that made them. */
  reportOutcome: OutcomeReport;
  /** Overrides the traffic settings of model.yaml for requests that name no version. With neither `split` nor `shadow`, those of model.yaml apply again. */
  setTraffic: Model;
  /** Unloads a model, or one version of it, until it is loaded again by hand. Returns once running predictions have finished and the memory is freed. */
  unloadModel: Model;
};


/** Predictions with any model by name, and administration of models. */
export type MutationLoadModelArgs = {
  force?: InputMaybe<Scalars['Boolean']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Predictions with any model by name, and administration of models. */
export type MutationPredictArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  input: ModelInput;
  model?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Predictions with any model by name, and administration of models. */
export type MutationPredictBatchArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  inputs: Array<ModelInput>;
  model?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Predictions with any model by name, and administration of models. */
export type MutationReloadModelsArgs = {
  force?: InputMaybe<Scalars['Boolean']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
};


/** Predictions with any model by name, and administration of models. */
export type MutationReportOutcomeArgs = {
  actual: Scalars['JSON']['input'];
  predictionId: Scalars['ID']['input'];
};


/** Predictions with any model by name, and administration of models. */
export type MutationSetTrafficArgs = {
  model: Scalars['String']['input'];
  shadow?: InputMaybe<TrafficShareInput>;
  split?: InputMaybe<Array<TrafficShareInput>>;
};


/** Predictions with any model by name, and administration of models. */
export type MutationUnloadModelArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  version?: InputMaybe<Scalars['String']['input']>;
};

/** Accuracy compared with that of the serving version. Method: Robbins' normal mixture confidence sequence for bounded means at 95 %. It is valid at all times simultaneously, so looking repeatedly does not raise the rate of false verdicts. */
export type OutcomeComparison = {
  __typename?: 'OutcomeComparison';
  /** Accuracy minus that of the serving version; null until both have outcomes. */
  difference?: Maybe<Scalars['Float']['output']>;
  /** Upper bound of the difference. */
  high?: Maybe<Scalars['Float']['output']>;
  /** Lower bound of the difference. */
  low?: Maybe<Scalars['Float']['output']>;
  /** Outcomes that each version still needs for a verdict if the difference stays as it is; null once there is a verdict, or if it cannot be predicted. */
  moreOutcomesNeeded?: Maybe<Scalars['SafeInt']['output']>;
  /** Verdict of the comparison. */
  verdict: Verdict;
};

/** Result of reporting an outcome. */
export type OutcomeReport = {
  __typename?: 'OutcomeReport';
  /** Whether the prediction was correct. */
  correct: Scalars['Boolean']['output'];
  /** Whether it was counted; only the first outcome of a prediction is. */
  counted: Scalars['Boolean']['output'];
  /** Name of the model that made the prediction. */
  model: Scalars['String']['output'];
  /** ID of the prediction. */
  predictionId: Scalars['ID']['output'];
  /** Version that made the prediction. */
  version: Scalars['String']['output'];
};

/** Kind of prediction that a model makes. */
export type OutputKind =
  /** One of several labels. */
  | 'CLASSIFICATION'
  /** A vector. */
  | 'EMBEDDING'
  /** Any number of labels. */
  | 'MULTI_LABEL'
  /** A number, or several. */
  | 'REGRESSION'
  /** Raw tensors. */
  | 'TENSORS';

/** Values of the column "island". */
export type PenguinsIsland =
  | 'Biscoe'
  | 'Dream'
  | 'Torgersen';

/** Labels of the model "penguins". */
export type PenguinsLabel =
  | 'Adelie'
  | 'Chinstrap'
  | 'Gentoo';

/** A prediction of the model "penguins". */
export type PenguinsPrediction = {
  __typename?: 'PenguinsPrediction';
  /** Whether the prediction came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the most likely label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique identifier of this prediction, to report its outcome. */
  id: Scalars['ID']['output'];
  /** The most likely label. */
  label: PenguinsLabel;
  /** Time from the request to the prediction within the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /**
   * Name of the model.
   * @deprecated Use modelName. From 1 June 2027 on, `model` may change its type from String to Model; until then the Model is at `servedBy`.
   */
  model: Scalars['String']['output'];
  /** Name of the model. */
  modelName: Scalars['String']['output'];
  /** All output tensors of the model. */
  outputs: Array<Tensor>;
  /** The most likely labels, best first. */
  scores: Array<PenguinsScore>;
  /** The model; null if it has been removed since. */
  servedBy?: Maybe<Model>;
  /** Breakdown of the latency. */
  timings: Timings;
  /** Version of the model. */
  version: Scalars['String']['output'];
};


/** A prediction of the model "penguins". */
export type PenguinsPredictionScoresArgs = {
  top?: Scalars['Int']['input'];
};

/** A label of the model "penguins" and its probability. */
export type PenguinsScore = {
  __typename?: 'PenguinsScore';
  /** The label. */
  label: PenguinsLabel;
  /** Probability from 0 to 1. */
  score: Scalars['Float']['output'];
};

/** Values of the column "sex". */
export type PenguinsSex =
  | 'female'
  | 'male';

/** Options of a prediction request. */
export type PredictOptions = {
  /** Defaults to USE. */
  cache?: InputMaybe<CacheMode>;
  /** Defaults to INTERACTIVE for a single input and BULK for a batch. */
  priority?: InputMaybe<Priority>;
  /** Timeout in milliseconds, 1 to 3600000. Defaults to the header X-Request-Timeout-Ms, then to the server's REQUEST_TIMEOUT_MS. */
  timeoutMs?: InputMaybe<Scalars['Int']['input']>;
};

/** A prediction of a model. Only selected fields are computed. */
export type Prediction = {
  __typename?: 'Prediction';
  /** Whether the prediction came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the predicted label, from 0 to 1; null if the output kind has none. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique identifier of this prediction, to report its outcome. */
  id: Scalars['ID']['output'];
  /** Time from the request to the prediction within the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /**
   * Name of the model.
   * @deprecated Use modelName. From 1 June 2027 on, `model` may change its type from String to Model; until then the Model is at `servedBy`.
   */
  model: Scalars['String']['output'];
  /** Name of the model. */
  modelName: Scalars['String']['output'];
  /** All output tensors of the model. */
  outputs: Array<Tensor>;
  /** The predicted value: the label of a classification, the labels of a multi-label classification, the number of a regression, the vector of an embedding, or the data of the only output tensor. */
  prediction?: Maybe<Scalars['JSON']['output']>;
  /** The most likely labels, best first; null if the output kind has no labels. */
  scores?: Maybe<Array<Score>>;
  /** The model; null if it has been removed since. */
  servedBy?: Maybe<Model>;
  /** Breakdown of the latency. */
  timings: Timings;
  /** Version of the model. */
  version: Scalars['String']['output'];
};


/** A prediction of a model. Only selected fields are computed. */
export type PredictionScoresArgs = {
  top?: InputMaybe<Scalars['Int']['input']>;
};

/** The error of one input of a batch. */
export type PredictionError = {
  __typename?: 'PredictionError';
  /** Error code. */
  code: ErrorCode;
  /** Further details, such as the invalid column. */
  details?: Maybe<Scalars['JSONObject']['output']>;
  /** What was wrong and what is allowed. */
  message: Scalars['String']['output'];
};

/** Result for one input of a batch. */
export type PredictionResult = Prediction | PredictionError;

/** What a caller has used since the start of the replica that answers. */
export type PrincipalUsage = {
  __typename?: 'PrincipalUsage';
  /** Calls that made predictions. */
  calls: Scalars['SafeInt']['output'];
  /** Share of the compute time of the models, in milliseconds. */
  computeMs: Scalars['Float']['output'];
  /** ID of an API key, `token:` and a subject, or `address:` and an address; `others` for callers that have long been silent. */
  id: Scalars['ID']['output'];
  /** Time of the last call. */
  lastUsedAt: Scalars['DateTime']['output'];
  /** Name of the caller. */
  name: Scalars['String']['output'];
  /** Calls that were refused because of a rate limit. */
  refused: Scalars['SafeInt']['output'];
  /** Predictions that were asked for, including those from the cache. */
  rows: Scalars['SafeInt']['output'];
};

/** Scheduling priority while all workers are busy. */
export type Priority =
  /** Yields to INTERACTIVE requests. */
  | 'BULK'
  /** Runs before BULK requests. */
  | 'INTERACTIVE';

/** Typed predictions of each model, and the state of the server. */
export type Query = {
  __typename?: 'Query';
  /** The schema that the caller may see, for routers of a federated graph. */
  _service: _Service;
  /** Which of 77 intents a customer's question to a bank expresses. */
  banking77?: Maybe<Banking77Prediction>;
  /** Which digit, 0 to 9, a small picture of handwriting shows. */
  digits?: Maybe<DigitsPrediction>;
  /** Comparison of the inputs and predictions of a model with its reference. Every prediction counts, cached or not; the state is updated at least every 100 predictions and every 2 seconds. */
  drift: DriftReport;
  /** Health of the server and its models. */
  health: Health;
  /** Current metrics. */
  metrics: Metrics;
  /** Metrics of this replica over the last hour, oldest first. */
  metricsHistory: Array<MetricsPoint>;
  /** A model by name; null if there is none. */
  model?: Maybe<Model>;
  /** Comparison of the versions of a model. Method: Robbins' normal mixture confidence sequence for bounded means at 95 %. It is valid at all times simultaneously, so looking repeatedly does not raise the rate of false verdicts. */
  modelComparison: ModelComparison;
  /** Events of all models, or of one, since this replica started, newest first. The last 1000 are remembered. */
  modelEvents: Array<ModelEvent>;
  /** All models in alphabetical order, including those that failed to load. */
  models: Array<Model>;
  /** Species of a penguin of the Palmer Archipelago, told from its measurements. */
  penguins?: Maybe<PenguinsPrediction>;
  /** Failed, refused and slow requests of the last 15 minutes on this replica, newest first. A caller limited to some models sees those that concern only these. */
  recentRequests: Array<RecentRequest>;
  /** Replicas that share a Redis, the one that answers first; without Redis, only that one. */
  replicas: Array<Replica>;
  /** Usage by caller, the heaviest first. Requires the scope access:admin. */
  usage: Array<PrincipalUsage>;
  /** The caller and the scopes that it is granted. */
  viewer: Viewer;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryBanking77Args = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  text: Scalars['String']['input'];
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryDigitsArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  image: Scalars['String']['input'];
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryDriftArgs = {
  against?: InputMaybe<Scalars['String']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
  version?: InputMaybe<Scalars['String']['input']>;
  window?: InputMaybe<DriftWindow>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryMetricsArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<MetricsScope>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryMetricsHistoryArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryModelArgs = {
  name: Scalars['String']['input'];
};


/** Typed predictions of each model, and the state of the server. */
export type QueryModelComparisonArgs = {
  model: Scalars['String']['input'];
};


/** Typed predictions of each model, and the state of the server. */
export type QueryModelEventsArgs = {
  limit?: InputMaybe<Scalars['Int']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryPenguinsArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  billDepthMm?: InputMaybe<Scalars['Float']['input']>;
  billLengthMm?: InputMaybe<Scalars['Float']['input']>;
  bodyMassG?: InputMaybe<Scalars['Float']['input']>;
  flipperLengthMm?: InputMaybe<Scalars['Float']['input']>;
  island: PenguinsIsland;
  options?: InputMaybe<PredictOptions>;
  sex?: InputMaybe<PenguinsSex>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** Typed predictions of each model, and the state of the server. */
export type QueryRecentRequestsArgs = {
  kind?: InputMaybe<RequestKind>;
  limit?: InputMaybe<Scalars['Int']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
};

/** A request that failed, was refused or was slow. */
export type RecentRequest = {
  __typename?: 'RecentRequest';
  /** Whether the client left before the answer was complete. */
  aborted: Scalars['Boolean']['output'];
  /** ID of the caller. Requires the scope access:admin. */
  caller?: Maybe<Scalars['String']['output']>;
  /** Code of its first error; null if it was only slow. */
  code?: Maybe<Scalars['String']['output']>;
  /** Duration in milliseconds. */
  durationMs: Scalars['Float']['output'];
  /** ID of the request, which is also in the log and in `X-Request-Id`. */
  id: Scalars['ID']['output'];
  /** Beginning of the first input; null unless RECENT_REQUEST_INPUTS is set. */
  input?: Maybe<Scalars['String']['output']>;
  /** Why it is listed. */
  kind: RequestKind;
  /** What went wrong. For bad input, only its kind, unless RECENT_REQUEST_INPUTS is set. */
  message?: Maybe<Scalars['String']['output']>;
  /** HTTP method, or what comes closest. */
  method: Scalars['String']['output'];
  /** Models that it requested predictions from. */
  models: Array<Scalars['String']['output']>;
  /** Name or kind of the operation; null if it could not be read. */
  operation?: Maybe<Scalars['String']['output']>;
  /** Path without the query string, or the name of the remote procedure. */
  path: Scalars['String']['output'];
  /** Predictions that it requested. */
  rows: Scalars['Int']['output'];
  /** HTTP status, or what comes closest. */
  status: Scalars['Int']['output'];
  /** When it ended. */
  timestamp: Scalars['DateTime']['output'];
  /** ID of its trace; null if neither the server nor the client traces it. */
  traceId?: Maybe<Scalars['String']['output']>;
  /** What brought it. */
  transport: Transport;
};

/** A process of the server, as it last reported. */
export type Replica = {
  __typename?: 'Replica';
  /** Predictions that failed since it started. */
  failedRequests: Scalars['SafeInt']['output'];
  /** Name of its machine or container; null if its version does not report it. */
  host?: Maybe<Scalars['String']['output']>;
  /** Identifier, new at every start. */
  id: Scalars['ID']['output'];
  /** Predictions in progress. */
  inFlight: Scalars['Int']['output'];
  /** Whether it is the one that answers. */
  isSelf: Scalars['Boolean']['output'];
  /** Its models, as far as the caller may see them. */
  models: Array<ReplicaModel>;
  /** 95th percentile of latency over the last minute, in milliseconds; null if there were no predictions. */
  p95LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Rows waiting for a worker. */
  queuedRows: Scalars['Int']['output'];
  /** Whether it accepts traffic; null if it does not report it. */
  ready?: Maybe<Scalars['Boolean']['output']>;
  /** Version of the server; null if it does not report it. */
  serverVersion?: Maybe<Scalars['String']['output']>;
  /** Overall state; null if it does not report it. */
  status?: Maybe<HealthStatus>;
  /** Predictions per second, averaged over the last ten seconds. */
  throughput: Scalars['Float']['output'];
  /** Predictions requested since it started. */
  totalRequests: Scalars['SafeInt']['output'];
  /** Time since it started, in seconds. */
  uptimeSeconds: Scalars['Float']['output'];
};

/** State of a model on one replica. */
export type ReplicaModel = {
  __typename?: 'ReplicaModel';
  /** Name of the model. */
  name: Scalars['String']['output'];
  /** Version that answers if a request names none; null if none can. */
  servingVersion?: Maybe<Scalars['String']['output']>;
  /** State of the serving version. */
  state: ModelState;
};

/** Why a request is listed. */
export type RequestKind =
  /** The server failed to answer it. */
  | 'FAILED'
  /** It was refused: bad input, a limit, or a missing permission. */
  | 'REFUSED'
  /** It took at least SLOW_REQUEST_MS. */
  | 'SLOW';

/** A label and its score. */
export type Score = {
  __typename?: 'Score';
  /** Name of the class. */
  label: Scalars['String']['output'];
  /** Probability from 0 to 1. */
  score: Scalars['Float']['output'];
};

/** Inputs and outputs of a model, as declared by its files. */
export type Signature = {
  __typename?: 'Signature';
  /** Input tensors. */
  inputs: Array<TensorSpec>;
  /** Output tensors. */
  outputs: Array<TensorSpec>;
};

/** Live updates. */
export type Subscription = {
  __typename?: 'Subscription';
  /** Changes of the drift state as they happen: into WARNING or DRIFT, and back. */
  driftAlerts: DriftAlert;
  /** Metrics at once and then at every interval. A slow client skips snapshots and always receives the latest. */
  metrics: Metrics;
  /** Events of all models, or of one, as they happen. At most 256 events are buffered for a slow client; the oldest are dropped first. */
  modelEvents: ModelEvent;
};


/** Live updates. */
export type SubscriptionDriftAlertsArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};


/** Live updates. */
export type SubscriptionMetricsArgs = {
  intervalMs?: InputMaybe<Scalars['Int']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<MetricsScope>;
};


/** Live updates. */
export type SubscriptionModelEventsArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};

/** A success rate with its counts. */
export type SuccessRate = {
  __typename?: 'SuccessRate';
  /** Total count. */
  count: Scalars['SafeInt']['output'];
  /** Successes per count, 0 to 1; null if the count is 0. */
  rate?: Maybe<Scalars['Float']['output']>;
  /** Number of successes. */
  successes: Scalars['SafeInt']['output'];
};

/** A named output tensor. */
export type Tensor = {
  __typename?: 'Tensor';
  /** Elements in row-major order, as one flat array. */
  data: Scalars['TensorData']['output'];
  /** Data type of the elements. */
  datatype: Datatype;
  /** Name of the output in the model's signature. */
  name: Scalars['String']['output'];
  /** Size of each dimension, outermost first. */
  shape: Array<Scalars['Int']['output']>;
};

/** A named input tensor, as in the Open Inference Protocol. */
export type TensorInput = {
  /** Elements in row-major order, as a flat or nested array. */
  data: Scalars['TensorData']['input'];
  /** Data type of the elements. */
  datatype: Datatype;
  /** Name of the input in the model's signature. */
  name: Scalars['String']['input'];
  /** Size of each dimension, outermost first: at most 16, each at least 0. */
  shape: Array<Scalars['Int']['input']>;
};

/** Declaration of one input or output of a model. */
export type TensorSpec = {
  __typename?: 'TensorSpec';
  /** Data type of the elements. */
  datatype: Datatype;
  /** Name of the input or output. */
  name: Scalars['String']['output'];
  /** Whether the input may be left out. */
  optional: Scalars['Boolean']['output'];
  /** Number of dimensions; null where any number may come. */
  rank?: Maybe<Scalars['Int']['output']>;
  /** Size of each dimension, outermost first; null for a dynamic dimension. */
  shape: Array<Maybe<Scalars['Int']['output']>>;
};

/** Breakdown of the latency of one prediction, in milliseconds. */
export type Timings = {
  __typename?: 'Timings';
  /** Time spent looking in the cache. */
  cacheMs: Scalars['Float']['output'];
  /** Time spent encoding the input into tensors. */
  encodeMs: Scalars['Float']['output'];
  /** Time the engine took to run the batch; 0 if cached. */
  inferenceMs: Scalars['Float']['output'];
  /** Time spent waiting for a worker; 0 if cached. */
  queueMs: Scalars['Float']['output'];
};

/** A version's share of the requests that do not name a version. */
export type TrafficShare = {
  __typename?: 'TrafficShare';
  /** Share in percent, 0 to 100. */
  percent: Scalars['Float']['output'];
  /** Name of the version. */
  version: Scalars['String']['output'];
};

/** A version's share of the requests that do not name a version. */
export type TrafficShareInput = {
  /** Share in percent, 0 to 100. */
  percent: Scalars['Float']['input'];
  /** Version, or a version label. */
  version: Scalars['String']['input'];
};

/** What brought a request. */
export type Transport =
  | 'GRPC'
  | 'HTTP'
  | 'INTERNAL'
  | 'WEBSOCKET';

/** How a version compares with the serving one, by reported outcomes. */
export type Verdict =
  /** Its accuracy is significantly higher. */
  | 'BETTER'
  /** There are not enough outcomes yet. */
  | 'NOT_YET_KNOWN'
  /** Its accuracy is significantly lower. */
  | 'WORSE';

/** Statistics of one version on this replica since it was loaded. */
export type VersionComparison = {
  __typename?: 'VersionComparison';
  /** As a shadow version: predictions that agreed with the version that answered (equal labels, numbers within 1 percent, vectors with a cosine similarity of at least 0.99). */
  agreement: SuccessRate;
  /** Accuracy compared with the serving version; null for the serving version itself. */
  comparedToServing?: Maybe<OutcomeComparison>;
  /** Failed requests per request, 0 to 1. */
  errorRate?: Maybe<Scalars['Float']['output']>;
  /** Failed requests. */
  errors: Scalars['SafeInt']['output'];
  /** Latency of predictions. */
  latency: LatencyFigures;
  /** Mean confidence, 0 to 1; null if the model has none. */
  meanConfidence?: Maybe<Scalars['Float']['output']>;
  /** Metrics of the version on this replica, also while no other is loaded. */
  metrics: Metrics;
  /** Predictions of labels beyond the 1000 that are counted individually. */
  otherPredictions: Scalars['SafeInt']['output'];
  /** Correct predictions among those with a reported outcome; the rate is the accuracy. */
  outcomes: SuccessRate;
  /** Predicted labels, most frequent first. */
  predictions: Array<LabelCount>;
  /** Requests other than invalid ones, counted while more than one version is loaded. */
  requests: Scalars['SafeInt']['output'];
  /** Whether it is the serving version, which the others are compared with. */
  serving: Scalars['Boolean']['output'];
  /** Shadow runs skipped because the version was busy. */
  shadowDropped: Scalars['SafeInt']['output'];
  /** Failed shadow runs. */
  shadowFailed: Scalars['SafeInt']['output'];
  /** Share of requests that name no version, in percent. */
  trafficPercent: Scalars['Float']['output'];
  /** Name of the version. */
  version: Scalars['String']['output'];
};


/** Statistics of one version on this replica since it was loaded. */
export type VersionComparisonPredictionsArgs = {
  top?: InputMaybe<Scalars['Int']['input']>;
};

/** The caller. */
export type Viewer = {
  __typename?: 'Viewer';
  /** What the caller may do. */
  grants: Array<GrantedScope>;
  /** ID of the API key, `token:` and a subject, or `address:` and an address. */
  id: Scalars['ID']['output'];
  /** Name of the caller. */
  name: Scalars['String']['output'];
};

/** This server as a subgraph of a federated graph. */
export type _Service = {
  __typename?: '_Service';
  /** The schema with the directives of Apollo Federation 2. */
  sdl: Scalars['String']['output'];
};

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { __typename?: 'Query', models: Array<{ __typename?: 'Model', name: string, state: ModelState, inputKind?: InputKind | null }> };

export type PredictMutationVariables = Exact<{
  text: Scalars['String']['input'];
}>;


export type PredictMutation = { __typename?: 'Mutation', predict: { __typename?: 'Prediction', id: string, prediction?: unknown | null, confidence?: number | null, cached: boolean, latencyMs: number, scores?: Array<{ __typename?: 'Score', label: string, score: number }> | null } };

export type PredictBatchMutationVariables = Exact<{
  inputs: Array<ModelInput> | ModelInput;
}>;


export type PredictBatchMutation = { __typename?: 'Mutation', predictBatch: { __typename?: 'BatchPrediction', latencyMs: number, results: Array<
      | { __typename: 'Prediction', prediction?: unknown | null, confidence?: number | null }
      | { __typename: 'PredictionError', code: ErrorCode, message: string }
    > } };

export type MetricsSubscriptionVariables = Exact<{
  intervalMs: Scalars['Int']['input'];
}>;


export type MetricsSubscription = { __typename?: 'Subscription', metrics: { __typename?: 'Metrics', totalRequests: number, throughput: number, cacheHitRate: number, p95LatencyMs?: number | null } };


export const ModelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"inputKind"}}]}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const PredictDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Predict"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"text"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"predict"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"Variable","name":{"kind":"Name","value":"text"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"prediction"}},{"kind":"Field","name":{"kind":"Name","value":"confidence"}},{"kind":"Field","name":{"kind":"Name","value":"scores"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"top"},"value":{"kind":"IntValue","value":"3"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"score"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cached"}},{"kind":"Field","name":{"kind":"Name","value":"latencyMs"}}]}}]}}]} as unknown as DocumentNode<PredictMutation, PredictMutationVariables>;
export const PredictBatchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PredictBatch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ModelInput"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"predictBatch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"inputs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Prediction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"prediction"}},{"kind":"Field","name":{"kind":"Name","value":"confidence"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PredictionError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"latencyMs"}}]}}]}}]} as unknown as DocumentNode<PredictBatchMutation, PredictBatchMutationVariables>;
export const MetricsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Metrics"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"intervalMs"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"metrics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"intervalMs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"intervalMs"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalRequests"}},{"kind":"Field","name":{"kind":"Name","value":"throughput"}},{"kind":"Field","name":{"kind":"Name","value":"cacheHitRate"}},{"kind":"Field","name":{"kind":"Name","value":"p95LatencyMs"}}]}}]}}]} as unknown as DocumentNode<MetricsSubscription, MetricsSubscriptionVariables>;