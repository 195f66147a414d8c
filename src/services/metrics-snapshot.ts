/** Mean and percentiles of latencies, in milliseconds; all `null` where there are none. */
export interface LatencyFigures {
  readonly avgMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** One bar of the batch-size histogram. */
export interface BatchSizeBucket {
  /** Largest number of rows counted here; `null` is "more than all others". */
  readonly upTo: number | null;
  readonly count: number;
}

/** The counters of the server, or of one model, at one moment. */
export interface MetricsSnapshot {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly uptimeSeconds: number;
  /** Name of the model, or `null` for all together. */
  readonly model: string | null;
  /** Replicas of the server that are counted here; 1 is this one alone. */
  readonly replicas: number;
  /** Predictions asked for (rows of a batch count each). */
  readonly totalRequests: number;
  readonly successfulRequests: number;
  readonly failedRequests: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Hits per look-up, 0 to 1; 0 before the first. */
  readonly cacheHitRate: number;
  /** Of the last minute. */
  readonly latency: LatencyFigures;
  /** Predictions per second over the last ten seconds. */
  readonly throughput: number;
  /** Predictions being worked on. */
  readonly inFlight: number;
  /** Rows that wait for a worker. */
  readonly queuedRows: number;
  readonly batches: number;
  readonly avgBatchSize: number | null;
  readonly batchSizes: readonly BatchSizeBucket[];
  /** Failed requests by error code. */
  readonly errors: Readonly<Record<string, number>>;
}
