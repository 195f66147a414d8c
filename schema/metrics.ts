import { type ErrorCode, ERRORS } from '../src/errors.ts';
import type { MetricsScope } from '../src/services/services.ts';
import type { BatchSizeBucket, MetricsSnapshot } from '../src/services/metrics-snapshot.ts';
import type { Builder } from './builder.ts';
import type { ErrorRefs } from './error.ts';
import { subscribeToMetrics } from './metrics-feed.ts';

/** Least and most time between two snapshots of the subscription, in milliseconds. */
const INTERVAL_MS = { min: 100, max: 60_000, default: 1_000 };

/** Defines the query and the subscription `metrics`. */
export function defineMetrics(builder: Builder, { errorCode }: ErrorRefs) {
  const bucket = builder.objectRef<BatchSizeBucket>('BatchSizeBucket');
  bucket.implement({
    description: 'One bucket of the batch size histogram.',
    fields: (t) => ({
      upTo: t.exposeInt('upTo', {
        nullable: true,
        description:
          'Upper bound of the bucket in rows, inclusive; null for the last, unbounded one.',
      }),
      count: t.expose('count', { type: 'SafeInt', description: 'Batches in this bucket.' }),
    }),
  });

  const errorCount = builder.objectRef<{ code: ErrorCode; count: number }>('ErrorCount');
  errorCount.implement({
    description: 'Number of predictions that failed with one error code.',
    fields: (t) => ({
      code: t.expose('code', { type: errorCode, description: 'The error code.' }),
      count: t.expose('count', { type: 'SafeInt', description: 'Failed predictions.' }),
    }),
  });

  const metrics = builder.objectRef<MetricsSnapshot>('Metrics');
  metrics.implement({
    description:
      'Snapshot of the metrics of the server or of one model, counted since the server started.',
    fields: (t) => ({
      timestamp: t.expose('timestamp', {
        type: 'DateTime',
        description: 'When the snapshot was taken.',
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'Time since the server started, in seconds.',
      }),
      model: t.exposeString('model', {
        nullable: true,
        description: 'Name of the model; null for all models together.',
      }),
      replicas: t.exposeInt('replicas', {
        description: 'Number of replicas included; 1 if only this one.',
      }),
      totalRequests: t.expose('totalRequests', {
        type: 'SafeInt',
        description: 'Predictions requested; every input of a batch counts.',
      }),
      successfulRequests: t.expose('successfulRequests', {
        type: 'SafeInt',
        description: 'Predictions that succeeded.',
      }),
      failedRequests: t.expose('failedRequests', {
        type: 'SafeInt',
        description: 'Predictions that failed.',
      }),
      cacheHits: t.expose('cacheHits', {
        type: 'SafeInt',
        description: 'Predictions found in the cache.',
      }),
      cacheMisses: t.expose('cacheMisses', {
        type: 'SafeInt',
        description: 'Cache lookups without a hit.',
      }),
      cacheHitRate: t.exposeFloat('cacheHitRate', {
        description: 'Hits per lookup, 0 to 1; 0 before the first lookup.',
      }),
      avgLatencyMs: t.float({
        nullable: true,
        description:
          'Mean latency over the last minute, in milliseconds; null if there were no predictions.',
        resolve: ({ latency }) => latency.avgMs,
      }),
      p50LatencyMs: t.float({
        nullable: true,
        description:
          'Median latency over the last minute, in milliseconds; null if there were no predictions.',
        resolve: ({ latency }) => latency.p50Ms,
      }),
      p95LatencyMs: t.float({
        nullable: true,
        description:
          '95th percentile of latency over the last minute, in milliseconds; null if there were no predictions.',
        resolve: ({ latency }) => latency.p95Ms,
      }),
      p99LatencyMs: t.float({
        nullable: true,
        description:
          '99th percentile of latency over the last minute, in milliseconds; null if there were no predictions.',
        resolve: ({ latency }) => latency.p99Ms,
      }),
      throughput: t.exposeFloat('throughput', {
        description: 'Predictions per second, averaged over the last ten seconds.',
      }),
      inFlight: t.exposeInt('inFlight', { description: 'Predictions in progress.' }),
      queuedRows: t.exposeInt('queuedRows', { description: 'Rows waiting for a worker.' }),
      batches: t.expose('batches', { type: 'SafeInt', description: 'Batches run.' }),
      avgBatchSize: t.exposeFloat('avgBatchSize', {
        nullable: true,
        description: 'Mean number of rows per batch; null before the first batch.',
      }),
      batchSizes: t.field({
        type: [bucket],
        description: 'Histogram of batch sizes.',
        resolve: ({ batchSizes }) => [...batchSizes],
      }),
      errors: t.field({
        type: [errorCount],
        description: 'Failed predictions by error code.',
        resolve: ({ errors }) => countsByCode(errors),
      }),
    }),
  });

  const scope = builder.enumType('MetricsScope', {
    description: 'Which replicas the metrics cover.',
    values: {
      REPLICA: { description: 'Only the replica that answers.', value: 'REPLICA' },
      CLUSTER: {
        description:
          'All replicas that share a Redis, with merged histograms; without Redis, only the ' +
          'replica that answers.',
        value: 'CLUSTER',
      },
    } satisfies Record<MetricsScope, { description: string; value: MetricsScope }>,
  });

  builder.queryField('metrics', (t) =>
    t.field({
      type: metrics,
      description: 'Current metrics.',
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to all models together.' }),
        scope: t.arg({
          type: scope,
          defaultValue: 'REPLICA',
          description: 'Which replicas to include.',
        }),
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
        'Metrics at once and then at every interval. A slow client skips snapshots and always ' +
        'receives the latest.',
      // Nothing in it depends on the caller: the server executes it once for all who ask the same.
      extensions: { shared: true },
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to all models together.' }),
        scope: t.arg({
          type: scope,
          defaultValue: 'REPLICA',
          description: 'Which replicas to include.',
        }),
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
  return { metrics };
}

/** Types that other definitions refer to. */
export type MetricsRefs = ReturnType<typeof defineMetrics>;

/** A newer replica may count codes that this one does not know: they are told as defects. */
function countsByCode(errors: Readonly<Record<string, number>>) {
  const counts = new Map<ErrorCode, number>();
  for (const [name, count] of Object.entries(errors)) {
    const code = Object.hasOwn(ERRORS, name) ? (name as ErrorCode) : 'INTERNAL_SERVER_ERROR';
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  return Array.from(counts, ([code, count]) => ({ code, count }));
}
