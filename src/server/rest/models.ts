import { z } from 'zod';
import { ServiceError } from '../../errors.ts';
import { VERSION_STATES } from '../../services/model-status.ts';
import type { ModelStatus, VersionStatus } from '../../services/model-status.ts';
import { json, type RestParameter, type RestRoute } from './route.ts';

const tensorSpecSchema = z
  .object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int().nullable()).meta({ description: 'null marks a dynamic dimension.' }),
    unranked: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the model declares no shape and accepts any.' }),
    optional: z.boolean().optional().meta({ description: 'Whether the input may be omitted.' }),
  })
  .meta({ id: 'TensorSpec', description: 'What a model declares of one input or output.' });

const columnSchema = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    type: z.string(),
    values: z.array(z.unknown()).nullable(),
    closed: z.boolean(),
    required: z.boolean(),
  })
  .meta({ id: 'InputColumn', description: 'A column of a model: a key of `features`.' });

const batchingSchema = z
  .object({
    enabled: z.boolean(),
    reason: z.string().meta({ description: 'Why, or why not.' }),
    verified: z.boolean().meta({
      description: 'Whether the server has verified that batching does not change the predictions.',
    }),
  })
  .meta({ id: 'Batching', description: 'Whether inputs that come together are run together.' });

const warmedSchema = z
  .boolean()
  .nullable()
  .meta({ description: 'Whether it was warmed up with a prediction before it served clients.' });

const versionSchema = z
  .object({
    version: z.string(),
    state: z.enum(VERSION_STATES),
    reason: z.string().nullable().meta({ description: 'Why it failed to load; otherwise null.' }),
    engine: z.string().nullable(),
    backend: z.string().nullable(),
    warmed: warmedSchema,
    batching: batchingSchema.nullable(),
    load_ms: z.number().nullable(),
    workers: z.int(),
    signature: z
      .object({ inputs: z.array(tensorSpecSchema), outputs: z.array(tensorSpecSchema) })
      .nullable(),
  })
  .meta({ id: 'ModelVersion', description: 'One version of a model.' });

/** A version and its share of the traffic, asked for or answered. */
export const trafficShareSchema = z
  .strictObject({
    version: z.string().min(1).max(256).meta({ description: 'Version, or a version label.' }),
    percent: z.number().min(0).max(100).meta({ description: 'Share of the requests in percent.' }),
  })
  .meta({ id: 'TrafficShare', description: "A version's share of the requests." });

/** A model as it is answered. */
export const modelSchema = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    default: z
      .boolean()
      .meta({ description: 'Whether requests that do not name a model use this one.' }),
    state: z.enum(VERSION_STATES),
    reason: z.string().nullable(),
    serving_version: z.string().nullable(),
    warmed: warmedSchema,
    batching: batchingSchema.nullable(),
    input_kind: z.string().nullable(),
    output_kind: z.string().nullable(),
    labels: z.array(z.string()).nullable(),
    columns: z
      .array(columnSchema)
      .nullable()
      .meta({ description: 'Columns of a model whose input kind is features; otherwise null.' }),
    unit: z.string().nullable().meta({ description: 'Unit of a regression.' }),
    versions: z.array(versionSchema),
    version_labels: z
      .record(z.string(), z.string())
      .meta({ description: 'Labels that clients can use instead of a version.' }),
    traffic: z.array(trafficShareSchema).meta({
      description: 'Traffic split; the rest up to 100 percent goes to serving_version.',
    }),
    shadow: trafficShareSchema.nullable().meta({
      description: 'Version that also runs a share of the requests, for comparison only.',
    }),
    examples: z.array(z.object({ input: z.unknown(), prediction: z.unknown().optional() })),
  })
  .meta({ id: 'Model', description: 'One model of the repository.' });

const modelListSchema = z.object({ models: z.array(modelSchema) }).meta({ id: 'ModelList' });

/** `GET /models`. */
export const modelsRoute: RestRoute = {
  method: 'GET',
  path: '/models',
  operationId: 'listModels',
  summary: 'List the models',
  tags: ['Models'],
  responses: {
    200: {
      description: 'All models in alphabetical order, including those that failed to load.',
      content: { 'application/json': modelListSchema },
    },
  },
  errors: [],
  handle({ call }, { models }) {
    return json({ models: models.list(call).map(toModelAnswer) });
  },
};

/** The model that a path names. */
export const nameParameter: RestParameter = {
  name: 'name',
  in: 'path',
  description: 'Name of the model.',
  schema: z.string(),
  required: true,
};

/** `GET /models/{name}`. */
export const modelRoute: RestRoute = {
  method: 'GET',
  path: '/models/{name}',
  operationId: 'getModel',
  summary: 'Show one model',
  tags: ['Models'],
  parameters: [nameParameter],
  responses: {
    200: { description: 'The model.', content: { 'application/json': modelSchema } },
  },
  errors: ['MODEL_NOT_FOUND'],
  handle({ call, params }, { models }) {
    const name = params.name ?? '';
    const model = models.get(call, name);
    if (model) return json(toModelAnswer(model));
    const served = models.list(call).map((status) => status.name);
    throw new ServiceError(
      'MODEL_NOT_FOUND',
      `No model is named ${JSON.stringify(name)}; there is ${served.join(', ') || 'none'}.`,
    );
  },
};

/** A model in the form of {@link modelSchema}. */
export function toModelAnswer(model: ModelStatus): object {
  return {
    name: model.name,
    description: model.description,
    default: model.isDefault,
    state: model.state,
    reason: model.reason,
    serving_version: model.servingVersion,
    warmed: model.warmed,
    batching: model.batching,
    input_kind: model.inputKind,
    output_kind: model.outputKind,
    labels: model.labels,
    columns:
      model.columns?.map(({ name, description, type, values, closed = false, required }) => ({
        name,
        description,
        type,
        values,
        closed,
        required,
      })) ?? null,
    unit: model.unit,
    versions: model.versions.map(toVersionAnswer),
    version_labels: model.versionLabels,
    traffic: model.traffic,
    shadow: model.shadow,
    examples: model.examples,
  };
}

function toVersionAnswer({ loadMs, ...version }: VersionStatus): object {
  return { ...version, load_ms: loadMs };
}
