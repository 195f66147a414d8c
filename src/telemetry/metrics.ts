import { threeDecimals } from '../durations.ts';
import { Exposition, type Exposed, type ExpositionFormat, type Gauge } from './exposition.ts';
import { MetricsFeed, type MetricsListener, type MetricsSubscription } from './metrics-feed.ts';
import type { InferenceStatistics } from '../services/inference-statistics.ts';
import type { MetricsSnapshot } from '../services/metrics-snapshot.ts';
import { MetricsTotals } from './metrics-totals.ts';
import type { LatencyHistogram } from './latency-histogram.ts';
import { ModelCounters } from './model-counters.ts';
import type { ModelRecorder } from './model-recorder.ts';
import { ThroughputMeter } from './throughput-meter.ts';

export type { CacheTier, ModelRecorder } from './model-recorder.ts';

/** Options of {@link Metrics}. */
export interface MetricsOptions {
  /** Tells the time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** What is counted of one model. */
interface CountedModel {
  readonly versions: Map<string, ModelCounters>;
  /** Forgotten versions with predictions still under way. */
  leaving: ModelCounters[];
  /** Sum of the versions that are gone for good. */
  readonly gone: ModelCounters;
}

/** Counts what the server does, and shows it as snapshots and in the formats of Prometheus. */
export class Metrics {
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #models = new Map<string, CountedModel>();
  readonly #feed = new MetricsFeed((model) => this.snapshot(model));
  readonly #exposition = new Exposition(() => this.#exposed());

  constructor({ now = Date.now }: MetricsOptions = {}) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** The recorder of a model version; the same one for the same pair. */
  recorder(model: string, version: string): ModelRecorder {
    let counted = this.#models.get(model);
    if (!counted) {
      counted = { versions: new Map(), leaving: [], gone: new ModelCounters(this.#now) };
      this.#models.set(model, counted);
    }
    let counters = counted.versions.get(version);
    if (!counters) {
      counters = new ModelCounters(this.#now);
      counted.versions.set(version, counters);
    }
    return counters;
  }

  /** Ends a version that is no longer served; the totals of the model keep what it counted. */
  forget(model: string, version: string): void {
    const counted = this.#models.get(model);
    const counters = counted?.versions.get(version);
    if (!counted || !counters) return;
    counted.versions.delete(version);
    counted.leaving.push(counters);
  }

  /** The counters now, of one model or of all together; zeros for a name that never counted. */
  snapshot(model?: string, isCounted?: (model: string) => boolean): MetricsSnapshot {
    return this.totals(model, isCounted).toSnapshot({
      timestamp: this.now(),
      uptimeSeconds: this.uptimeSeconds,
      model: model ?? null,
      replicas: 1,
    });
  }

  /** The time, in milliseconds since 1970. */
  now(): number {
    return this.#now();
  }

  /** Time since the start, in seconds. */
  get uptimeSeconds(): number {
    return threeDecimals(Math.max(0, (this.#now() - this.#startedAt) / 1000));
  }

  /** Names of the models that were ever counted. */
  get models(): readonly string[] {
    return [...this.#models.keys()];
  }

  /** The sums behind a snapshot, of one model or of all together. */
  totals(model?: string, isCounted: (model: string) => boolean = () => true): MetricsTotals {
    const totals = new MetricsTotals();
    const window = ThroughputMeter.windowSeconds(this.#now(), this.#startedAt);
    const counted =
      model === undefined
        ? [...this.#models].flatMap(([name, each]) => (isCounted(name) ? [each] : []))
        : [this.#models.get(model)];
    for (const each of counted) {
      if (!each) continue;
      settle(each);
      for (const counters of [each.gone, ...each.leaving, ...each.versions.values()]) {
        totals.addCounters(counters, window);
      }
    }
    return totals;
  }

  /** The counters of one version now; zeros for one that never counted. */
  versionSnapshot(model: string, version: string): MetricsSnapshot {
    const totals = new MetricsTotals();
    const counters = this.#models.get(model)?.versions.get(version);
    const window = ThroughputMeter.windowSeconds(this.#now(), this.#startedAt);
    if (counters) totals.addCounters(counters, window);
    return totals.toSnapshot({
      timestamp: this.now(),
      uptimeSeconds: this.uptimeSeconds,
      model,
      replicas: 1,
    });
  }

  /** What each version of one model, or of all, has done. */
  statistics(model?: string): InferenceStatistics[] {
    return [...this.#models]
      .filter(([name]) => model === undefined || name === model)
      .flatMap(([name, { versions }]) =>
        Array.from(versions, ([version, counters]) => toStatistics(name, version, counters)),
      );
  }

  /** Adds a gauge of another part to what Prometheus reads; `read` is called at each scrape. */
  watchGauge(gauge: Gauge): void {
    this.#exposition.watch(gauge);
  }

  /** All metrics, those of the process and its event loop too, as Prometheus reads them. */
  prometheus(format: ExpositionFormat): Promise<{ contentType: string; body: string }> {
    return this.#exposition.print(format);
  }

  /**
   * Calls `listener` with a snapshot at once (in the next microtask), then at intervals.
   *
   * @returns ends the subscription
   */
  subscribe(options: MetricsSubscription, listener: MetricsListener): () => void {
    return this.#feed.subscribe(options, listener);
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#feed.close();
    this.#exposition.close();
  }

  *#exposed(): Iterable<Exposed> {
    for (const [model, { versions }] of this.#models) {
      for (const [version, counters] of versions) yield { model, version, counters };
    }
  }
}

function toStatistics(
  model: string,
  version: string,
  counters: ModelCounters,
): InferenceStatistics {
  const { latency, failureLatency, queueWait, batchDuration } = counters.durations;
  const cacheHits = counters.get('memoryHits') + counters.get('redisHits');
  const ran = queueWait.count;
  const summed = (count: number, sum: 'cacheHitMs' | 'cacheMissMs' | 'encodeMs' | 'decodeMs') =>
    toCounted({ count, sumMs: counters.get(sum) });
  return {
    model,
    version,
    lastInferenceAt: counters.lastAnswerAt,
    rows: counters.get('batchRows') + cacheHits,
    batches: counters.get('batches'),
    success: toCounted(latency),
    fail: toCounted(failureLatency),
    queue: toCounted(queueWait),
    computeInput: summed(ran, 'encodeMs'),
    // Those who shared a batch shared its time.
    computeInfer: { ...toCounted(batchDuration), count: ran },
    computeOutput: summed(ran, 'decodeMs'),
    cacheHit: summed(cacheHits, 'cacheHitMs'),
    cacheMiss: summed(counters.get('memoryMisses') + counters.get('redisMisses'), 'cacheMissMs'),
    batchRuns: counters.batchRuns.map(({ rows, count, ms }) => ({
      rows,
      ...toCounted({ count, sumMs: ms }),
    })),
  };
}

const toCounted = ({ count, sumMs }: Pick<LatencyHistogram, 'count' | 'sumMs'>) => ({
  count,
  ns: Math.round(sumMs * 1e6),
});

/** Sums up the forgotten versions that have no prediction under way any more. */
function settle(model: CountedModel): void {
  model.leaving = model.leaving.filter((counters) => {
    if (counters.inFlight > 0) return true;
    model.gone.add(counters);
    return false;
  });
}
