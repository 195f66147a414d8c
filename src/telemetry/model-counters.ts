import { ERRORS, type ErrorCode } from '../errors.ts';
import { Exemplars } from './exemplars.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { LatencyWindow } from './latency-window.ts';
import {
  BATCH_RELEASES,
  type BatchRelease,
  type CacheTier,
  type ModelRecorder,
  type TraceReference,
} from './model-recorder.ts';
import { ThroughputMeter } from './throughput-meter.ts';

/** Every error code, in the order of the registry. */
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

const ERROR_SLOTS = Object.fromEntries(ERROR_CODES.map((code, slot) => [code, slot])) as Readonly<
  Record<ErrorCode, number>
>;

/** Upper bounds of the batch-size histogram, in rows; one more bar counts what is larger. */
export const BATCH_SIZE_BOUNDS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Sizes of batches that are told apart in {@link ModelCounters.batchRuns}; larger ones are not. */
const MAX_BATCH_RUNS = 1024;

/** Counters that only grow; their order is that of the array that holds them. */
const COUNTERS = [
  'requests',
  'succeeded',
  'failed',
  'memoryHits',
  'redisHits',
  'memoryMisses',
  'redisMisses',
  'batches',
  'batchRows',
  'workerLosses',
  'cacheHitMs',
  'cacheMissMs',
  'encodeMs',
  'decodeMs',
] as const;

/** Name of a counter. */
export type Counter = (typeof COUNTERS)[number];

const SLOTS = Object.fromEntries(COUNTERS.map((name, slot) => [name, slot])) as Readonly<
  Record<Counter, number>
>;

/** Histograms of durations that are kept. */
export const DURATIONS = ['latency', 'failureLatency', 'batchDuration', 'queueWait'] as const;

/** Name of a histogram of durations. */
export type Duration = (typeof DURATIONS)[number];

/** All that is counted of one model version or, added up, of many. */
export class ModelCounters implements ModelRecorder {
  readonly #counts = new Float64Array(COUNTERS.length);
  readonly #errors = new Float64Array(ERROR_CODES.length);
  readonly #batchSizes = new Float64Array(BATCH_SIZE_BOUNDS.length + 1);
  readonly #releases = new Float64Array(BATCH_RELEASES.length);
  /** Batches of each size, and the milliseconds that they ran. */
  readonly #batchRuns = new Map<number, { count: number; ms: number }>();
  readonly #throughput = new ThroughputMeter();
  readonly #recentLatency = new LatencyWindow();
  readonly #now: () => number;
  #queue: (() => number) | undefined;
  /** When the last prediction was answered, in milliseconds since 1970; 0 before the first. */
  lastAnswerAt = 0;

  /** Examples of answered predictions, by how long they took. */
  readonly exemplars = new Exemplars();
  /** Histograms: answered and failed predictions, runs of batches, waits of rows. */
  readonly durations: Readonly<Record<Duration, LatencyHistogram>> = {
    latency: new LatencyHistogram(),
    failureLatency: new LatencyHistogram(),
    batchDuration: new LatencyHistogram(),
    queueWait: new LatencyHistogram(),
  };

  /** `now` tells the time in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  started(): void {
    this.#count(SLOTS.requests, 1);
  }

  succeeded(latencyMs: number, span?: TraceReference): void {
    this.#count(SLOTS.succeeded, 1);
    this.durations.latency.record(latencyMs);
    const now = this.#now();
    if (span) this.exemplars.keep(latencyMs, span, now);
    this.#recentLatency.record(latencyMs, now);
    this.lastAnswerAt = now;
    this.#throughput.mark(now);
  }

  failed(code: ErrorCode, latencyMs: number): void {
    this.#count(SLOTS.failed, 1);
    increase(this.#errors, ERROR_SLOTS[code], 1);
    this.durations.failureLatency.record(latencyMs);
  }

  cacheHit(tier: CacheTier, ms: number): void {
    this.#count(tier === 'memory' ? SLOTS.memoryHits : SLOTS.redisHits, 1);
    this.#count(SLOTS.cacheHitMs, ms);
  }

  cacheMiss(last: CacheTier, ms: number): void {
    this.#count(last === 'memory' ? SLOTS.memoryMisses : SLOTS.redisMisses, 1);
    this.#count(SLOTS.cacheMissMs, ms);
  }

  translated(encodeMs: number, decodeMs: number): void {
    this.#count(SLOTS.encodeMs, encodeMs);
    this.#count(SLOTS.decodeMs, decodeMs);
  }

  batch(rows: number, inferenceMs: number): void {
    this.#count(SLOTS.batches, 1);
    this.#count(SLOTS.batchRows, rows);
    let bar = 0;
    while (rows > (BATCH_SIZE_BOUNDS[bar] ?? Infinity)) bar++;
    increase(this.#batchSizes, bar, 1);
    this.durations.batchDuration.record(inferenceMs);
    this.#addRuns(rows, 1, inferenceMs);
  }

  released(reason: BatchRelease): void {
    increase(this.#releases, BATCH_RELEASES.indexOf(reason), 1);
  }

  queueWait(ms: number): void {
    this.durations.queueWait.record(ms);
  }

  workerLost(): void {
    this.#count(SLOTS.workerLosses, 1);
  }

  watchQueue(rows: () => number): void {
    this.#queue = rows;
  }

  /** Value of a counter. */
  get(counter: Counter): number {
    return this.#counts[SLOTS[counter]] ?? 0;
  }

  /** Failed predictions of one code. */
  errors(code: ErrorCode): number {
    return this.#errors[ERROR_SLOTS[code]] ?? 0;
  }

  /** Batches per bar of {@link BATCH_SIZE_BOUNDS}; the last bar counts what is larger. */
  get batchSizes(): readonly number[] {
    return [...this.#batchSizes];
  }

  /** Batches of each size up to 1024 rows, the smallest first, and the milliseconds that they ran. */
  get batchRuns(): readonly {
    readonly rows: number;
    readonly count: number;
    readonly ms: number;
  }[] {
    return Array.from(this.#batchRuns, ([rows, run]) => ({ rows, ...run })).sort(
      (a, b) => a.rows - b.rows,
    );
  }

  /** Batches that were dispatched for one reason. */
  releases(reason: BatchRelease): number {
    return this.#releases[BATCH_RELEASES.indexOf(reason)] ?? 0;
  }

  /** Predictions being worked on. */
  get inFlight(): number {
    return Math.max(0, this.get('requests') - this.get('succeeded') - this.get('failed'));
  }

  /** Rows that wait for a worker, read now. */
  get queuedRows(): number {
    return this.#queue?.() ?? 0;
  }

  /** Predictions answered within the last ten seconds. */
  get recentlySucceeded(): number {
    return this.#throughput.recent(this.#now());
  }

  /** Adds the latencies of the last minute to a histogram. */
  addRecentLatency(histogram: LatencyHistogram): void {
    this.#recentLatency.addTo(histogram, this.#now());
  }

  /** Adds all that `other` has counted; gauges stay its own. */
  add(other: ModelCounters): void {
    increaseAll(this.#counts, other.#counts);
    increaseAll(this.#errors, other.#errors);
    increaseAll(this.#batchSizes, other.#batchSizes);
    increaseAll(this.#releases, other.#releases);
    this.#throughput.add(other.#throughput);
    this.#recentLatency.add(other.#recentLatency);
    for (const name of DURATIONS) this.durations[name].add(other.durations[name]);
    for (const [rows, { count, ms }] of other.#batchRuns) this.#addRuns(rows, count, ms);
  }

  #addRuns(rows: number, count: number, ms: number): void {
    if (rows > MAX_BATCH_RUNS) return;
    const run = this.#batchRuns.get(rows);
    if (!run) this.#batchRuns.set(rows, { count, ms });
    else {
      run.count += count;
      run.ms += ms;
    }
  }

  #count(slot: number, by: number): void {
    increase(this.#counts, slot, by);
  }
}

function increase(counts: Float64Array, slot: number, by: number): void {
  counts[slot] = (counts[slot] ?? 0) + by;
}

function increaseAll(counts: Float64Array, by: Float64Array): void {
  for (let slot = 0; slot < counts.length; slot++) increase(counts, slot, by[slot] ?? 0);
}
