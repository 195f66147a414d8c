import { z } from 'zod';
import {
  DRIFT_STATES,
  DRIFT_STATISTICS,
  DRIFT_WINDOWS,
  FEATURE_SOURCES,
  type DriftReport,
  type DriftTest,
  type DriftWindow,
} from '../../services/drift.ts';
import { badInput } from '../../errors.ts';
import { nameParameter } from './models.ts';
import { json, type RestRoute } from './route.ts';

const testSchema = z
  .object({
    statistic: z.enum(DRIFT_STATISTICS),
    value: z.number(),
    threshold: z.number(),
    severity: z.number().meta({ description: 'Above 1, a threshold is exceeded.' }),
  })
  .meta({ id: 'DriftTest', description: 'A statistic of a feature.' });

const featureSchema = z
  .object({
    name: z.string(),
    source: z.enum(FEATURE_SOURCES),
    state: z.enum(DRIFT_STATES),
    values: z.int(),
    severity: z.number(),
    tests: z.array(testSchema),
    histogram: z.array(
      z.object({
        label: z.string().nullable(),
        from: z.number().nullable(),
        to: z.number().nullable(),
        reference: z.number(),
        current: z.number(),
      }),
    ),
  })
  .meta({ id: 'FeatureDrift', description: 'How one feature compares with its reference.' });

const reportSchema = z
  .object({
    model: z.string(),
    version: z.string(),
    window: z.enum(DRIFT_WINDOWS),
    state: z.enum(DRIFT_STATES),
    reason: z.string(),
    predictions: z.int(),
    replicas: z.int(),
    severity: z.number(),
    columns: z
      .array(z.string())
      .meta({ description: 'Features that exceed a threshold, worst first.' }),
    features: z.array(featureSchema),
    untested: z
      .array(z.string())
      .meta({ description: 'Features that the reference does not contain.' }),
    reference: z
      .object({ source: z.enum(['data', 'live']), created_at: z.string(), rows: z.int() })
      .nullable(),
    estimated_accuracy: z.number().nullable(),
    reference_accuracy: z.number().nullable(),
    reported_accuracy: z.number().nullable(),
    reported_outcomes: z.int(),
    memory_bytes: z.int(),
  })
  .meta({ id: 'DriftReport', description: 'Comparison of a version with its reference.' });

const versionParameter = {
  name: 'version',
  in: 'query',
  description: 'Version, or a version label. Defaults to the serving version.',
  schema: z.string(),
} as const;

/** `GET /models/{name}/drift`. */
export const driftRoute: RestRoute = {
  method: 'GET',
  path: '/models/{name}/drift',
  operationId: 'modelDrift',
  summary: 'Compare the inputs and predictions of a model with its reference',
  tags: ['Models'],
  parameters: [
    nameParameter,
    versionParameter,
    {
      name: 'window',
      in: 'query',
      description: 'RECENT (the latest predictions), HOUR or DAY.',
      schema: z.enum(DRIFT_WINDOWS),
    },
    {
      name: 'against',
      in: 'query',
      description:
        'Serving version, or a label of it, to compare another version with instead of the reference.',
      schema: z.string(),
    },
  ],
  responses: {
    200: {
      description: 'State, statistics, thresholds and histograms.',
      content: { 'application/json': reportSchema },
    },
  },
  errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_READY'],
  async handle({ call, params, query }, { drift }) {
    const version = query.get('version') ?? undefined;
    const window = windowOf(query.get('window'));
    const against = query.get('against') ?? undefined;
    const report = await drift.report(call, params.name, version, window, against);
    return json(toAnswer(report));
  },
};

/** `POST /models/{name}/drift/profile`. */
export const freezeProfileRoute: RestRoute = {
  method: 'POST',
  path: '/models/{name}/drift/profile',
  operationId: 'freezeProfile',
  summary: 'Use the recent traffic of a model as its reference',
  description:
    'Returns the content of a `profile.json` and uses it as the reference of the model from now on.',
  tags: ['Models'],
  parameters: [nameParameter, versionParameter],
  requestSchema: z.strictObject({}),
  bodyOptional: true,
  responses: {
    200: {
      description: 'The profile.',
      content: { 'application/json': z.record(z.string(), z.unknown()) },
    },
  },
  errors: ['MODEL_NOT_FOUND', 'MODEL_NOT_READY', 'CONFLICT'],
  async handle({ call, params, query }, { drift }) {
    return json(await drift.freeze(call, params.name ?? '', query.get('version') ?? undefined));
  },
};

function windowOf(text: string | null): DriftWindow | undefined {
  if (text === null) return undefined;
  const window = DRIFT_WINDOWS.find((each) => each === text);
  if (window) return window;
  throw badInput(`window: expected one of ${DRIFT_WINDOWS.join(', ')}.`, { field: 'window' });
}

function toAnswer(report: DriftReport): object {
  const { reference, reportedAccuracy } = report;
  return {
    model: report.model,
    version: report.version,
    window: report.window,
    state: report.state,
    reason: report.reason,
    predictions: report.predictions,
    replicas: report.replicas,
    severity: rounded(report.severity),
    columns: report.columns,
    features: report.features.map(
      ({ name, source, state, values, severity, tests, histogram }) => ({
        name,
        source,
        state,
        values,
        severity: rounded(severity),
        tests: tests.map(toTest),
        histogram,
      }),
    ),
    untested: report.untested,
    reference: reference && {
      source: reference.source,
      created_at: reference.createdAt,
      rows: reference.rows,
    },
    estimated_accuracy: report.estimatedAccuracy,
    reference_accuracy: report.referenceAccuracy,
    reported_accuracy: reportedAccuracy?.rate ?? null,
    reported_outcomes: reportedAccuracy?.count ?? 0,
    memory_bytes: report.memoryBytes,
  };
}

const toTest = ({ statistic, value, threshold, severity }: DriftTest): DriftTest => ({
  statistic,
  value: rounded(value),
  threshold: rounded(threshold),
  severity: rounded(severity),
});

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
