import type { Operation } from './operations.ts';
import type {
  Comparison,
  FleetFigures,
  MetricsPoint,
  ModelEvent,
  RecentRequest,
  Replica,
  Viewer,
} from './operate-types.ts';
import type { TrafficShare } from './types.ts';

/** Operations of those who look after the server. */

/** Who looks at the page. */
export const VIEWER: Operation<{ readonly viewer: Viewer }, Record<string, never>> = {
  text: `query Viewer {
  viewer { name grants { scope models } }
}`,
};

/** The versions of a model, beside each other. */
export const COMPARISON: Operation<
  { readonly modelComparison: Comparison },
  { readonly model: string }
> = {
  text: `query Comparison($model: String!) {
  modelComparison(model: $model) {
    servingVersion
    versions {
      version
      serving
      trafficPercent
      agreement { count rate }
      shadowDropped
      outcomes { count rate }
      comparedToServing { difference low high verdict moreOutcomesNeeded }
      metrics {
        totalRequests
        failedRequests
        throughput
        inFlight
        p50LatencyMs
        p95LatencyMs
        p99LatencyMs
      }
    }
  }
}`,
};

/** The last hour of a model, or of all. */
export const HISTORY: Operation<
  { readonly metricsHistory: readonly MetricsPoint[] },
  { readonly model: string | null }
> = {
  text: `query History($model: String) {
  metricsHistory(model: $model) {
    timestamp
    requestsPerSecond
    failuresPerSecond
    cacheHitRate
    p50LatencyMs
    p95LatencyMs
    p99LatencyMs
  }
}`,
};

/** What went wrong, or took long. */
export const REQUESTS: Operation<
  { readonly recentRequests: readonly RecentRequest[] },
  { readonly model: string | null; readonly limit: number }
> = {
  text: `query Requests($model: String, $limit: Int) {
  recentRequests(model: $model, limit: $limit) {
    id
    timestamp
    kind
    transport
    method
    path
    operation
    models
    rows
    status
    code
    message
    aborted
    durationMs
    traceId
    caller
    input
  }
}`,
};

/** What has happened to the models. */
export const EVENTS: Operation<
  { readonly modelEvents: readonly ModelEvent[] },
  { readonly model: string | null; readonly limit: number }
> = {
  text: `query Events($model: String, $limit: Int) {
  modelEvents(model: $model, limit: $limit) { kind model version message timestamp }
}`,
};

/** The same, as it happens. */
export const EVENT_FEED: Operation<{ readonly modelEvents: ModelEvent }, Record<string, never>> = {
  text: `subscription EventFeed {
  modelEvents { kind model version message timestamp }
}`,
};

/** The processes of the server. */
export const REPLICAS: Operation<
  { readonly replicas: readonly Replica[] },
  Record<string, never>
> = {
  text: `query Replicas {
  replicas {
    id
    isSelf
    host
    serverVersion
    status
    ready
    uptimeSeconds
    totalRequests
    failedRequests
    throughput
    inFlight
    queuedRows
    p95LatencyMs
    models { name state servingVersion }
  }
}`,
};

/** The figures of all replicas together. */
export const FLEET: Operation<{ readonly metrics: FleetFigures }, Record<string, never>> = {
  text: `subscription Fleet {
  metrics(scope: CLUSTER, intervalMs: 2000) {
    totalRequests
    failedRequests
    throughput
    inFlight
    queuedRows
    cacheHitRate
    p95LatencyMs
  }
}`,
};

/** Spreads the requests that name no version; with neither share, as model.yaml says. */
export const SET_TRAFFIC: Operation<
  object,
  {
    readonly model: string;
    readonly split: readonly TrafficShare[] | null;
    readonly shadow: TrafficShare | null;
  }
> = {
  text: `mutation SetTraffic($model: String!, $split: [TrafficShareInput!], $shadow: TrafficShareInput) {
  setTraffic(model: $model, split: $split, shadow: $shadow) { name }
}`,
};

/** Loads a model, or one of its versions. */
export const LOAD: Operation<
  object,
  { readonly model: string; readonly version: string | null; readonly force?: boolean }
> = {
  text: `mutation Load($model: String!, $version: String, $force: Boolean) {
  loadModel(model: $model, version: $version, force: $force) { name }
}`,
};

/** Unloads a model, or one of its versions. */
export const UNLOAD: Operation<
  object,
  { readonly model: string; readonly version: string | null }
> = {
  text: `mutation Unload($model: String!, $version: String) {
  unloadModel(model: $model, version: $version) { name }
}`,
};
