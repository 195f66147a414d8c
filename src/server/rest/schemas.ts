import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../../errors.ts';
import type { ModelInput } from '../../services/model-input.ts';
import { modelInputSchema } from '../../services/model-input.ts';
import { MAX_TIMEOUT_MS } from '../call/pipeline.ts';

/**
 * The bodies of the REST API. The same schemas validate requests, describe everything in OpenAPI
 * and hold the answers to their word in the tests.
 */

const name = z.string().min(1).max(256);

const inputSchema: z.ZodType<string | ModelInput> = z
  .union([z.string(), modelInputSchema], {
    error: 'expected a text, or an object with exactly one of text, features, image, tensors',
  })
  .meta({
    description: 'Input of the prediction: a string, or an object whose key is the input kind.',
  });

const commonFields = {
  model: name.optional().meta({ description: 'Name of the model. Defaults to the default model.' }),
  version: name.optional().meta({
    description: "Version of the model, or a version label. Defaults to the model's traffic split.",
  }),
  assignment_key: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .meta({
      description:
        'Key, such as a user or session ID, that always selects the same version while traffic is ' +
        'split. Defaults to the header X-Assignment-Key; without one, every request draws a version.',
    }),
  scores: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'Number of most likely labels to return.' }),
  outputs: z.boolean().optional().meta({ description: 'Whether to return all output tensors.' }),
  timings: z
    .boolean()
    .optional()
    .meta({ description: 'Whether to tell where the time of the prediction went.' }),
};

const optionFields = {
  timeout_ms: z.int().min(1).max(MAX_TIMEOUT_MS).optional().meta({
    description: 'Timeout in milliseconds. Defaults to the header X-Request-Timeout-Ms.',
  }),
  priority: z
    .enum(['interactive', 'bulk'])
    .optional()
    .meta({ description: 'Defaults to interactive for one input and bulk for a batch.' }),
  cache: z
    .enum(['use', 'refresh', 'bypass'])
    .optional()
    .meta({ description: 'How to use the cache. Defaults to use.' }),
};

const bodyFields = {
  ...commonFields,
  options: z
    .strictObject(optionFields)
    .optional()
    .meta({ description: 'Options of the prediction.' }),
};

/**
 * What may stand beside the images of an upload, as fields of the form or parameters of the query
 * string: the fields of the JSON body, those of `options` among them.
 */
export const uploadFieldsSchema = z.strictObject({ ...commonFields, ...optionFields });

/** Parsed fields of an upload. */
export type UploadFields = z.infer<typeof uploadFieldsSchema>;

/** Body of `POST /predict`. */
export const predictBodySchema = z
  .strictObject({ input: inputSchema, ...bodyFields })
  .meta({ id: 'PredictRequest', description: 'One prediction.' });

/** Parsed body of `POST /predict`. */
export type PredictBody = z.infer<typeof predictBodySchema>;

/**
 * Body of `POST /predict/batch`.
 *
 * @param maxInputs most inputs
 */
export function batchBodySchema(maxInputs: number) {
  return z
    .strictObject({
      inputs: z
        .array(inputSchema)
        .min(1, 'expected at least one input')
        .max(maxInputs, `expected at most ${maxInputs} inputs`)
        .meta({ description: 'Input of the prediction.' }),
      ...bodyFields,
    })
    .meta({ description: 'Many predictions of one model.' });
}

/** Parsed body of `POST /predict/batch`. */
export type BatchBody = z.infer<ReturnType<typeof batchBodySchema>>;

const scoreSchema = z
  .object({ label: z.string(), score: z.number() })
  .meta({ id: 'Score', description: 'A label and its probability.' });

const timingsSchema = z
  .object({
    encode_ms: z.number().meta({ description: 'Turning the input into tensors.' }),
    cache_ms: z.number().meta({ description: 'Looking in the cache.' }),
    queue_ms: z.number().meta({ description: 'Waiting for a worker; 0 when cached.' }),
    inference_ms: z.number().meta({ description: 'The batch in the engine; 0 when cached.' }),
  })
  .meta({ id: 'Timings', description: 'Where the time of a prediction went, in milliseconds.' });

const tensorSchema = z
  .object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int()),
    data: z
      .array(z.unknown())
      .meta({ description: 'Elements as a flat array in row-major order.' }),
  })
  .meta({ id: 'Tensor', description: 'A named output tensor.' });

/** One prediction as it is answered. */
export const predictionSchema = z
  .object({
    id: z
      .string()
      .meta({ description: 'Unique identifier of this prediction, to report its outcome.' }),
    prediction: z.unknown().meta({
      description:
        'The predicted value: a label, labels, a number, a vector or the data of a tensor.',
    }),
    confidence: z
      .number()
      .nullable()
      .meta({ description: 'Probability from 0 to 1; null if the output kind has none.' }),
    latency_ms: z.number().meta({
      description: 'Time from the request to the prediction within the server, in milliseconds.',
    }),
    model: z.string(),
    version: z.string(),
    cached: z.boolean().meta({ description: 'Whether the prediction came from the cache.' }),
    scores: z.array(scoreSchema).nullable().optional(),
    outputs: z.array(tensorSchema).optional(),
    timings: timingsSchema.optional(),
  })
  .meta({ id: 'Prediction', description: 'One answer of a model.' });

const errorBodySchema = z.object({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string().meta({ description: 'What was wrong and what is allowed.' }),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** An error as it is answered. */
export const errorSchema = z
  .object({ error: errorBodySchema })
  .meta({ id: 'Error', description: 'Why there is no answer.' });

/** A batch as it is answered. */
export const batchSchema = z
  .object({
    results: z
      .array(z.union([predictionSchema, errorSchema]))
      .meta({ description: 'In the order of the inputs.' }),
    latency_ms: z.number(),
  })
  .meta({ id: 'BatchPrediction', description: 'Results of a batch.' });
