import type { CacheMode, Priority } from '../src/services/services.ts';
import type { Builder } from './builder.ts';
import type { TensorRefs } from './tensor.ts';

/** Defines what clients send: the input of a prediction and its options. */
export function defineInputs(builder: Builder, { datatype }: TensorRefs) {
  const tensorInput = builder.inputType('TensorInput', {
    description: 'A named input tensor, as in the Open Inference Protocol.',
    fields: (t) => ({
      name: t.string({
        required: true,
        description: "Name of the input in the model's signature.",
        validate: { minLength: 1, maxLength: 256 },
      }),
      datatype: t.field({
        type: datatype,
        required: true,
        description: 'Data type of the elements.',
      }),
      shape: t.intList({
        required: true,
        description: 'Size of each dimension, outermost first: at most 16, each at least 0.',
        validate: { items: { type: 'number', min: 0 }, maxLength: 16 },
      }),
      data: t.field({
        type: 'TensorData',
        required: true,
        description: 'Elements in row-major order, as a flat or nested array.',
        validate: { refine: [Array.isArray, { message: 'expected an array of elements' }] },
      }),
    }),
  });

  const modelInput = builder.inputType('ModelInput', {
    isOneOf: true,
    description:
      "The input of one prediction: exactly one field, the one that matches the model's " +
      '`inputKind` (or `tensors`, which every model accepts).',
    fields: (t) => ({
      text: t.string({ description: 'Text, for models whose input kind is TEXT.' }),
      features: t.field({
        type: 'JSONObject',
        description: 'Column values by name, for models whose input kind is FEATURES.',
      }),
      image: t.string({
        description:
          'PNG, JPEG or WebP file as a data URL or base64, for models whose input kind is IMAGE.',
      }),
      tensors: t.field({
        type: [tensorInput],
        description: 'All input tensors of the signature, at most 64; accepted by every model.',
        validate: { maxLength: 64 },
      }),
    }),
  });

  const priority = builder.enumType('Priority', {
    description: 'Scheduling priority while all workers are busy.',
    values: {
      INTERACTIVE: { description: 'Runs before BULK requests.', value: 'INTERACTIVE' },
      BULK: { description: 'Yields to INTERACTIVE requests.', value: 'BULK' },
    } satisfies Record<Priority, { description: string; value: Priority }>,
  });

  const cacheMode = builder.enumType('CacheMode', {
    description: 'How a request uses the prediction cache.',
    values: {
      USE: { description: 'Reads from the cache and writes to it.', value: 'use' },
      REFRESH: {
        description: 'Recomputes the prediction and writes it to the cache.',
        value: 'refresh',
      },
      BYPASS: { description: 'Neither reads nor writes the cache.', value: 'bypass' },
    } satisfies Record<string, { description: string; value: CacheMode }>,
  });

  const predictOptions = builder.inputType('PredictOptions', {
    description: 'Options of a prediction request.',
    fields: (t) => ({
      timeoutMs: t.int({
        description:
          'Timeout in milliseconds, 1 to 3600000. Defaults to the header X-Request-Timeout-Ms, ' +
          "then to the server's REQUEST_TIMEOUT_MS.",
        validate: { min: 1, max: 3_600_000 },
      }),
      priority: t.field({
        type: priority,
        description: 'Defaults to INTERACTIVE for a single input and BULK for a batch.',
      }),
      cache: t.field({ type: cacheMode, description: 'Defaults to USE.' }),
    }),
  });

  return { modelInput, predictOptions };
}

/** References to the input types. */
export type InputRefs = ReturnType<typeof defineInputs>;
