import { LatencyHistogram } from './latency-histogram.ts';
import type { MetricsSnapshot } from '../services/metrics-snapshot.ts';
import { BATCH_SIZE_BOUNDS, ERROR_CODES, type ModelCounters } from './model-counters.ts';

/** What {@link MetricsTotals.toSnapshot} cannot know from counts. */
export type SnapshotFrame = Pick<
  MetricsSnapshot,
  'timestamp' | 'uptimeSeconds' | 'model' | 'replicas'
>;

/** Counts of some model versions, added up: what a snapshot is made of and what replicas share. */
export class MetricsTotals {
  requests = 0;
  succeeded = 0;
  failed = 0;
  cacheHits = 0;
  cacheMisses = 0;
  batches = 0;
  batchRows = 0;
  inFlight = 0;
  queuedRows = 0;
  /** Predictions answered per second. */
  throughput = 0;
  readonly errors = new Map<string, number>();
  /** Batches per bar of {@link BATCH_SIZE_BOUNDS}, and one for what is larger. */
  readonly batchSizes = new Array<number>(BATCH_SIZE_BOUNDS.length + 1).fill(0);
  /** Latencies of the predictions that were answered within the last minute. */
  readonly latency = new LatencyHistogram();

  /** Adds one version; its recent predictions fell within `windowSeconds`. */
  addCounters(counters: ModelCounters, windowSeconds: number): void {
    this.requests += counters.get('requests');
    this.succeeded += counters.get('succeeded');
    this.failed += counters.get('failed');
    this.cacheHits += counters.get('memoryHits') + counters.get('redisHits');
    this.cacheMisses += counters.get('memoryMisses') + counters.get('redisMisses');
    this.batches += counters.get('batches');
    this.batchRows += counters.get('batchRows');
    this.inFlight += counters.inFlight;
    this.queuedRows += counters.queuedRows;
    this.throughput += counters.recentlySucceeded / windowSeconds;
    for (const code of ERROR_CODES) this.#addErrors(code, counters.errors(code));
    this.#addBatchSizes(counters.batchSizes);
    counters.addRecentLatency(this.latency);
  }

  /** Adds other totals, such as those of another replica. */
  add(other: MetricsTotals): void {
    this.requests += other.requests;
    this.succeeded += other.succeeded;
    this.failed += other.failed;
    this.cacheHits += other.cacheHits;
    this.cacheMisses += other.cacheMisses;
    this.batches += other.batches;
    this.batchRows += other.batchRows;
    this.inFlight += other.inFlight;
    this.queuedRows += other.queuedRows;
    this.throughput += other.throughput;
    for (const [code, count] of other.errors) this.#addErrors(code, count);
    this.#addBatchSizes(other.batchSizes);
    this.latency.add(other.latency);
  }

  /** The totals as they are shown. */
  toSnapshot(frame: SnapshotFrame): MetricsSnapshot {
    const lookups = this.cacheHits + this.cacheMisses;
    return {
      ...frame,
      totalRequests: this.requests,
      successfulRequests: this.succeeded,
      failedRequests: this.failed,
      cacheHits: this.cacheHits,
      cacheMisses: this.cacheMisses,
      cacheHitRate: lookups === 0 ? 0 : this.cacheHits / lookups,
      latency: this.latency.figures(),
      throughput: this.throughput,
      inFlight: this.inFlight,
      queuedRows: this.queuedRows,
      batches: this.batches,
      avgBatchSize: this.batches === 0 ? null : this.batchRows / this.batches,
      batchSizes: this.batchSizes.map((count, bar) => ({
        upTo: BATCH_SIZE_BOUNDS[bar] ?? null,
        count,
      })),
      errors: Object.fromEntries(this.errors),
    };
  }

  #addErrors(code: string, count: number): void {
    if (count > 0) this.errors.set(code, (this.errors.get(code) ?? 0) + count);
  }

  #addBatchSizes(counts: readonly number[]): void {
    this.batchSizes.forEach((held, bar) => {
      this.batchSizes[bar] = held + (counts[bar] ?? 0);
    });
  }
}
