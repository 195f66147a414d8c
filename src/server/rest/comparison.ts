import { z } from 'zod';
import {
  COMPARISON_METHOD,
  type MeasuredComparison,
  type MeasuredVersion,
  VERDICTS,
} from '../../services/comparison.ts';
import { metricsSchema, toMetricsAnswer } from './metrics.ts';
import { nameParameter } from './models.ts';
import { json, type RestRoute } from './route.ts';

const rateSchema = z
  .object({ count: z.int(), successes: z.int(), rate: z.number().nullable() })
  .meta({ id: 'SuccessRate', description: 'How many of how many.' });

const milliseconds = z.number().nullable();

const versionSchema = z
  .object({
    version: z.string(),
    serving: z.boolean(),
    traffic_percent: z.number(),
    requests: z.int().meta({
      description:
        'Requests other than invalid ones, counted while more than one version is loaded.',
    }),
    errors: z.int(),
    error_rate: z.number().nullable(),
    avg_latency_ms: milliseconds.meta({
      description: 'Latency of computed predictions; cached ones do not count.',
    }),
    p50_latency_ms: milliseconds,
    p95_latency_ms: milliseconds,
    p99_latency_ms: milliseconds,
    predictions: z.array(z.object({ label: z.string(), count: z.int() })),
    other_predictions: z.int(),
    mean_confidence: z.number().nullable(),
    agreement: rateSchema,
    shadow_dropped: z.int(),
    shadow_failed: z.int(),
    outcomes: rateSchema,
    metrics: metricsSchema.meta({
      description: 'Metrics of the version on this replica, also while no other is loaded.',
    }),
    compared_to_serving: z
      .object({
        difference: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        verdict: z.enum(VERDICTS),
        more_outcomes_needed: z.number().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'VersionComparison', description: 'Statistics of one version.' });

/** A comparison as it is answered. */
export const comparisonSchema = z
  .object({
    model: z.string(),
    serving_version: z.string().nullable(),
    method: z.string(),
    versions: z.array(versionSchema),
  })
  .meta({ id: 'ModelComparison', description: 'Comparison of the versions of a model.' });

/** `GET /models/{name}/comparison`. */
export const comparisonRoute: RestRoute = {
  method: 'GET',
  path: '/models/{name}/comparison',
  operationId: 'compareVersions',
  summary: 'Compare the versions of a model',
  description: `Method: ${COMPARISON_METHOD}`,
  tags: ['Models'],
  parameters: [nameParameter],
  responses: {
    200: {
      description: 'The statistics of this replica.',
      content: { 'application/json': comparisonSchema },
    },
  },
  errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_READY'],
  handle({ call, params }, { comparisons }) {
    return json(toAnswer(comparisons.comparison(call, params.name ?? '')));
  },
};

const outcomeBodySchema = z
  .strictObject({
    prediction_id: z.string().min(1).max(256).meta({ description: '`id` of the prediction.' }),
    actual: z.union([z.string(), z.number(), z.array(z.string()), z.array(z.number())]).meta({
      description:
        'The actual outcome: a label, a list of labels, or a number. A predicted number within 10 percent of it is correct.',
    }),
  })
  .meta({ id: 'OutcomeRequest', description: 'The actual outcome of a prediction.' });

/** `POST /outcomes`. */
export const outcomeRoute: RestRoute<z.infer<typeof outcomeBodySchema>> = {
  method: 'POST',
  path: '/outcomes',
  operationId: 'reportOutcome',
  summary: 'Report the outcome of a prediction',
  description:
    'The replica that made the prediction remembers it for 24 hours, up to the last 100,000 predictions.',
  tags: ['Predictions'],
  requestSchema: outcomeBodySchema,
  responses: {
    200: {
      description: 'Whether the prediction was right.',
      content: {
        'application/json': z.object({
          prediction_id: z.string(),
          model: z.string(),
          version: z.string(),
          correct: z.boolean(),
          counted: z
            .boolean()
            .meta({ description: 'Only the first outcome of a prediction is counted.' }),
        }),
      },
    },
  },
  errors: [],
  handle({ call, body }, { comparisons }) {
    const { predictionId, ...report } = comparisons.reportOutcome(
      call,
      body.prediction_id,
      body.actual,
    );
    return json({ prediction_id: predictionId, ...report });
  },
};

function toAnswer({ model, servingVersion, method, versions }: MeasuredComparison): object {
  return { model, serving_version: servingVersion, method, versions: versions.map(toVersion) };
}

function toVersion(it: MeasuredVersion): object {
  const outcome = it.comparedToServing;
  return {
    version: it.version,
    serving: it.serving,
    traffic_percent: it.trafficPercent,
    requests: it.requests,
    errors: it.errors,
    error_rate: it.errorRate,
    avg_latency_ms: it.latency.avgMs,
    p50_latency_ms: it.latency.p50Ms,
    p95_latency_ms: it.latency.p95Ms,
    p99_latency_ms: it.latency.p99Ms,
    predictions: it.predictions,
    other_predictions: it.otherPredictions,
    mean_confidence: it.meanConfidence,
    agreement: it.agreement,
    shadow_dropped: it.shadowDropped,
    shadow_failed: it.shadowFailed,
    outcomes: it.outcomes,
    metrics: toMetricsAnswer(it.metrics),
    compared_to_serving: outcome && {
      difference: outcome.difference,
      low: outcome.interval?.low ?? null,
      high: outcome.interval?.high ?? null,
      verdict: outcome.verdict,
      more_outcomes_needed: outcome.moreNeeded,
    },
  };
}
