import type { ModelState } from './types.ts';

/** What the views of those who look after the server read of the GraphQL schema. */

/** Who looks at the page, and what that one may do. */
export interface Viewer {
  readonly name: string;
  readonly grants: readonly {
    readonly scope: string;
    /** `null` for all models. */
    readonly models: readonly string[] | null;
  }[];
}

/** The versions of a model, beside each other. */
export interface Comparison {
  readonly servingVersion: string | null;
  readonly versions: readonly ComparedVersion[];
}

/** How one version does. */
export interface ComparedVersion {
  readonly version: string;
  readonly serving: boolean;
  readonly trafficPercent: number;
  readonly agreement: { readonly count: number; readonly rate: number | null };
  readonly shadowDropped: number;
  readonly outcomes: { readonly count: number; readonly rate: number | null };
  readonly comparedToServing: {
    readonly difference: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly verdict: 'BETTER' | 'WORSE' | 'NOT_YET_KNOWN';
    readonly moreOutcomesNeeded: number | null;
  } | null;
  readonly metrics: {
    readonly totalRequests: number;
    readonly failedRequests: number;
    readonly throughput: number;
    readonly inFlight: number;
    readonly p50LatencyMs: number | null;
    readonly p95LatencyMs: number | null;
    readonly p99LatencyMs: number | null;
  };
}

/** One interval of the last hour. */
export interface MetricsPoint {
  /** In ISO 8601. */
  readonly timestamp: string;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  readonly cacheHitRate: number | null;
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly p99LatencyMs: number | null;
}

/** A request that failed, was refused or took long. */
export interface RecentRequest {
  readonly id: string;
  /** In ISO 8601. */
  readonly timestamp: string;
  readonly kind: 'FAILED' | 'REFUSED' | 'SLOW';
  readonly transport: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly models: readonly string[];
  readonly rows: number;
  readonly status: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly aborted: boolean;
  readonly durationMs: number;
  readonly traceId: string | null;
  readonly caller: string | null;
  readonly input: string | null;
}

/** Something that happened to a model. */
export interface ModelEvent {
  readonly kind: 'LOADED' | 'FAILED' | 'UNLOADED' | 'TRAFFIC_CHANGED' | 'ROLLED_BACK' | 'DRIFT';
  readonly model: string;
  readonly version: string | null;
  readonly message: string;
  /** In ISO 8601. */
  readonly timestamp: string;
}

/** A process of the server. */
export interface Replica {
  readonly id: string;
  readonly isSelf: boolean;
  readonly host: string | null;
  readonly serverVersion: string | null;
  readonly status: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY' | null;
  readonly ready: boolean | null;
  readonly uptimeSeconds: number;
  readonly totalRequests: number;
  readonly failedRequests: number;
  readonly throughput: number;
  readonly inFlight: number;
  readonly queuedRows: number;
  readonly p95LatencyMs: number | null;
  readonly models: readonly {
    readonly name: string;
    readonly state: ModelState;
    readonly servingVersion: string | null;
  }[];
}

/** What all replicas do together. */
export interface FleetFigures {
  readonly totalRequests: number;
  readonly failedRequests: number;
  readonly throughput: number;
  readonly inFlight: number;
  readonly queuedRows: number;
  readonly cacheHitRate: number;
  readonly p95LatencyMs: number | null;
}
