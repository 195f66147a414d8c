import { z } from 'zod';
import { DATATYPES, type Datatype } from '../../tensor/tensor.ts';

/**
 * The bodies of the Open Inference Protocol over HTTP, for OpenAPI. Requests of tensors are read by
 * code of their own, which knows their binary forms too; the tests hold real answers to these schemas.
 */

const datatype = z.enum(DATATYPES as [Datatype, ...Datatype[]]);
const parameters = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .meta({ description: 'Unknown parameters are ignored.' });
const shape = z.array(z.int().min(0)).max(16);
const data = z.array(z.unknown()).meta({
  description:
    'Elements in row-major order, as a flat or nested array; omitted if they follow as binary data.',
});

/** An error of the protocol. */
export const protocolErrorSchema = z
  .strictObject({ error: z.string() })
  .meta({ id: 'V2Error', description: 'What was wrong, and what is allowed.' });

/** Answer of `GET /v2`. */
export const serverMetadataSchema = z
  .strictObject({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'V2ServerMetadata', description: 'The server and its extensions.' });

/** Answers of the two probes. */
export const liveSchema = z.strictObject({ live: z.boolean() });
export const readySchema = z.strictObject({ ready: z.boolean(), error: z.string().optional() });

/** Whether a model answers. */
export const modelReadySchema = z.strictObject({
  name: z.string(),
  ready: z.boolean(),
  error: z.string().optional(),
});

const tensorMetadata = z
  .strictObject({
    name: z.string(),
    datatype,
    shape: z.array(z.int().min(-1)).meta({ description: '-1 for a dynamic dimension.' }),
  })
  .meta({ id: 'V2TensorMetadata', description: 'An input or output of a model.' });

/** Metadata of a model. */
export const modelMetadataSchema = z
  .strictObject({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(tensorMetadata),
    outputs: z.array(tensorMetadata),
  })
  .meta({ id: 'V2ModelMetadata', description: 'Inputs and outputs of a model.' });

const configTensor = { name: z.string(), data_type: z.string(), dims: z.array(z.int().min(-1)) };

/** Configuration of a model. */
export const modelConfigSchema = z
  .looseObject({
    name: z.string(),
    platform: z.string(),
    backend: z.string(),
    max_batch_size: z.int().min(0).meta({ description: '0 if the model has no batch dimension.' }),
    input: z.array(z.looseObject({ ...configTensor, optional: z.boolean() })),
    output: z.array(z.looseObject(configTensor)),
  })
  .meta({ id: 'V2ModelConfig', description: "Triton's ModelConfig." });

const duration = z
  .strictObject({ count: z.int().min(0), ns: z.int().min(0) })
  .meta({ id: 'V2Duration', description: 'How often, and nanoseconds together.' });

/** Statistics of models. */
export const statisticsSchema = z
  .strictObject({
    model_stats: z.array(
      z.strictObject({
        name: z.string(),
        version: z.string(),
        last_inference: z.int().min(0).meta({ description: 'Milliseconds since 1970.' }),
        inference_count: z.int().min(0),
        execution_count: z.int().min(0),
        inference_stats: z.strictObject({
          success: duration,
          fail: duration,
          queue: duration,
          compute_input: duration,
          compute_infer: duration,
          compute_output: duration,
          cache_hit: duration,
          cache_miss: duration,
        }),
        batch_stats: z.array(
          z.strictObject({ batch_size: z.int().min(1), compute_infer: duration }),
        ),
      }),
    ),
  })
  .meta({ id: 'V2Statistics', description: 'Statistics of each version of a model.' });

/** Body of an inference request. */
export const inferRequestSchema = z
  .looseObject({
    id: z.string().optional().meta({ description: 'Returned in the response.' }),
    parameters: parameters.optional(),
    inputs: z
      .array(
        z.looseObject({
          name: z.string().min(1),
          datatype,
          shape,
          parameters: parameters.optional(),
          data: data.optional(),
        }),
      )
      .min(1),
    outputs: z
      .array(z.looseObject({ name: z.string().min(1), parameters: parameters.optional() }))
      .optional()
      .meta({ description: 'Outputs to return. Defaults to all outputs of the model.' }),
  })
  .meta({ id: 'V2InferRequest', description: 'Tensors for a model.' });

/** Answer to an inference request. */
export const inferResponseSchema = z
  .strictObject({
    id: z.string().optional(),
    model_name: z.string(),
    model_version: z.string(),
    outputs: z.array(
      z.strictObject({
        name: z.string(),
        datatype,
        shape,
        parameters: parameters.optional(),
        data: data.optional(),
      }),
    ),
  })
  .meta({ id: 'V2InferResponse', description: 'Tensors of a model.' });

/** Body of `generate`. */
export const generateRequestSchema = z
  .looseObject({ id: z.string().optional(), text_input: z.string() })
  .meta({ id: 'V2GenerateRequest', description: 'One text, for a model whose input is text.' });

/** Answer of `generate`. */
export const generateResponseSchema = z
  .strictObject({
    id: z.string().optional(),
    model_name: z.string(),
    model_version: z.string(),
    text_output: z.string(),
  })
  .meta({ id: 'V2GenerateResponse', description: 'The text of a model.' });

/** Body of the index of the repository. */
export const indexRequestSchema = z.looseObject({
  ready: z
    .boolean()
    .optional()
    .meta({ description: 'Whether to list only models that are ready.' }),
});

/** Index of the repository. */
export const indexResponseSchema = z
  .array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      state: z.enum(['READY', 'UNAVAILABLE', 'LOADING', 'UNLOADING']),
      reason: z.string(),
    }),
  )
  .meta({ id: 'V2RepositoryIndex', description: 'Each version of each model.' });

/** Body of loading and unloading. */
export const repositoryRequestSchema = z.looseObject({
  parameters: z.looseObject({}).optional(),
});
