import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../../errors.ts';
import type { ModelInput } from '../../services/model-input.ts';
import { modelInputSchema } from '../../services/model-input.ts';
import { MAX_TIMEOUT_MS } from '../call/pipeline.ts';

/**
 * The bodies of the REST face. The same schemas validate requests, describe everything in OpenAPI
 * and hold the answers to their word in the tests.
 */

const name = z.string().min(1).max(256);

const inputSchema: z.ZodType<string | ModelInput> = z
  .union([z.string(), modelInputSchema], {
    error: 'expected a text, or an object with exactly one of text, features, image, tensors',
  })
  .meta({ description: 'What to predict on: a text, or an object that says what it is.' });

const commonFields = {
  model: name.optional().meta({ description: 'Name of the model. Left out: the default model.' }),
  version: name.optional().meta({
    description:
      'Version of the model, or a label for one. Left out: the traffic of the model decides.',
  }),
  assignment_key: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .meta({
      description:
        'Makes the choice of a version sticky where the traffic of the model is split: a user or ' +
        'session, say. Left out: X-Assignment-Key, else chosen anew for each request.',
    }),
  scores: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'How many of the likeliest labels to list in the answer.' }),
  outputs: z
    .boolean()
    .optional()
    .meta({ description: 'Whether to list all output tensors in the answer.' }),
  options: z
    .strictObject({
      timeout_ms: z
        .int()
        .min(1)
        .max(MAX_TIMEOUT_MS)
        .optional()
        .meta({ description: 'Deadline in milliseconds. Left out: X-Request-Timeout-Ms.' }),
      priority: z
        .enum(['interactive', 'bulk'])
        .optional()
        .meta({ description: 'Left out: interactive for one input, bulk for a batch.' }),
      cache: z
        .enum(['use', 'refresh', 'bypass'])
        .optional()
        .meta({ description: 'How to treat the cache. Left out: use.' }),
    })
    .optional()
    .meta({ description: 'How the prediction is to be made.' }),
};

/** Body of `POST /predict`. */
export const predictBodySchema = z
  .strictObject({ input: inputSchema, ...commonFields })
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
        .meta({ description: 'What to predict on.' }),
      ...commonFields,
    })
    .meta({ description: 'Many predictions of one model.' });
}

/** Parsed body of `POST /predict/batch`. */
export type BatchBody = z.infer<ReturnType<typeof batchBodySchema>>;

const scoreSchema = z
  .object({ label: z.string(), score: z.number() })
  .meta({ id: 'Score', description: 'A label and its probability.' });

const tensorSchema = z
  .object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int()),
    data: z.array(z.unknown()).meta({ description: 'Flat, in row-major order.' }),
  })
  .meta({ id: 'Tensor', description: 'A named output tensor.' });

/** One prediction as it is answered. */
export const predictionSchema = z
  .object({
    id: z.string().meta({ description: 'Unique name of this answer.' }),
    prediction: z.unknown().meta({ description: 'The answer in the terms of the model.' }),
    confidence: z
      .number()
      .nullable()
      .meta({ description: 'Probability from 0 to 1; null where the output has none.' }),
    latency_ms: z.number().meta({ description: 'Time inside the server, in milliseconds.' }),
    model: z.string(),
    version: z.string(),
    cached: z.boolean().meta({ description: 'Whether it came from the cache.' }),
    scores: z.array(scoreSchema).nullable().optional(),
    outputs: z.array(tensorSchema).optional(),
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
  .meta({ id: 'BatchPrediction', description: 'The answers to a batch.' });
