import type { ModelComparison, VersionComparison } from '../services/comparison.ts';
import type { ModelStatus, VersionStatus } from '../services/model-status.ts';
import type { Sample } from './exposed-metrics.ts';
import type { Gauge } from './exposition.ts';

/** What the metrics of the whole server are read from, at each scrape. */
export interface ServerMetricsSources {
  readonly serverVersion: string;
  readonly models: { list(): readonly ModelStatus[] };
  /** The versions of a model beside each other; empty where there are none in memory. */
  readonly comparison: (model: string) => readonly VersionComparison[];
  /** The cache in memory: entries, and bytes of its limit. */
  readonly cache: () => {
    readonly entries: number;
    readonly bytes: number;
    readonly maxBytes: number;
  };
  /** Spans that could not be sent; 0 where there are no traces. */
  readonly droppedSpans: () => number;
}

/** Reads the versions of a model side by side; none where the comparison cannot be had. */
export function comparisonReader(comparisons: {
  comparison(model: string): ModelComparison;
}): ServerMetricsSources['comparison'] {
  return (model) => {
    try {
      return comparisons.comparison(model).versions;
    } catch {
      return [];
    }
  };
}

/** Metrics of the server that no prediction counts: what is read when someone asks. */
export function serverMetrics(sources: ServerMetricsSources): readonly Gauge[] {
  const { serverVersion, models, comparison, cache, droppedSpans } = sources;
  const ofVersions = (value: (version: VersionStatus) => number | null) => (): Sample[] =>
    models.list().flatMap(({ name, versions }) =>
      versions.flatMap((version) => {
        const read = value(version);
        return read === null
          ? []
          : [{ value: read, labels: { model: name, version: version.version } }];
      }),
    );
  const ofComparisons =
    (
      samples: (
        version: VersionComparison,
      ) => readonly (readonly [number, Record<string, string>])[],
    ) =>
    (): Sample[] =>
      models.list().flatMap(({ name }) =>
        comparison(name).flatMap((each) =>
          samples(each).map(([value, labels]) => ({
            value,
            labels: { model: name, version: each.version, ...labels },
          })),
        ),
      );
  return [
    {
      name: 'ml_inference_build_info',
      help: 'Always 1; its labels tell the version of the server and of Node.js.',
      read: () => [{ value: 1, labels: { version: serverVersion, node: process.versions.node } }],
    },
    {
      name: 'ml_inference_model_ready',
      help: 'Whether a model version answers (1) or not (0).',
      read: ofVersions(({ state }) => (state === 'ready' ? 1 : 0)),
    },
    {
      name: 'ml_inference_model_load_seconds',
      help: 'Time that the last load of a model version took, its warm-up included.',
      read: ofVersions(({ loadMs }) => (loadMs === null ? null : loadMs / 1000)),
    },
    {
      name: 'ml_inference_workers',
      help: 'Live workers of a model version.',
      read: ofVersions(({ workers }) => workers),
    },
    {
      name: 'ml_inference_traffic_share_ratio',
      help: 'Share of the requests that name no version which a version gets, 0 to 1.',
      read: ofComparisons(({ trafficPercent }) => [[trafficPercent / 100, {}]]),
    },
    {
      name: 'ml_inference_shadow_comparisons_total',
      type: 'counter',
      help: 'Answers of a shadow compared with those that were sent, by result (agree or differ).',
      read: ofComparisons(({ agreement: { count, successes } }) => [
        [successes, { result: 'agree' }],
        [count - successes, { result: 'differ' }],
      ]),
    },
    {
      name: 'ml_inference_outcomes_total',
      type: 'counter',
      help: 'Reported outcomes, by whether the prediction was right (correct or wrong).',
      read: ofComparisons(({ outcomes: { count, successes } }) => [
        [successes, { result: 'correct' }],
        [count - successes, { result: 'wrong' }],
      ]),
    },
    {
      name: 'ml_inference_cache_entries',
      help: 'Answers that the cache in memory holds.',
      read: () => cache().entries,
    },
    {
      name: 'ml_inference_cache_bytes',
      help: 'Bytes that the cache in memory holds.',
      read: () => cache().bytes,
    },
    {
      name: 'ml_inference_cache_max_bytes',
      help: 'Bytes that the cache in memory may hold.',
      read: () => cache().maxBytes,
    },
    {
      name: 'ml_inference_spans_dropped_total',
      type: 'counter',
      help: 'Spans that could not be sent to the collector.',
      read: droppedSpans,
    },
  ];
}
