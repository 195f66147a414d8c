import { z } from 'zod';
import { json, type RestRoute } from './route.ts';

const milliseconds = z.number().nullable();

const historySchema = z
  .object({
    points: z.array(
      z
        .object({
          timestamp: z.number().meta({ description: 'End of the interval, ms since 1970 (UTC).' }),
          requests_per_second: z.number(),
          failures_per_second: z.number(),
          cache_hit_rate: z
            .number()
            .nullable()
            .meta({ description: 'Hits per cache lookup, 0 to 1; null if there was no lookup.' }),
          p50_latency_ms: milliseconds.meta({
            description:
              'Over the minute before, like the other percentiles; null if there were no ' +
              'predictions, or if it covers some models but not all.',
          }),
          p95_latency_ms: milliseconds,
          p99_latency_ms: milliseconds,
        })
        .meta({ id: 'MetricsPoint', description: 'Metrics of an interval of about ten seconds.' }),
    ),
  })
  .meta({ id: 'MetricsHistory', description: 'Metrics of the last hour, oldest first.' });

/** `GET /metrics/history`. */
export const metricsHistoryRoute: RestRoute = {
  method: 'GET',
  path: '/metrics/history',
  operationId: 'metricsHistory',
  summary: 'Metrics of the last hour',
  description: 'Metrics of this replica over the last hour, oldest first.',
  tags: ['Operations'],
  parameters: [
    {
      name: 'model',
      in: 'query',
      description: 'Model to report on. Defaults to all models together.',
      schema: z.string(),
    },
  ],
  responses: {
    200: { description: 'The points.', content: { 'application/json': historySchema } },
  },
  errors: ['MODEL_NOT_FOUND'],
  handle({ call, query }, { metrics }) {
    const points = metrics.history(call, query.get('model') ?? undefined);
    return json({
      points: points.map((point) => ({
        timestamp: point.timestamp,
        requests_per_second: point.requestsPerSecond,
        failures_per_second: point.failuresPerSecond,
        cache_hit_rate: point.cacheHitRate,
        p50_latency_ms: point.p50Ms,
        p95_latency_ms: point.p95Ms,
        p99_latency_ms: point.p99Ms,
      })),
    });
  },
};
