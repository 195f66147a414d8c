import type { MetricsScope } from '../src/services/services.ts';
import type { BatchSizeBucket, MetricsSnapshot } from '../src/services/metrics-snapshot.ts';
import type { Builder } from './builder.ts';
import { subscribeToMetrics } from './metrics-feed.ts';

/** Least and most time between two snapshots of the subscription, in milliseconds. */
const INTERVAL_MS = { min: 100, max: 60_000, default: 1_000 };

/** Defines the query and the subscription `metrics`. */
export function defineMetrics(builder: Builder): void {
  const bucket = builder.objectRef<BatchSizeBucket>('BatchSizeBucket');
  bucket.implement({
    description: 'One bar of the histogram of batch sizes.',
    fields: (t) => ({
      upTo: t.exposeInt('upTo', {
        nullable: true,
        description: 'Largest number of rows counted here; null is "more than all others".',
      }),
      count: t.exposeFloat('count', { description: 'Batches of that size; a whole number.' }),
    }),
  });

  const errorCount = builder.objectRef<{ code: string; count: number }>('ErrorCount');
  errorCount.implement({
    description: 'How often one error has happened.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Code of the error, as in ErrorCode.' }),
      count: t.exposeFloat('count', { description: 'Failed predictions; a whole number.' }),
    }),
  });

  const metrics = builder.objectRef<MetricsSnapshot>('Metrics');
  metrics.implement({
    description:
      'Counters since the start, of the server or of one model, at one moment. Counts are whole ' +
      'numbers, given as Float since they may grow over 32 bits.',
    fields: (t) => ({
      timestamp: t.exposeFloat('timestamp', { description: 'Milliseconds since 1970 (UTC).' }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'Time since the start of the server, in seconds.',
      }),
      model: t.exposeString('model', {
        nullable: true,
        description: 'Name of the model; null for all together.',
      }),
      replicas: t.exposeInt('replicas', {
        description: 'Replicas of the server that are counted here; 1 is this one alone.',
      }),
      totalRequests: t.exposeFloat('totalRequests', {
        description: 'Predictions asked for; each input of a batch counts.',
      }),
      successfulRequests: t.exposeFloat('successfulRequests', {
        description: 'Predictions answered.',
      }),
      failedRequests: t.exposeFloat('failedRequests', { description: 'Predictions that failed.' }),
      cacheHits: t.exposeFloat('cacheHits', { description: 'Answers found in the cache.' }),
      cacheMisses: t.exposeFloat('cacheMisses', { description: 'Look-ups that found nothing.' }),
      cacheHitRate: t.exposeFloat('cacheHitRate', {
        description: 'Hits per look-up, 0 to 1; 0 before the first.',
      }),
      avgLatencyMs: t.float({
        nullable: true,
        description: 'Mean latency in milliseconds; null before the first prediction.',
        resolve: ({ latency }) => latency.avgMs,
      }),
      p50LatencyMs: t.float({
        nullable: true,
        description: 'Median latency in milliseconds; null before the first prediction.',
        resolve: ({ latency }) => latency.p50Ms,
      }),
      p95LatencyMs: t.float({
        nullable: true,
        description: '95th percentile of latency in milliseconds; null before the first.',
        resolve: ({ latency }) => latency.p95Ms,
      }),
      p99LatencyMs: t.float({
        nullable: true,
        description: '99th percentile of latency in milliseconds; null before the first.',
        resolve: ({ latency }) => latency.p99Ms,
      }),
      throughput: t.exposeFloat('throughput', {
        description: 'Predictions per second over the last ten seconds.',
      }),
      inFlight: t.exposeInt('inFlight', { description: 'Predictions being worked on.' }),
      queuedRows: t.exposeInt('queuedRows', { description: 'Rows that wait for a worker.' }),
      batches: t.exposeFloat('batches', { description: 'Batches that were run.' }),
      avgBatchSize: t.exposeFloat('avgBatchSize', {
        nullable: true,
        description: 'Mean number of rows in a batch; null before the first.',
      }),
      batchSizes: t.field({
        type: [bucket],
        description: 'Histogram of batch sizes.',
        resolve: ({ batchSizes }) => [...batchSizes],
      }),
      errors: t.field({
        type: [errorCount],
        description: 'Failed predictions by code of the error.',
        resolve: ({ errors }) => Object.entries(errors).map(([code, count]) => ({ code, count })),
      }),
    }),
  });

  const scope = builder.enumType('MetricsScope', {
    description: 'Whose counters are told.',
    values: {
      REPLICA: { description: 'Those of the process that answers.', value: 'REPLICA' },
      CLUSTER: {
        description:
          'Those of all replicas on one Redis together, their histograms merged; without Redis ' +
          'those of the process that answers.',
        value: 'CLUSTER',
      },
    } satisfies Record<MetricsScope, { description: string; value: MetricsScope }>,
  });

  builder.queryField('metrics', (t) =>
    t.field({
      type: metrics,
      description: 'What the server has counted.',
      args: {
        model: t.arg.string({ description: 'Only this model. Left out: all together.' }),
        scope: t.arg({ type: scope, defaultValue: 'REPLICA', description: 'Whose counters.' }),
      },
      resolve: (_root, args, { services, call }) =>
        args.scope === 'CLUSTER'
          ? services.metrics.clusterSnapshot(call, args.model ?? undefined)
          : services.metrics.snapshot(call, args.model ?? undefined),
    }),
  );

  builder.subscriptionField('metrics', (t) =>
    t.field({
      type: metrics,
      description:
        'What the server has counted, now and then again and again. A client that reads slowly ' +
        'gets the newest snapshot only.',
      // Nothing in it depends on the caller: the server executes it once for all who ask the same.
      extensions: { shared: true },
      args: {
        model: t.arg.string({ description: 'Only this model. Left out: all together.' }),
        scope: t.arg({ type: scope, defaultValue: 'REPLICA', description: 'Whose counters.' }),
        intervalMs: t.arg.int({
          defaultValue: INTERVAL_MS.default,
          description: `Time between snapshots in milliseconds, ${INTERVAL_MS.min} to ${INTERVAL_MS.max}.`,
          validate: { min: INTERVAL_MS.min, max: INTERVAL_MS.max },
        }),
      },
      subscribe: (_root, { model, intervalMs, scope }, { services, call }) =>
        subscribeToMetrics(
          services.metrics,
          {
            model: model ?? undefined,
            intervalMs: intervalMs ?? INTERVAL_MS.default,
            scope: scope ?? undefined,
          },
          call,
        ),
      resolve: (snapshot) => snapshot,
    }),
  );
}
