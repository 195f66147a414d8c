import type { HealthStatus, VersionState } from './model-status.ts';

/** One process of the server, as it last told of itself. */
export interface ReplicaStatus {
  /** Chosen anew at each start. */
  readonly id: string;
  /** Whether it is the one that answers. */
  readonly isSelf: boolean;
  /** Name of its machine or container; `null` where it runs a version that does not tell. */
  readonly host: string | null;
  readonly serverVersion: string | null;
  readonly status: HealthStatus | null;
  /** Whether it takes traffic; `null` where it does not tell. */
  readonly ready: boolean | null;
  readonly uptimeSeconds: number;
  /** Predictions asked for since its start, of the models that the caller may see. */
  readonly totalRequests: number;
  readonly failedRequests: number;
  /** Predictions per second over the last ten seconds. */
  readonly throughput: number;
  /** Predictions being worked on. */
  readonly inFlight: number;
  /** Rows that wait for a worker. */
  readonly queuedRows: number;
  /** Of the last minute, in milliseconds; `null` without any prediction. */
  readonly p95Ms: number | null;
  readonly models: readonly ReplicaModel[];
}

/** What a replica says of one of its models. */
export interface ReplicaModel {
  readonly name: string;
  readonly state: VersionState;
  /** Version that answers when a request names none; `null` when none can. */
  readonly servingVersion: string | null;
}
