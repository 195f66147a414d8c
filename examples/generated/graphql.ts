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
  /** Any JSON value. Numbers that are not finite are written as null, 64-bit integers that a JSON number cannot hold exactly as decimal strings. */
  JSON: { input: unknown; output: unknown; }
  /** A JSON object, such as {"age": 41, "country": "CH"}. */
  JSONObject: { input: Record<string, unknown>; output: Record<string, unknown>; }
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

/** An answer of the model "banking77". */
export type Banking77Prediction = {
  __typename?: 'Banking77Prediction';
  /** Whether it came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the likeliest label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique name of this answer. */
  id: Scalars['ID']['output'];
  /** The likeliest label. */
  label: Banking77Label;
  /** Time from the call to the answer inside the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** All output tensors of the model, raw. */
  outputs: Array<Tensor>;
  /** The likeliest labels, best first. */
  scores: Array<Banking77Score>;
  /** Where that time went. */
  timings: Timings;
  /** Version that answered. */
  version: Scalars['String']['output'];
};


/** An answer of the model "banking77". */
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

/** The answers to a batch. */
export type BatchPrediction = {
  __typename?: 'BatchPrediction';
  /** Time from the call to the last answer inside the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** In the order of the inputs; a bad input is an error in its own place. */
  results: Array<PredictionResult>;
};

/** One bar of the histogram of batch sizes. */
export type BatchSizeBucket = {
  __typename?: 'BatchSizeBucket';
  /** Batches of that size; a whole number. */
  count: Scalars['Float']['output'];
  /** Largest number of rows counted here; null is "more than all others". */
  upTo?: Maybe<Scalars['Int']['output']>;
};

/** How a request treats the cache of predictions. */
export type CacheMode =
  /** Computes anew and leaves the cache as it is. */
  | 'BYPASS'
  /** Computes anew and fills the cache. */
  | 'REFRESH'
  /** Answers from the cache where it can, and fills it. */
  | 'USE';

/** Type of the values of a column. */
export type ColumnType =
  /** true or false. */
  | 'BOOLEAN'
  /** One of several values. */
  | 'CATEGORICAL'
  /** Numbers. */
  | 'NUMERIC'
  /** Texts. */
  | 'STRING';

/** Type of the elements of a tensor, named as in the Open Inference Protocol. */
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

/** An answer of the model "digits". */
export type DigitsPrediction = {
  __typename?: 'DigitsPrediction';
  /** Whether it came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the likeliest label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique name of this answer. */
  id: Scalars['ID']['output'];
  /** The likeliest label. */
  label: DigitsLabel;
  /** Time from the call to the answer inside the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** All output tensors of the model, raw. */
  outputs: Array<Tensor>;
  /** The likeliest labels, best first. */
  scores: Array<DigitsScore>;
  /** Where that time went. */
  timings: Timings;
  /** Version that answered. */
  version: Scalars['String']['output'];
};


/** An answer of the model "digits". */
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

/** Codes of errors; the same as in `extensions.code` and on REST. */
export type ErrorCode =
  /** The input does not fit the model or the contract; the message says what is allowed. */
  | 'BAD_USER_INPUT'
  /** The change contradicts what is served, such as a breaking signature; force it or mend it. */
  | 'CONFLICT'
  /** The answer was not ready within the time-out of the request. */
  | 'DEADLINE_EXCEEDED'
  /** The credentials do not allow this. */
  | 'FORBIDDEN'
  /** The model failed on this input; others are not affected. */
  | 'INFERENCE_FAILED'
  /** A defect of the server; the log has the details under the request id. */
  | 'INTERNAL_SERVER_ERROR'
  /** The route exists, with another HTTP method; see the Allow header. */
  | 'METHOD_NOT_ALLOWED'
  /** No model or version of that name is served; the message lists what is. */
  | 'MODEL_NOT_FOUND'
  /** The model is still loading, or failed to load; health says which and why. */
  | 'MODEL_NOT_READY'
  /** No such route. */
  | 'NOT_FOUND'
  /** The queue of the model is full; wait for Retry-After seconds. */
  | 'OVERLOADED'
  /** The body is larger than MAX_BODY_BYTES; send less at a time. */
  | 'PAYLOAD_TOO_LARGE'
  /** Too many requests of this client; wait for Retry-After seconds. */
  | 'RATE_LIMITED'
  /** Credentials are missing or wrong. */
  | 'UNAUTHENTICATED'
  /** The body must be sent as application/json. */
  | 'UNSUPPORTED_MEDIA_TYPE';

/** How often one error has happened. */
export type ErrorCount = {
  __typename?: 'ErrorCount';
  /** Code of the error, as in ErrorCode. */
  code: Scalars['String']['output'];
  /** Failed predictions; a whole number. */
  count: Scalars['Float']['output'];
};

/** How the server is. */
export type Health = {
  __typename?: 'Health';
  /** Whether at least one model can serve. */
  modelLoaded: Scalars['Boolean']['output'];
  /** State of each model, in alphabetical order. */
  models: Array<Model>;
  /** Whether loading has finished and the server takes traffic. */
  ready: Scalars['Boolean']['output'];
  /** Why the status is not healthy, one line each. */
  reasons: Array<Scalars['String']['output']>;
  /** Version of the server. */
  serverVersion: Scalars['String']['output'];
  /** Overall state. */
  status: HealthStatus;
  /** Time since the start of the server, in seconds. */
  uptimeSeconds: Scalars['Float']['output'];
};

/** Overall state, in the same words as on REST. */
export type HealthStatus =
  /** Some model or part is impaired; others serve. */
  | 'degraded'
  /** All models serve. */
  | 'healthy'
  /** No model can serve. */
  | 'unhealthy';

/** A column of a model that takes tables: a key of `features`. */
export type InputColumn = {
  __typename?: 'InputColumn';
  /** Whether other values than the known ones are refused. */
  closed: Scalars['Boolean']['output'];
  /** What it means. */
  description?: Maybe<Scalars['String']['output']>;
  /** Name of the column. */
  name: Scalars['String']['output'];
  /** Whether a missing value is refused. */
  required: Scalars['Boolean']['output'];
  /** Type of its values. */
  type: ColumnType;
  /** Known values of a categorical column, else null. */
  values?: Maybe<Array<Scalars['JSON']['output']>>;
};

/** Kind of input that a model takes: the field of `ModelInput` to fill. */
export type InputKind =
  | 'FEATURES'
  | 'IMAGE'
  | 'TENSORS'
  | 'TEXT';

/** How often a label was predicted. */
export type LabelCount = {
  __typename?: 'LabelCount';
  /** Predictions; a whole number. */
  count: Scalars['Float']['output'];
  /** The label. */
  label: Scalars['String']['output'];
};

/** Latency of answers that were computed, not taken from the cache. */
export type LatencyFigures = {
  __typename?: 'LatencyFigures';
  /** In milliseconds; null before the first. */
  avgMs?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first. */
  p50Ms?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first. */
  p95Ms?: Maybe<Scalars['Float']['output']>;
  /** In milliseconds; null before the first. */
  p99Ms?: Maybe<Scalars['Float']['output']>;
};

/** Counters since the start, of the server or of one model, at one moment. Counts are whole numbers, given as Float since they may grow over 32 bits. */
export type Metrics = {
  __typename?: 'Metrics';
  /** Mean number of rows in a batch; null before the first. */
  avgBatchSize?: Maybe<Scalars['Float']['output']>;
  /** Mean latency in milliseconds; null before the first prediction. */
  avgLatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Histogram of batch sizes. */
  batchSizes: Array<BatchSizeBucket>;
  /** Batches that were run. */
  batches: Scalars['Float']['output'];
  /** Hits per look-up, 0 to 1; 0 before the first. */
  cacheHitRate: Scalars['Float']['output'];
  /** Answers found in the cache. */
  cacheHits: Scalars['Float']['output'];
  /** Look-ups that found nothing. */
  cacheMisses: Scalars['Float']['output'];
  /** Failed predictions by code of the error. */
  errors: Array<ErrorCount>;
  /** Predictions that failed. */
  failedRequests: Scalars['Float']['output'];
  /** Predictions being worked on. */
  inFlight: Scalars['Int']['output'];
  /** Name of the model; null for all together. */
  model?: Maybe<Scalars['String']['output']>;
  /** Median latency in milliseconds; null before the first prediction. */
  p50LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 95th percentile of latency in milliseconds; null before the first. */
  p95LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** 99th percentile of latency in milliseconds; null before the first. */
  p99LatencyMs?: Maybe<Scalars['Float']['output']>;
  /** Rows that wait for a worker. */
  queuedRows: Scalars['Int']['output'];
  /** Replicas of the server that are counted here; 1 is this one alone. */
  replicas: Scalars['Int']['output'];
  /** Predictions answered. */
  successfulRequests: Scalars['Float']['output'];
  /** Predictions per second over the last ten seconds. */
  throughput: Scalars['Float']['output'];
  /** Milliseconds since 1970 (UTC). */
  timestamp: Scalars['Float']['output'];
  /** Predictions asked for; each input of a batch counts. */
  totalRequests: Scalars['Float']['output'];
  /** Time since the start of the server, in seconds. */
  uptimeSeconds: Scalars['Float']['output'];
};

/** Whose counters are told. */
export type MetricsScope =
  /** Those of all replicas on one Redis together, their histograms merged; without Redis those of the process that answers. */
  | 'CLUSTER'
  /** Those of the process that answers. */
  | 'REPLICA';

/** One model of the repository. */
export type Model = {
  __typename?: 'Model';
  /** Columns of a model that takes tables, else null. */
  columns?: Maybe<Array<InputColumn>>;
  /** How its versions do beside each other; null while none is in memory. */
  comparison?: Maybe<ModelComparison>;
  /** What it does. */
  description?: Maybe<Scalars['String']['output']>;
  /** Inputs to try. */
  examples: Array<ModelExample>;
  /** Kind of input it takes; null until known. */
  inputKind?: Maybe<InputKind>;
  /** Whether requests that name no model go here. */
  isDefault: Scalars['Boolean']['output'];
  /** Its classes in the order of its outputs; null where it has none. */
  labels?: Maybe<Array<Scalars['String']['output']>>;
  /** Name of the model: its folder. */
  name: Scalars['String']['output'];
  /** Kind of answer it gives; null until known. */
  outputKind?: Maybe<OutputKind>;
  /** Why it cannot serve, or null. */
  reason?: Maybe<Scalars['String']['output']>;
  /** Version that answers when a request names none; null when none can. */
  servingVersion?: Maybe<Scalars['String']['output']>;
  /** Version that runs a share of the requests too, unseen by clients, or null. */
  shadow?: Maybe<TrafficShare>;
  /** State of the version that serves, else of the newest. */
  state: ModelState;
  /** Shares of the requests that name no version; what is left goes to `servingVersion`. */
  traffic: Array<TrafficShare>;
  /** Unit of a regression, where it is known. */
  unit?: Maybe<Scalars['String']['output']>;
  /** Names for versions that clients may ask for, as label → version. */
  versionLabels: Scalars['JSONObject']['output'];
  /** All its versions. */
  versions: Array<ModelVersion>;
};

/** How the versions of a model do beside each other. */
export type ModelComparison = {
  __typename?: 'ModelComparison';
  /** How outcomes are compared. */
  method: Scalars['String']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** Version that the others are compared with. */
  servingVersion?: Maybe<Scalars['String']['output']>;
  /** All versions in memory. */
  versions: Array<VersionComparison>;
};

/** Something that happened to a model or one of its versions. */
export type ModelEvent = {
  __typename?: 'ModelEvent';
  /** What happened. */
  kind: ModelEventKind;
  /** Why, in words and numbers. */
  message: Scalars['String']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** Milliseconds since 1970 (UTC). */
  timestamp: Scalars['Float']['output'];
  /** Version; null where the whole model is meant. */
  version?: Maybe<Scalars['String']['output']>;
};

/** What happened to a model. */
export type ModelEventKind =
  /** A version could not be loaded, or was refused. */
  | 'FAILED'
  /** A version was loaded and warmed. */
  | 'LOADED'
  /** A canary crossed the limits of model.yaml and has no share. */
  | 'ROLLED_BACK'
  /** Requests are spread over the versions in another way. */
  | 'TRAFFIC_CHANGED'
  /** A version has drained, and its memory is freed. */
  | 'UNLOADED';

/** An input that the card of the model gives as an example. */
export type ModelExample = {
  __typename?: 'ModelExample';
  /** The input, as a value for `ModelInput`. */
  input: Scalars['JSONObject']['output'];
  /** What the model should answer, where the card says it. */
  prediction?: Maybe<Scalars['JSON']['output']>;
};

/** The input of one prediction: exactly one of its fields, the one that the model takes (`inputKind` of the model says which). */
export type ModelInput =
  /** Column values by name, for models of input kind FEATURES. */
  { features: Scalars['JSONObject']['input']; image?: never; tensors?: never; text?: never; }
  |  /** Data URL or base64 of a PNG, JPEG or WebP file, for input kind IMAGE. */
  { features?: never; image: Scalars['String']['input']; tensors?: never; text?: never; }
  |  /** Every input tensor of the signature, at most 64; for any model. */
  { features?: never; image?: never; tensors: Array<TensorInput>; text?: never; }
  |  /** Text, for models of input kind TEXT. */
  { features?: never; image?: never; tensors?: never; text: Scalars['String']['input']; };

/** Life of a model version. */
export type ModelState =
  /** It finishes what it has begun and takes no more. */
  | 'DRAINING'
  /** It could not be loaded; `reason` says why. */
  | 'FAILED'
  /** Its files are being loaded. */
  | 'LOADING'
  /** It serves. */
  | 'READY'
  /** It is in the repository but not in memory. */
  | 'UNLOADED'
  /** It makes its first predictions, unseen by clients. */
  | 'WARMING';

/** One version of a model. */
export type ModelVersion = {
  __typename?: 'ModelVersion';
  /** What computes inside the engine, such as wasm or cpu; null until loaded. */
  backend?: Maybe<Scalars['String']['output']>;
  /** Library that runs it, such as tfjs or onnx. */
  engine?: Maybe<Scalars['String']['output']>;
  /** Time that loading and warming up took, in milliseconds; null until loaded. */
  loadMs?: Maybe<Scalars['Float']['output']>;
  /** Why it failed, or null. */
  reason?: Maybe<Scalars['String']['output']>;
  /** Its inputs and outputs; null until loaded. */
  signature?: Maybe<Signature>;
  /** Where in its life it is. */
  state: ModelState;
  /** Name of the version. */
  version: Scalars['String']['output'];
  /** Live workers, 0 or more. */
  workers: Scalars['Int']['output'];
};

/** What makes predictions, and changes what is served. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Loads a model, or one version of it, beside what serves, and answers when it is ready: CONFLICT where it would break clients, MODEL_NOT_READY where it cannot be loaded. */
  loadModel: Model;
  /** Predicts one input. */
  predict: Prediction;
  /** Predicts many inputs with one model. */
  predictBatch: BatchPrediction;
  /** Takes what has changed in the folder of a model, or of all, and answers when it serves. */
  reloadModels: Array<Model>;
  /** Tells what turned out to be right. Predictions whose `id` was selected are remembered for 24 hours (the last 100,000), on the replica that answered. */
  reportOutcome: OutcomeReport;
  /** Spreads the requests that name no version, instead of what model.yaml says. With neither `split` nor `shadow`, model.yaml counts again. */
  setTraffic: Model;
  /** Takes a model, or one version of it, out of memory until it is loaded by hand again. Answers when what it had begun has ended and its memory is freed. */
  unloadModel: Model;
};


/** What makes predictions, and changes what is served. */
export type MutationLoadModelArgs = {
  force?: InputMaybe<Scalars['Boolean']['input']>;
  name: Scalars['String']['input'];
  version?: InputMaybe<Scalars['String']['input']>;
};


/** What makes predictions, and changes what is served. */
export type MutationPredictArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  input: ModelInput;
  model?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** What makes predictions, and changes what is served. */
export type MutationPredictBatchArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  inputs: Array<ModelInput>;
  model?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** What makes predictions, and changes what is served. */
export type MutationReloadModelsArgs = {
  force?: InputMaybe<Scalars['Boolean']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
};


/** What makes predictions, and changes what is served. */
export type MutationReportOutcomeArgs = {
  actual: Scalars['JSON']['input'];
  predictionId: Scalars['ID']['input'];
};


/** What makes predictions, and changes what is served. */
export type MutationSetTrafficArgs = {
  model: Scalars['String']['input'];
  shadow?: InputMaybe<TrafficShareInput>;
  split?: InputMaybe<Array<TrafficShareInput>>;
};


/** What makes predictions, and changes what is served. */
export type MutationUnloadModelArgs = {
  name: Scalars['String']['input'];
  version?: InputMaybe<Scalars['String']['input']>;
};

/** Accuracy beside that of the serving version. Method: Robbins' normal mixture confidence sequence for bounded means, 95 %: it holds at all times at once, so that looking again and again makes no false verdict likelier. */
export type OutcomeComparison = {
  __typename?: 'OutcomeComparison';
  /** Accuracy less that of the serving version; null before both have outcomes. */
  difference?: Maybe<Scalars['Float']['output']>;
  /** Greatest difference that the outcomes allow. */
  high?: Maybe<Scalars['Float']['output']>;
  /** Least difference that the outcomes allow. */
  low?: Maybe<Scalars['Float']['output']>;
  /** Outcomes that each of both versions still needs for a verdict if the difference stays as it is; null when the verdict is there, or cannot be foreseen. */
  moreOutcomesNeeded?: Maybe<Scalars['Float']['output']>;
  /** What that says. */
  verdict: Verdict;
};

/** What became of a reported outcome. */
export type OutcomeReport = {
  __typename?: 'OutcomeReport';
  /** Whether the prediction was right. */
  correct: Scalars['Boolean']['output'];
  /** Whether it counts: an outcome counts once for each prediction. */
  counted: Scalars['Boolean']['output'];
  /** Model that had predicted. */
  model: Scalars['String']['output'];
  /** The prediction. */
  predictionId: Scalars['ID']['output'];
  /** Version that had predicted. */
  version: Scalars['String']['output'];
};

/** Kind of answer that a model gives. */
export type OutputKind =
  /** One label of several. */
  | 'CLASSIFICATION'
  /** A vector. */
  | 'EMBEDDING'
  /** Any number of labels. */
  | 'MULTI_LABEL'
  /** A number. */
  | 'REGRESSION'
  /** Raw tensors. */
  | 'TENSORS';

/** Values of column "island" of a typed model field. */
export type PenguinsIsland =
  | 'Biscoe'
  | 'Dream'
  | 'Torgersen';

/** Labels of the model "penguins". */
export type PenguinsLabel =
  | 'Adelie'
  | 'Chinstrap'
  | 'Gentoo';

/** An answer of the model "penguins". */
export type PenguinsPrediction = {
  __typename?: 'PenguinsPrediction';
  /** Whether it came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the likeliest label, from 0 to 1. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique name of this answer. */
  id: Scalars['ID']['output'];
  /** The likeliest label. */
  label: PenguinsLabel;
  /** Time from the call to the answer inside the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** Name of the model. */
  model: Scalars['String']['output'];
  /** All output tensors of the model, raw. */
  outputs: Array<Tensor>;
  /** The likeliest labels, best first. */
  scores: Array<PenguinsScore>;
  /** Where that time went. */
  timings: Timings;
  /** Version that answered. */
  version: Scalars['String']['output'];
};


/** An answer of the model "penguins". */
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

/** Values of column "sex" of a typed model field. */
export type PenguinsSex =
  | 'female'
  | 'male';

/** How a prediction is to be made. */
export type PredictOptions = {
  /** Left out: USE. */
  cache?: InputMaybe<CacheMode>;
  /** Left out: INTERACTIVE for one input, BULK for a batch. */
  priority?: InputMaybe<Priority>;
  /** Deadline in milliseconds, 1 to 3600000. Left out: the header X-Request-Timeout-Ms, else the default of the server. */
  timeoutMs?: InputMaybe<Scalars['Int']['input']>;
};

/** One answer of a model. What is not selected is not computed. */
export type Prediction = {
  __typename?: 'Prediction';
  /** Whether the answer came from the cache. */
  cached: Scalars['Boolean']['output'];
  /** Probability of the prediction, from 0 to 1; null where the kind of output has none. */
  confidence?: Maybe<Scalars['Float']['output']>;
  /** Unique name of this answer. */
  id: Scalars['ID']['output'];
  /** Time from the call to the answer inside the server, in milliseconds. */
  latencyMs: Scalars['Float']['output'];
  /** Name of the model that answered. */
  model: Scalars['String']['output'];
  /** All output tensors of the model, raw. */
  outputs: Array<Tensor>;
  /** The answer in the terms of the model: the label of a classification, the labels of a multi-label one, the number of a regression, the vector of an embedding, the data of a lone tensor. */
  prediction?: Maybe<Scalars['JSON']['output']>;
  /** The likeliest labels, best first; null where the output has no labels. */
  scores?: Maybe<Array<Score>>;
  /** Where that time went. */
  timings: Timings;
  /** Version of the model that answered. */
  version: Scalars['String']['output'];
};


/** One answer of a model. What is not selected is not computed. */
export type PredictionScoresArgs = {
  top?: InputMaybe<Scalars['Int']['input']>;
};

/** Why one input of a batch has no prediction. */
export type PredictionError = {
  __typename?: 'PredictionError';
  /** What kind of error. */
  code: ErrorCode;
  /** Further facts, such as the offending column. */
  details?: Maybe<Scalars['JSONObject']['output']>;
  /** What was wrong and what is allowed. */
  message: Scalars['String']['output'];
};

/** The answer to one input of a batch. */
export type PredictionResult = Prediction | PredictionError;

/** Which requests go first where the workers are busy. */
export type Priority =
  /** Waits for interactive requests. */
  | 'BULK'
  /** Goes before bulk requests. */
  | 'INTERACTIVE';

/** What can be asked. */
export type Query = {
  __typename?: 'Query';
  /** Which of 77 intents a customer's question to a bank expresses. */
  banking77: Banking77Prediction;
  /** Which digit, 0 to 9, a small picture of handwriting shows. */
  digits: DigitsPrediction;
  /** How the server and its models are. */
  health: Health;
  /** What the server has counted. */
  metrics: Metrics;
  /** One model, or null where there is none of that name. */
  model?: Maybe<Model>;
  /** How the versions of a model do beside each other. Method: Robbins' normal mixture confidence sequence for bounded means, 95 %: it holds at all times at once, so that looking again and again makes no false verdict likelier. */
  modelComparison: ModelComparison;
  /** All models in alphabetical order, failed ones too. */
  models: Array<Model>;
  /** Species of a penguin of the Palmer Archipelago, told from its measurements. */
  penguins: PenguinsPrediction;
};


/** What can be asked. */
export type QueryBanking77Args = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  options?: InputMaybe<PredictOptions>;
  text: Scalars['String']['input'];
  version?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked. */
export type QueryDigitsArgs = {
  assignmentKey?: InputMaybe<Scalars['String']['input']>;
  image: Scalars['String']['input'];
  options?: InputMaybe<PredictOptions>;
  version?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked. */
export type QueryMetricsArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<MetricsScope>;
};


/** What can be asked. */
export type QueryModelArgs = {
  name: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryModelComparisonArgs = {
  model: Scalars['String']['input'];
};


/** What can be asked. */
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

/** A label and how much the model believes in it. */
export type Score = {
  __typename?: 'Score';
  /** Name of the class. */
  label: Scalars['String']['output'];
  /** Probability from 0 to 1. */
  score: Scalars['Float']['output'];
};

/** Inputs and outputs of a model, as its files declare them. */
export type Signature = {
  __typename?: 'Signature';
  /** Tensors that go in. */
  inputs: Array<TensorSpec>;
  /** Tensors that come out. */
  outputs: Array<TensorSpec>;
};

/** What can be watched. */
export type Subscription = {
  __typename?: 'Subscription';
  /** What the server has counted, now and then again and again. A client that reads slowly gets the newest snapshot only. */
  metrics: Metrics;
  /** What happens to the models from now on. A client that reads slowly misses the oldest of more than 256 events. */
  modelEvents: ModelEvent;
};


/** What can be watched. */
export type SubscriptionMetricsArgs = {
  intervalMs?: InputMaybe<Scalars['Int']['input']>;
  model?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<MetricsScope>;
};


/** What can be watched. */
export type SubscriptionModelEventsArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};

/** How many of how many. */
export type SuccessRate = {
  __typename?: 'SuccessRate';
  /** All of them; a whole number. */
  count: Scalars['Float']['output'];
  /** 0 to 1; null before the first. */
  rate?: Maybe<Scalars['Float']['output']>;
  /** Those that did; a whole number. */
  successes: Scalars['Float']['output'];
};

/** A named output tensor. */
export type Tensor = {
  __typename?: 'Tensor';
  /** Elements as one flat array in row-major order; null stands for a number that is not finite. */
  data: Scalars['JSON']['output'];
  /** Type of the elements. */
  datatype: Datatype;
  /** Name of the output in the signature. */
  name: Scalars['String']['output'];
  /** Size of each dimension, outermost first. */
  shape: Array<Scalars['Int']['output']>;
};

/** One named input tensor, as in the Open Inference Protocol. */
export type TensorInput = {
  /** Array of the elements in row-major order, flat or nested. */
  data: Scalars['JSON']['input'];
  /** Type of the elements. */
  datatype: Datatype;
  /** Name of the input in the signature of the model. */
  name: Scalars['String']['input'];
  /** Size of each dimension, outermost first: at most 16, each at least 0. */
  shape: Array<Scalars['Int']['input']>;
};

/** What a model declares of one input or output. */
export type TensorSpec = {
  __typename?: 'TensorSpec';
  /** Type of the elements. */
  datatype: Datatype;
  /** Name of the input or output. */
  name: Scalars['String']['output'];
  /** Size of each dimension, outermost first; null marks a dynamic dimension. */
  shape: Array<Maybe<Scalars['Int']['output']>>;
};

/** Where the time of one prediction went, in milliseconds. */
export type Timings = {
  __typename?: 'Timings';
  /** Looking in the cache. */
  cacheMs: Scalars['Float']['output'];
  /** Turning the input into tensors. */
  encodeMs: Scalars['Float']['output'];
  /** Running the batch in the engine; 0 when cached. */
  inferenceMs: Scalars['Float']['output'];
  /** Waiting for a worker; 0 when cached. */
  queueMs: Scalars['Float']['output'];
};

/** A version and its share of the requests that name no version. */
export type TrafficShare = {
  __typename?: 'TrafficShare';
  /** Percent of the requests, 0 to 100. */
  percent: Scalars['Float']['output'];
  /** Name of the version. */
  version: Scalars['String']['output'];
};

/** A version and its share of the requests that name no version. */
export type TrafficShareInput = {
  /** Percent of the requests, 0 to 100. */
  percent: Scalars['Float']['input'];
  /** Version, or a label for one. */
  version: Scalars['String']['input'];
};

/** How a version does beside the serving one, by outcomes. */
export type Verdict =
  /** Its accuracy is higher, beyond the doubt of the interval. */
  | 'BETTER'
  /** The outcomes so far do not tell. */
  | 'NOT_YET_KNOWN'
  /** Its accuracy is lower, beyond the doubt of the interval. */
  | 'WORSE';

/** How one version does, on this replica, since it was loaded. */
export type VersionComparison = {
  __typename?: 'VersionComparison';
  /** As a shadow: answers that were those of the answering version (equal labels; numbers within 1 percent; vectors of a cosine similarity of 0.99). */
  agreement: SuccessRate;
  /** Accuracy beside that of the serving version; null for that itself. */
  comparedToServing?: Maybe<OutcomeComparison>;
  /** Their share, 0 to 1. */
  errorRate?: Maybe<Scalars['Float']['output']>;
  /** Those of them that failed. */
  errors: Scalars['Float']['output'];
  /** How long answers took. */
  latency: LatencyFigures;
  /** Mean confidence, 0 to 1; null where the model has none. */
  meanConfidence?: Maybe<Scalars['Float']['output']>;
  /** Predictions of labels beyond the 1000 that are counted one by one. */
  otherPredictions: Scalars['Float']['output'];
  /** Predictions with a reported outcome that were right; the rate is accuracy. */
  outcomes: SuccessRate;
  /** What was predicted, the most frequent label first. */
  predictions: Array<LabelCount>;
  /** Requests, without those that the client got wrong, counted while there is more than one version in memory. */
  requests: Scalars['Float']['output'];
  /** Whether the others compare with it. */
  serving: Scalars['Boolean']['output'];
  /** Shadow runs that were left out since the version was busy. */
  shadowDropped: Scalars['Float']['output'];
  /** Shadow runs that failed. */
  shadowFailed: Scalars['Float']['output'];
  /** Percent of the requests that name no version. */
  trafficPercent: Scalars['Float']['output'];
  /** Name of the version. */
  version: Scalars['String']['output'];
};


/** How one version does, on this replica, since it was loaded. */
export type VersionComparisonPredictionsArgs = {
  top?: InputMaybe<Scalars['Int']['input']>;
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