/** What happened within one interval of the last hour. */
export interface MetricsPoint {
  /** End of the interval, in milliseconds since 1970. */
  readonly timestamp: number;
  /** Predictions asked for per second. */
  readonly requestsPerSecond: number;
  /** Predictions that failed per second. */
  readonly failuresPerSecond: number;
  /** Hits per look-up in the interval, 0 to 1; `null` without any look-up. */
  readonly cacheHitRate: number | null;
  /**
   * Percentiles of the minute before `timestamp`, in milliseconds; `null` without any prediction, and
   * where models are added up for a caller who may not see all of them.
   */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}
