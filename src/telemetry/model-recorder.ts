import type { ErrorCode } from '../errors.ts';

/** Tier of the cache. */
export type CacheTier = 'memory' | 'redis';

/**
 * Counts for one version of one model. Kept by the caller, so that counting needs no look-up; no
 * method allocates.
 */
export interface ModelRecorder {
  /** A prediction begins; exactly one `succeeded` or `failed` must follow. */
  started(): void;
  /** The prediction was answered, `latencyMs` milliseconds after it began. */
  succeeded(latencyMs: number): void;
  /** The prediction failed, `latencyMs` milliseconds after it began. */
  failed(code: ErrorCode, latencyMs: number): void;
  /** The answer was found in this tier of the cache. */
  cacheHit(tier: CacheTier): void;
  /** No tier had the answer; `last` is the last that was asked. @default memory */
  cacheMiss(last?: CacheTier): void;
  /** A batch of `rows` ran for `inferenceMs` milliseconds. */
  batch(rows: number, inferenceMs: number): void;
  /** A row waited `ms` milliseconds for a worker. */
  queueWait(ms: number): void;
  /** A worker died or was killed. */
  workerLost(): void;
  /** Reads the rows that wait, whenever a snapshot is taken. */
  watchQueue(rows: () => number): void;
}
