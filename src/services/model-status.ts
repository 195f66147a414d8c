import type { Signature } from '../tensor/tensor.ts';
import type { EngineName } from './engine-name.ts';
import type { EntityMapping } from './entity-mapping.ts';
import type { InputKind, ModelInput } from './model-input.ts';
import type { OutputKind } from './output-kind.ts';
import type { TrafficShare } from './traffic.ts';

/** Life of a model version. */
export const VERSION_STATES = [
  'loading',
  'warming',
  'ready',
  'draining',
  'unloaded',
  'failed',
] as const;

/** State of a model version. */
export type VersionState = (typeof VERSION_STATES)[number];

/** Whether and why the inputs of a version are joined to batches. */
export interface BatchingStatus {
  readonly enabled: boolean;
  /** Why, or why not. */
  readonly reason: string;
  /** Whether the server has shown on the model itself that answers stay the same. */
  readonly verified: boolean;
}

/** What is known of one version of a model. */
export interface VersionStatus {
  readonly version: string;
  readonly state: VersionState;
  /** Why it failed, or why it serves without having been warmed; else `null`. Free of paths. */
  readonly reason: string | null;
  /** Whether it made a prediction before clients came; `null` until it is loaded. */
  readonly warmed: boolean | null;
  /** `null` until it is loaded. */
  readonly batching: BatchingStatus | null;
  readonly engine: EngineName | null;
  /** What computes (`wasm`, `tensorflow`, `cpu` …), once loaded. */
  readonly backend: string | null;
  /** Time that loading and warming up took, in milliseconds. */
  readonly loadMs: number | null;
  readonly signature: Signature | null;
  /** Live workers. */
  readonly workers: number;
}

/** An input that the model's card gives as an example. */
export interface ModelExample {
  readonly input: ModelInput;
  readonly prediction?: unknown;
}

/** A column of a model that takes tables. */
export interface InputColumn {
  readonly name: string;
  readonly description: string | null;
  readonly type: 'numeric' | 'categorical' | 'string' | 'boolean';
  /** The listed values of a categorical column. */
  readonly values: readonly (string | number | boolean)[] | null;
  /** Whether other values than the listed ones are refused. @default false */
  readonly closed?: boolean;
  /** Whether a missing value is refused. */
  readonly required: boolean;
}

/** What is known of one model of the repository. */
export interface ModelStatus {
  readonly name: string;
  readonly description: string | null;
  /** Whether requests that name no model go here. */
  readonly isDefault: boolean;
  /** State of the version that serves, else of the newest. */
  readonly state: VersionState;
  readonly reason: string | null;
  /** Of the version that serves; `null` where none does. */
  readonly warmed: boolean | null;
  /** Of the version that serves; `null` where none does. */
  readonly batching: BatchingStatus | null;
  /** Version that answers when a request names none; `null` when none can. */
  readonly servingVersion: string | null;
  readonly inputKind: InputKind | null;
  readonly outputKind: OutputKind | null;
  readonly labels: readonly string[] | null;
  /** Columns of a model that takes tables, else `null`. */
  readonly columns: readonly InputColumn[] | null;
  /** Unit of a regression, where the manifest tells one. */
  readonly unit: string | null;
  readonly versions: readonly VersionStatus[];
  /** Names for versions, as label → version. */
  readonly versionLabels: Readonly<Record<string, string>>;
  /** Shares of the requests that name no version; the serving version has what is left. */
  readonly traffic: readonly TrafficShare[];
  /** Version that runs a share of the requests too, its answers compared and not sent. */
  readonly shadow: TrafficShare | null;
  readonly examples: readonly ModelExample[];
  /** Types of other subgraphs that it adds fields to. @default none */
  readonly entities?: readonly EntityMapping[];
}

/** Overall state: all models ready, some failed or some part impaired, or none can serve. */
export const HEALTH_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const;

/** Overall state of a server. */
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** What `health` answers. */
export interface HealthReport {
  readonly status: HealthStatus;
  /** Whether at least one model can serve. */
  readonly modelLoaded: boolean;
  /** Whether loading has finished and the process takes traffic (false again in shutdown). */
  readonly ready: boolean;
  /** Why it is not `healthy`, one line each. */
  readonly reasons: readonly string[];
  /** How many versions have been loaded, of how many, while any are; else `null`. */
  readonly loading: { readonly done: number; readonly total: number } | null;
  readonly uptimeSeconds: number;
  /** Version of the server. */
  readonly serverVersion: string;
  readonly models: readonly ModelStatus[];
}
