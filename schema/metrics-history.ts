import type { MetricsPoint } from '../src/services/metrics-history.ts';
import type { Builder } from './builder.ts';

/** Defines the query `metricsHistory`. */
export function defineMetricsHistory(builder: Builder): void {
  const point = builder.objectRef<MetricsPoint>('MetricsPoint');
  const percentile = (share: string) => ({
    nullable: true as const,
    description:
      `${share} of latency over the minute before, in milliseconds; null if there were no ` +
      'predictions, or if it covers some models but not all.',
  });
  point.implement({
    description: 'Metrics of one interval of about ten seconds.',
    fields: (t) => ({
      timestamp: t.expose('timestamp', {
        type: 'DateTime',
        description: 'End of the interval.',
      }),
      requestsPerSecond: t.exposeFloat('requestsPerSecond', {
        description: 'Predictions requested per second.',
      }),
      failuresPerSecond: t.exposeFloat('failuresPerSecond', {
        description: 'Predictions that failed per second.',
      }),
      cacheHitRate: t.exposeFloat('cacheHitRate', {
        nullable: true,
        description: 'Hits per cache lookup, 0 to 1; null if there was no lookup.',
      }),
      p50LatencyMs: t.exposeFloat('p50Ms', percentile('Median')),
      p95LatencyMs: t.exposeFloat('p95Ms', percentile('95th percentile')),
      p99LatencyMs: t.exposeFloat('p99Ms', percentile('99th percentile')),
    }),
  });
  builder.queryField('metricsHistory', (t) =>
    t.field({
      type: [point],
      description: 'Metrics of this replica over the last hour, oldest first.',
      args: {
        model: t.arg.string({ description: 'Name of the model. Defaults to all models together.' }),
      },
      resolve: (_root, { model }, { services, call }) => [
        ...services.metrics.history(call, model ?? undefined),
      ],
    }),
  );
}
