import { tensorDataToJson, toJsonValue } from '../../tensor/json-value.ts';
import { ServiceError } from '../../errors.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { NamedTensor, Prediction, Timings } from '../../services/prediction.ts';
import type { PredictOptions, Priority } from '../../services/services.ts';
import { MAX_TIMEOUT_MS } from '../call/pipeline.ts';
import { mapInTurns } from '../../json/map-in-turns.ts';
import { toErrorBody } from './errors.ts';
import { z } from 'zod';
import { json, type RestParameter, type RestRequest, type RestRoute } from './route.ts';
import {
  type BatchBody,
  batchBodySchema,
  batchSchema,
  type PredictBody,
  predictBodySchema,
  predictionSchema,
  type UploadFields,
  uploadFieldsSchema,
} from './schemas.ts';

type CommonBody = Omit<PredictBody, 'input'>;

const PRIORITIES: Readonly<Record<'interactive' | 'bulk', Priority>> = {
  interactive: 'INTERACTIVE',
  bulk: 'BULK',
};

const parameters: readonly RestParameter[] = [
  {
    name: 'X-Request-Timeout-Ms',
    in: 'header',
    description: "Timeout in milliseconds. Defaults to the server's REQUEST_TIMEOUT_MS.",
    schema: z.int().min(1).max(MAX_TIMEOUT_MS),
  },
  {
    name: 'X-Assignment-Key',
    in: 'header',
    description: 'Same as `assignment_key`, for clients that cannot change the body.',
    schema: z.string(),
  },
  {
    name: 'Cache-Control',
    in: 'header',
    description:
      '`no-cache` recomputes the prediction and writes it to the cache, like `options.cache: refresh`.',
    schema: z.string(),
  },
  ...Object.entries(uploadFieldsSchema.shape).map(([name, schema]): RestParameter => ({
    name,
    in: 'query',
    description: `For an upload: the same as the field \`${name}\` of a form.`,
    schema,
  })),
];

const errors = [
  'MODEL_NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'INFERENCE_FAILED',
  'MODEL_NOT_READY',
  'OVERLOADED',
  'DEADLINE_EXCEEDED',
] as const;

/** `POST /predict`. */
export const predictRoute: RestRoute<PredictBody> = {
  method: 'POST',
  path: '/predict',
  operationId: 'predict',
  summary: 'Predict one input',
  description:
    'The input is a string, or an object with one key that matches the input kind of the model.',
  tags: ['Predictions'],
  parameters,
  requestSchema: predictBodySchema,
  upload: {
    maxImages: 1,
    toBody: ([image], fields) => ({ input: { image }, ...toCommonBody(fields) }),
  },
  responses: {
    200: { description: 'The prediction.', content: { 'application/json': predictionSchema } },
  },
  errors,
  async handle(request, { predictions }) {
    const { body } = request;
    const input = toModelInput(body.input);
    // Added to the options: a spread would copy each of them.
    const prediction = await predictions.predict(
      request.call,
      Object.assign(toOptions(request), { input }),
    );
    return json(toAnswer(prediction, body));
  },
};

/**
 * `POST /predict/batch`.
 *
 * @param maxInputs most inputs in one request
 * @param maxAnswerBytes most bytes of an answer, estimated while it is made
 */
export function batchRoute(maxInputs: number, maxAnswerBytes: number): RestRoute<BatchBody> {
  return {
    method: 'POST',
    path: '/predict/batch',
    operationId: 'predictBatch',
    summary: 'Predict many inputs',
    description:
      'Results are in the order of the inputs; an invalid input yields an error in its place.',
    tags: ['Predictions'],
    parameters,
    requestSchema: batchBodySchema(maxInputs),
    upload: {
      maxImages: maxInputs,
      toBody: (images, fields) => ({
        inputs: images.map((image) => ({ image })),
        ...toCommonBody(fields),
      }),
    },
    refuse(body) {
      const { inputs } = (body ?? {}) as { inputs?: unknown };
      if (!Array.isArray(inputs) || inputs.length <= maxInputs) return;
      const message = `expected at most ${maxInputs} inputs`;
      throw new ServiceError('BAD_USER_INPUT', `inputs: ${message}`, {
        details: { problems: [{ path: 'inputs', message }] },
        limit: 'MAX_BATCH_INPUTS',
      });
    },
    responses: {
      200: { description: 'Output tensors.', content: { 'application/json': batchSchema } },
    },
    errors: [...errors, 'ANSWER_TOO_LARGE'],
    async handle(request, { predictions }) {
      const { body } = request;
      const { results, latencyMs } = await predictions.predictBatch(request.call, {
        inputs: body.inputs.map(toModelInput),
        ...toOptions(request),
      });
      const answers = await mapInTurns(results, maxAnswerBytes, (result) =>
        result instanceof ServiceError ? toErrorBody(result) : toAnswer(result, body),
      );
      return json({ results: answers, latency_ms: latencyMs });
    },
  };
}

/** Fields of an upload have no objects: those of the options stand beside the others. */
function toCommonBody(fields: UploadFields): CommonBody {
  const { timeout_ms, priority, cache, ...rest } = fields;
  return { ...rest, options: { timeout_ms, priority, cache } };
}

function toModelInput(input: string | ModelInput): ModelInput {
  return typeof input === 'string' ? { text: input } : input;
}

function toOptions({ body, header }: RestRequest<CommonBody>): PredictOptions {
  const { options } = body;
  const refresh = header('cache-control')?.includes('no-cache') === true;
  return {
    model: body.model,
    version: body.version,
    assignmentKey: body.assignment_key,
    timeoutMs: options?.timeout_ms,
    priority: options?.priority && PRIORITIES[options.priority],
    cache: options?.cache ?? (refresh ? 'refresh' : undefined),
    allOutputs: body.outputs === true,
  };
}

function toAnswer(prediction: Prediction, { scores, outputs, timings }: CommonBody): object {
  const answer: Record<string, unknown> = {
    id: prediction.id,
    prediction: toJsonValue(prediction.prediction),
    confidence: prediction.confidence,
    latency_ms: prediction.latencyMs,
    model: prediction.model,
    version: prediction.version,
    cached: prediction.cached,
  };
  if (scores !== undefined) answer.scores = prediction.scores(scores);
  if (outputs === true) answer.outputs = prediction.outputs.map(toOutput);
  if (timings === true) answer.timings = toTimings(prediction.timings);
  return answer;
}

function toTimings({ encodeMs, cacheMs, queueMs, inferenceMs }: Timings): object {
  return {
    encode_ms: encodeMs,
    cache_ms: cacheMs,
    queue_ms: queueMs,
    inference_ms: inferenceMs,
  };
}

function toOutput(tensor: NamedTensor): object {
  const { name, datatype, shape } = tensor;
  return { name, datatype, shape, data: tensorDataToJson(tensor) };
}
