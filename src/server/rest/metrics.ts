import { badInput } from '../../errors.ts';
import { z } from 'zod';
import type { Call } from '../../services/call.ts';
import type { Services } from '../../services/services.ts';
import type { MetricsSnapshot } from '../../services/metrics-snapshot.ts';
import { preferredType } from './accept.ts';
import { json, type RestResponse, type RestRoute } from './route.ts';

const JSON_TYPE = 'application/json';
const OPENMETRICS_TYPE = 'application/openmetrics-text';
const TEXT_TYPE = 'text/plain';

const milliseconds = z.number().nullable();

/** Metrics as they are answered. */
export const metricsSchema = z
  .object({
    timestamp: z.number().meta({ description: 'Milliseconds since 1970 (UTC).' }),
    uptime_seconds: z.number(),
    model: z.string().nullable().meta({ description: 'null for all models together.' }),
    replicas: z.int().meta({ description: 'Number of replicas that the figures include.' }),
    total_requests: z.number().meta({ description: 'Each input of a batch counts.' }),
    successful_requests: z.number(),
    failed_requests: z.number(),
    cache_hits: z.number(),
    cache_misses: z.number(),
    cache_hit_rate: z.number().meta({ description: 'Hits per cache lookup, 0 to 1.' }),
    avg_latency_ms: milliseconds.meta({
      description:
        'Mean over the last minute, like the percentiles; null if there were no predictions.',
    }),
    p50_latency_ms: milliseconds,
    p95_latency_ms: milliseconds,
    p99_latency_ms: milliseconds,
    throughput: z
      .number()
      .meta({ description: 'Predictions per second over the last ten seconds.' }),
    in_flight: z.number(),
    queued_rows: z.number(),
    batches: z.number(),
    avg_batch_size: z.number().nullable(),
    batch_sizes: z.array(z.object({ up_to: z.number().nullable(), count: z.number() })),
    errors: z
      .record(z.string(), z.number())
      .meta({ description: 'Failed predictions by error code.' }),
  })
  .meta({ id: 'Metrics', description: 'Counters since the start, and what happens now.' });

const textSchema = z.string();

/** `GET /metrics`: JSON, or Prometheus text where that is asked for. */
export const metricsRoute: RestRoute = {
  method: 'GET',
  path: '/metrics',
  isProbe: true,
  operationId: 'metrics',
  summary: 'Metrics',
  description:
    'JSON, or Prometheus text with `Accept: text/plain` or `application/openmetrics-text`.',
  tags: ['Operations'],
  parameters: [
    {
      name: 'model',
      in: 'query',
      description: 'Model to report on. Defaults to all models together. JSON only.',
      schema: z.string(),
    },
    {
      name: 'scope',
      in: 'query',
      description: 'Replicas to include: this one, or all. JSON only.',
      schema: z.enum(['replica', 'cluster']),
    },
  ],
  responses: {
    200: {
      description: 'The metrics.',
      content: {
        [JSON_TYPE]: metricsSchema,
        [TEXT_TYPE]: textSchema,
        [OPENMETRICS_TYPE]: textSchema,
      },
    },
  },
  errors: ['BAD_USER_INPUT', 'MODEL_NOT_FOUND'],
  async handle({ call, header, query }, services) {
    // JSON first: many HTTP clients send "application/json, text/plain, */*".
    const type = preferredType(header('accept'), [JSON_TYPE, OPENMETRICS_TYPE, TEXT_TYPE]);
    if (type === OPENMETRICS_TYPE || type === TEXT_TYPE) return exposition(call, services, type);
    const { metrics } = services;
    const model = query.get('model') ?? undefined;
    const scope = query.get('scope') ?? 'replica';
    if (scope !== 'replica' && scope !== 'cluster') {
      throw badInput('scope: expected "replica" or "cluster"', { field: 'scope' });
    }
    const snapshot =
      scope === 'cluster'
        ? await metrics.clusterSnapshot(call, model)
        : metrics.snapshot(call, model);
    const answer = json(toMetricsAnswer(snapshot));
    return { ...answer, headers: { ...answer.headers, Vary: 'Accept' } };
  },
};

/** `GET /metrics/prometheus`: always text. */
export const prometheusRoute: RestRoute = {
  method: 'GET',
  path: '/metrics/prometheus',
  isProbe: true,
  operationId: 'prometheus',
  summary: 'Metrics for Prometheus',
  tags: ['Operations'],
  responses: {
    200: {
      description: 'Prometheus text format, or OpenMetrics if requested.',
      content: { [TEXT_TYPE]: textSchema, [OPENMETRICS_TYPE]: textSchema },
    },
  },
  errors: [],
  handle({ call, header }, services) {
    return exposition(
      call,
      services,
      preferredType(header('accept'), [OPENMETRICS_TYPE, TEXT_TYPE]),
    );
  },
};

async function exposition(
  call: Call,
  { metrics }: Services,
  type: typeof OPENMETRICS_TYPE | typeof TEXT_TYPE | undefined,
): Promise<RestResponse> {
  const format = type === OPENMETRICS_TYPE ? 'openmetrics' : 'prometheus';
  const { contentType, body } = await metrics.prometheus(call, format);
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store', Vary: 'Accept' },
    body,
  };
}

/** Metrics in the form of {@link metricsSchema}. */
export function toMetricsAnswer(snapshot: MetricsSnapshot): object {
  const { latency } = snapshot;
  return {
    timestamp: snapshot.timestamp,
    uptime_seconds: snapshot.uptimeSeconds,
    model: snapshot.model,
    replicas: snapshot.replicas,
    total_requests: snapshot.totalRequests,
    successful_requests: snapshot.successfulRequests,
    failed_requests: snapshot.failedRequests,
    cache_hits: snapshot.cacheHits,
    cache_misses: snapshot.cacheMisses,
    cache_hit_rate: snapshot.cacheHitRate,
    avg_latency_ms: latency.avgMs,
    p50_latency_ms: latency.p50Ms,
    p95_latency_ms: latency.p95Ms,
    p99_latency_ms: latency.p99Ms,
    throughput: snapshot.throughput,
    in_flight: snapshot.inFlight,
    queued_rows: snapshot.queuedRows,
    batches: snapshot.batches,
    avg_batch_size: snapshot.avgBatchSize,
    batch_sizes: snapshot.batchSizes.map(({ upTo, count }) => ({ up_to: upTo, count })),
    errors: snapshot.errors,
  };
}
