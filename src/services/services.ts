import type { Call } from './call.ts';
import type { ServiceError } from '../errors.ts';
import type { InferenceStatistics } from './inference-statistics.ts';
import type { MetricsPoint } from './metrics-history.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';
import type { Signature } from '../tensor/tensor.ts';
import type { DriftService } from './drift.ts';
import type { InputKind, ModelInput } from './model-input.ts';
import type { OutputKind } from './output-kind.ts';
import type { ModelEvent } from './model-events.ts';
import type { HealthReport, ModelStatus } from './model-status.ts';
import type { Prediction } from './prediction.ts';
import type { RecentRequest, RecentRequestQuery } from './recent-request.ts';
import type { ReplicaStatus } from './replica-status.ts';
import type { MeasuredComparison } from './comparison.ts';
import type { PrincipalUsage } from './usage.ts';
import type { Traffic } from './traffic.ts';
import type { Viewer } from './viewer.ts';

/** Interactive requests go before bulk ones. */
export const PRIORITIES = ['INTERACTIVE', 'BULK'] as const;

/** Priority of a request. */
export type Priority = (typeof PRIORITIES)[number];

/** `use` reads and writes the cache, `refresh` only writes it, `bypass` does neither. */
export const CACHE_MODES = ['use', 'refresh', 'bypass'] as const;

/** How a request treats the cache. */
export type CacheMode = (typeof CACHE_MODES)[number];

/** What all prediction requests have in common. */
export interface PredictOptions {
  /** Name of the model. @default the default model */
  readonly model?: string | undefined;
  /** Version of the model. @default the version that serves */
  readonly version?: string | undefined;
  /**
   * Makes the choice of a version sticky where the traffic of a model is split: equal keys get the
   * same version on every replica. @default that of the call, else chosen anew
   */
  readonly assignmentKey?: string | undefined;
  /** Deadline in milliseconds. @default that of the call, else `REQUEST_TIMEOUT_MS` */
  readonly timeoutMs?: number | undefined;
  /** @default INTERACTIVE for one input, BULK for a batch */
  readonly priority?: Priority | undefined;
  /** @default use */
  readonly cache?: CacheMode | undefined;
  /** Whether all output tensors are wanted, not just those that tell the prediction. @default false */
  readonly allOutputs?: boolean | undefined;
  /** Names of exactly the outputs that are wanted. @default those that tell the prediction */
  readonly onlyOutputs?: readonly string[] | undefined;
  /**
   * Whether the input is the model's own tensors and its outputs are wanted as the model gives them,
   * past the codecs of its kind. @default false
   */
  readonly raw?: boolean | undefined;
}

/** What the version of a model that answers takes and gives. */
export interface ModelInterface {
  readonly model: string;
  readonly version: string;
  readonly inputKind: InputKind;
  readonly outputKind: OutputKind;
  /** Its own tensors. */
  readonly signature: Signature;
  /** Labels of a classification, in the order of its classes. */
  readonly labels: readonly string[] | null;
  /** Most inputs that are joined to a batch; 1 where none are. */
  readonly maxBatchSize: number;
  /** Whether the first axis of every tensor counts rows. */
  readonly hasRows: boolean;
  /** Whether its answers are cached. */
  readonly cached: boolean;
}

/** One prediction. */
export interface PredictRequest extends PredictOptions {
  readonly input: ModelInput;
}

/** Many predictions of one model. */
export interface PredictBatchRequest extends PredictOptions {
  readonly inputs: readonly ModelInput[];
}

/** Answers in the order of the inputs; a bad input is an error in its own place. */
export interface BatchPrediction {
  readonly results: readonly (Prediction | ServiceError)[];
  /** Milliseconds from the call to the last answer. */
  readonly latencyMs: number;
}

/** The one way to a prediction. All APIs call this and nothing below it. */
export interface PredictionService {
  /** @throws {ServiceError} any code of the registry that concerns models and inputs */
  predict(call: Call, request: PredictRequest): Promise<Prediction>;
  /** @throws {ServiceError} for what concerns the whole batch (unknown model, too many inputs) */
  predictBatch(call: Call, request: PredictBatchRequest): Promise<BatchPrediction>;
  /**
   * What a model takes and gives, for those who may ask it.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND` or `MODEL_NOT_READY`
   */
  describe(call: Call, request: PredictOptions): ModelInterface;
}

/** What is served. */
export interface ModelService {
  /** All models of the repository in alphabetical order, failed ones too. */
  list(call: Call): readonly ModelStatus[];
  get(call: Call, name: string): ModelStatus | undefined;
}

/** Changes of what is served, by hand. Each answers when it is done. */
export interface ModelAdminService {
  /**
   * Loads a model from its folder, or one version of it, even one that its policy leaves out.
   *
   * @param force takes a serving version that breaks the contract of the old one
   * @throws {ServiceError} `MODEL_NOT_FOUND`, `MODEL_NOT_READY` with the reason, or `CONFLICT`
   */
  loadModel(call: Call, name: string, version?: string, force?: boolean): Promise<ModelStatus>;
  /**
   * Takes a model, or one version of it, out of memory until it is loaded by hand again.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  unloadModel(call: Call, name: string, version?: string): Promise<ModelStatus>;
  /**
   * Takes the changes of one model's folder, or of all, at once.
   *
   * @returns the models that were looked at; one that is gone is not among them
   * @throws {ServiceError} `MODEL_NOT_FOUND`, or `CONFLICT` for a breaking change of the named model
   */
  reloadModels(call: Call, name?: string, force?: boolean): Promise<readonly ModelStatus[]>;
  /**
   * Spreads the requests that name no version.
   *
   * @param traffic versions or labels; `null` goes back to what model.yaml says
   * @throws {ServiceError} `MODEL_NOT_FOUND` or `BAD_USER_INPUT`
   */
  setTraffic(call: Call, name: string, traffic: Traffic | null): ModelStatus;
}

/** What became of a reported outcome. */
export interface OutcomeReport {
  readonly predictionId: string;
  readonly model: string;
  /** Version that had predicted. */
  readonly version: string;
  /** Whether its prediction was right. */
  readonly correct: boolean;
  /** Whether it counts; `false` where the outcome of this prediction was reported before. */
  readonly counted: boolean;
}

/** How the versions of a model do, beside each other. */
export interface ComparisonService {
  /** @throws {ServiceError} `MODEL_NOT_FOUND`, or `MODEL_NOT_READY` with no version in memory */
  comparison(call: Call, model: string): MeasuredComparison;
  /**
   * Tells what turned out to be right, in the terms of the model's predictions.
   *
   * @throws {ServiceError} `BAD_USER_INPUT` for an id that is not remembered, or an outcome of
   *   another kind than the model predicts
   */
  reportOutcome(call: Call, predictionId: string, actual: unknown): OutcomeReport;
}

/** What happens to the models. */
export interface ModelEventService {
  /**
   * The last events since the start of this replica, the newest first.
   *
   * @param model left out, of all models
   * @param limit most events, 1 to 1000
   */
  list(call: Call, model: string | undefined, limit: number): readonly ModelEvent[];
  /** @returns ends the subscription */
  subscribe(call: Call, listener: (event: ModelEvent) => void): () => void;
}

/** How the server is. */
export interface HealthService {
  report(call: Call): HealthReport;
}

/** Whose counters: this process's, or those of all replicas on one Redis together. */
export const METRICS_SCOPES = ['REPLICA', 'CLUSTER'] as const;

/** Scope of metrics. */
export type MetricsScope = (typeof METRICS_SCOPES)[number];

/** What the server counts. */
export interface MetricsService {
  /** @throws {ServiceError} `MODEL_NOT_FOUND` */
  snapshot(call: Call, model?: string): MetricsSnapshot;
  /**
   * The counters of all replicas, their histograms merged; without Redis this replica's.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  clusterSnapshot(call: Call, model?: string): Promise<MetricsSnapshot>;
  /**
   * What the versions of a model, or of all models, have done; a version that was unloaded is left
   * out.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  statistics(call: Call, model?: string): readonly InferenceStatistics[];
  /**
   * The last hour of this replica, one point every ten seconds, the oldest first.
   *
   * @throws {ServiceError} `MODEL_NOT_FOUND`
   */
  history(call: Call, model?: string): readonly MetricsPoint[];
  /** Prometheus text, or OpenMetrics text. */
  prometheus(
    call: Call,
    format: 'prometheus' | 'openmetrics',
  ): Promise<{ contentType: string; body: string }>;
  /**
   * Calls `listener` with a new snapshot every `intervalMs`, starting at once. All subscribers of
   * one model and interval share one timer and one snapshot.
   *
   * @returns ends the subscription
   */
  subscribe(
    call: Call,
    options: {
      model?: string | undefined;
      intervalMs: number;
      /** @default REPLICA */
      scope?: MetricsScope | undefined;
    },
    listener: (snapshot: MetricsSnapshot) => void,
  ): () => void;
}

/** Who has used how much. */
export interface UsageService {
  /** Every caller that is remembered, the heaviest first. */
  list(call: Call): readonly PrincipalUsage[];
}

/** The processes of the server that share one Redis. */
export interface ReplicaService {
  /** This one first, then the others by their names; without Redis, this one alone. */
  list(call: Call): Promise<readonly ReplicaStatus[]>;
}

/** Requests that went wrong or took long. */
export interface RecentRequestService {
  /** Those of the last 15 minutes on this replica, the newest first. */
  list(call: Call, query: RecentRequestQuery): readonly RecentRequest[];
}

/** Who asks. */
export interface ViewerService {
  describe(call: Call): Viewer;
}

/** All that the APIs (GraphQL, REST …) stand on. Every method takes its call first. */
export interface Services {
  readonly predictions: PredictionService;
  readonly models: ModelService;
  readonly admin: ModelAdminService;
  readonly comparisons: ComparisonService;
  readonly drift: DriftService;
  readonly modelEvents: ModelEventService;
  readonly health: HealthService;
  readonly metrics: MetricsService;
  readonly usage: UsageService;
  readonly replicas: ReplicaService;
  readonly recentRequests: RecentRequestService;
  readonly viewer: ViewerService;
}
