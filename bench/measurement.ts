/** What one measurement of one subject gave. */
export interface Measurement {
  /** Predictions a second; in a batch each input counts. */
  readonly perSecond: number;
  /** Half of the requests took no longer, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Requests that failed or were not answered with 2xx. */
  readonly errors: number;
  /** Processor time of the contender for one prediction, in microseconds, where it is known. */
  readonly cpuUs?: number | undefined;
}
