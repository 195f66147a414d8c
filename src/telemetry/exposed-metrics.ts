import type { LatencyHistogram } from './latency-histogram.ts';
import { type Exemplar, type Exemplars, REQUEST_BOUNDS } from './exemplars.ts';
import { BATCH_RELEASES } from './model-recorder.ts';
import { BATCH_SIZE_BOUNDS, ERROR_CODES, type ModelCounters } from './model-counters.ts';

/** Counters of a model version, with the labels they are exposed under. */
export interface Exposed {
  readonly model: string;
  readonly version: string;
  readonly counters: ModelCounters;
}

/** One line of a metric. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Name of the line, where it differs from that of the metric. */
  readonly metricName?: string;
  /** A trace that is an example of what is counted; OpenMetrics only. */
  readonly exemplar?: Exemplar;
}

interface ExposedMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  collect(name: string, labels: Labels, counters: ModelCounters): readonly Sample[];
}

type Labels = Readonly<Record<string, string>>;

/** The metrics of the server, in the order in which they are printed. */
export const EXPOSED_METRICS: readonly ExposedMetric[] = [
  {
    name: 'ml_inference_requests_total',
    type: 'counter',
    help: 'Predictions that ended, by outcome (success or error); each input of a batch counts.',
    collect: (_name, labels, counters) => [
      { value: counters.get('succeeded'), labels: { ...labels, outcome: 'success' } },
      { value: counters.get('failed'), labels: { ...labels, outcome: 'error' } },
    ],
  },
  {
    name: 'ml_inference_errors_total',
    type: 'counter',
    help: 'Predictions that failed, by error code.',
    collect: (_name, labels, counters) =>
      ERROR_CODES.filter((code) => counters.errors(code) > 0).map((code) => ({
        value: counters.errors(code),
        labels: { ...labels, code },
      })),
  },
  {
    name: 'ml_inference_in_flight',
    type: 'gauge',
    help: 'Predictions being worked on.',
    collect: (_name, labels, { inFlight }) => [{ value: inFlight, labels }],
  },
  {
    name: 'ml_inference_queue_rows',
    type: 'gauge',
    help: 'Rows that wait for a worker.',
    collect: (_name, labels, { queuedRows }) => [{ value: queuedRows, labels }],
  },
  {
    name: 'ml_inference_request_duration_seconds',
    type: 'histogram',
    help: 'Time from a request for a prediction to its end, by outcome.',
    collect: (name, labels, { durations, exemplars }) => [
      ...durationSamples(name, { ...labels, outcome: 'success' }, durations.latency, exemplars),
      ...durationSamples(name, { ...labels, outcome: 'error' }, durations.failureLatency),
    ],
  },
  {
    name: 'ml_inference_queue_wait_seconds',
    type: 'histogram',
    help: 'Time that a row waited for a worker.',
    collect: (name, labels, { durations }) => durationSamples(name, labels, durations.queueWait),
  },
  {
    name: 'ml_inference_batch_size',
    type: 'histogram',
    help: 'Rows in a batch that a worker ran.',
    collect: (name, labels, counters) => {
      let seen = 0;
      const counts = counters.batchSizes.map((count) => (seen += count));
      const cumulative = counts.slice(0, BATCH_SIZE_BOUNDS.length);
      const totals = { count: counters.get('batches'), sum: counters.get('batchRows') };
      return histogramSamples(name, labels, BATCH_SIZE_BOUNDS, cumulative, totals);
    },
  },
  {
    name: 'ml_inference_batch_duration_seconds',
    type: 'histogram',
    help: 'Time that a worker took for a batch.',
    collect: (name, labels, { durations }) =>
      durationSamples(name, labels, durations.batchDuration),
  },
  {
    name: 'ml_inference_batch_releases_total',
    type: 'counter',
    help: 'Batches dispatched, by reason.',
    collect: (_name, labels, counters) =>
      BATCH_RELEASES.map((reason) => ({
        value: counters.releases(reason),
        labels: { ...labels, reason },
      })),
  },
  {
    name: 'ml_inference_cache_lookups_total',
    type: 'counter',
    help: 'Look-ups in each tier of the cache, by result (hit or miss).',
    collect: (_name, labels, counters) => {
      const [memoryHits, redisHits] = [counters.get('memoryHits'), counters.get('redisHits')];
      const [memoryMisses, redisMisses] = [
        counters.get('memoryMisses'),
        counters.get('redisMisses'),
      ];
      return [
        { value: memoryHits, labels: { ...labels, tier: 'memory', result: 'hit' } },
        // Whoever got to Redis had missed in memory.
        {
          value: memoryMisses + redisMisses + redisHits,
          labels: { ...labels, tier: 'memory', result: 'miss' },
        },
        { value: redisHits, labels: { ...labels, tier: 'redis', result: 'hit' } },
        { value: redisMisses, labels: { ...labels, tier: 'redis', result: 'miss' } },
      ];
    },
  },
  {
    name: 'ml_inference_worker_losses_total',
    type: 'counter',
    help: 'Workers that died or were killed.',
    collect: (_name, labels, counters) => [{ value: counters.get('workerLosses'), labels }],
  },
];

const BY_NAME = new Map(EXPOSED_METRICS.map((metric) => [metric.name, metric]));

/** The samples of one of {@link EXPOSED_METRICS}, of all model versions. */
export function collectCounters(name: string, exposed: Iterable<Exposed>): Sample[] {
  const samples: Sample[] = [];
  for (const { model, version, counters } of exposed) {
    samples.push(...(BY_NAME.get(name)?.collect(name, { model, version }, counters) ?? []));
  }
  return samples;
}

function durationSamples(
  name: string,
  labels: Labels,
  durations: LatencyHistogram,
  exemplars?: Exemplars,
): Sample[] {
  const cumulative = durations.cumulative(REQUEST_BOUNDS.map((seconds) => seconds * 1000));
  const totals = { count: durations.count, sum: durations.sumMs / 1000 };
  return histogramSamples(name, labels, REQUEST_BOUNDS, cumulative, totals, exemplars);
}

function histogramSamples(
  name: string,
  labels: Labels,
  bounds: readonly number[],
  cumulative: readonly number[],
  { count, sum }: { count: number; sum: number },
  exemplars?: Exemplars,
): Sample[] {
  return [
    ...bounds.map((le, index) => ({
      metricName: `${name}_bucket`,
      value: cumulative[index] ?? 0,
      labels: { ...labels, le },
      ...exemplarOf(exemplars, index),
    })),
    {
      metricName: `${name}_bucket`,
      value: count,
      labels: { ...labels, le: '+Inf' },
      ...exemplarOf(exemplars, bounds.length),
    },
    { metricName: `${name}_sum`, value: sum, labels },
    { metricName: `${name}_count`, value: count, labels },
  ];
}

function exemplarOf(exemplars: Exemplars | undefined, bucket: number): Pick<Sample, 'exemplar'> {
  const exemplar = exemplars?.at(bucket);
  return exemplar ? { exemplar } : {};
}
