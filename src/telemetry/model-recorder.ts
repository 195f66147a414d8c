import type { ErrorCode } from '../errors.ts';

/** Tier of the cache. */
export type CacheTier = 'memory' | 'redis';

/** The place of a step in a trace. */
export interface TraceReference {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Why a batch was dispatched: it was full, a worker was idle when it came, one became idle while it
 * waited, its longest delay had passed, or no worker is left to wait for.
 */
export const BATCH_RELEASES = [
  'full',
  'worker_idle',
  'worker_freed',
  'delay_elapsed',
  'workers_down',
] as const;

/** Why a batch was dispatched. */
export type BatchRelease = (typeof BATCH_RELEASES)[number];

/**
 * Counts for one version of one model. Kept by the caller, so that counting needs no look-up; no
 * method allocates.
 */
export interface ModelRecorder {
  /** A prediction begins; exactly one `succeeded` or `failed` must follow. */
  started(): void;
  /**
   * The prediction was answered, `latencyMs` milliseconds after it began.
   *
   * @param span where it is sampled: becomes the example of predictions that took as long
   */
  succeeded(latencyMs: number, span?: TraceReference): void;
  /** The prediction failed, `latencyMs` milliseconds after it began. */
  failed(code: ErrorCode, latencyMs: number): void;
  /** The answer was found in this tier of the cache, `ms` milliseconds after it was looked for. */
  cacheHit(tier: CacheTier, ms: number): void;
  /** No tier had the answer; `last` is the last that was asked, and all of them took `ms`. */
  cacheMiss(last: CacheTier, ms: number): void;
  /** Inputs became tensors in `encodeMs` milliseconds, the tensors of their answer were read in `decodeMs`. */
  translated(encodeMs: number, decodeMs: number): void;
  /** A batch of `rows` ran for `inferenceMs` milliseconds. */
  batch(rows: number, inferenceMs: number): void;
  /** A batch was dispatched. */
  released(reason: BatchRelease): void;
  /** A row waited `ms` milliseconds for a worker. */
  queueWait(ms: number): void;
  /** A worker died or was killed. */
  workerLost(): void;
  /** Reads the rows that wait, whenever a snapshot is taken. */
  watchQueue(rows: () => number): void;
}
