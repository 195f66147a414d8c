import type { CacheMode, Priority } from '../src/services/services.ts';
import type { Builder } from './builder.ts';
import type { TensorRefs } from './tensor.ts';

/** Defines what clients send: the input of a prediction and its options. */
export function defineInputs(builder: Builder, { datatype }: TensorRefs) {
  const tensorInput = builder.inputType('TensorInput', {
    description: 'One named input tensor, as in the Open Inference Protocol.',
    fields: (t) => ({
      name: t.string({
        required: true,
        description: 'Name of the input in the signature of the model.',
        validate: { minLength: 1, maxLength: 256 },
      }),
      datatype: t.field({ type: datatype, required: true, description: 'Type of the elements.' }),
      shape: t.intList({
        required: true,
        description: 'Size of each dimension, outermost first: at most 16, each at least 0.',
        validate: { items: { type: 'number', min: 0 }, maxLength: 16 },
      }),
      data: t.field({
        type: 'JSON',
        required: true,
        description: 'Array of the elements in row-major order, flat or nested.',
        validate: { refine: [Array.isArray, { message: 'expected an array of elements' }] },
      }),
    }),
  });

  const modelInput = builder.inputType('ModelInput', {
    isOneOf: true,
    description:
      'The input of one prediction: exactly one of its fields, the one that the model takes ' +
      '(`inputKind` of the model says which).',
    fields: (t) => ({
      text: t.string({ description: 'Text, for models of input kind TEXT.' }),
      features: t.field({
        type: 'JSONObject',
        description: 'Column values by name, for models of input kind FEATURES.',
      }),
      image: t.string({
        description: 'Data URL or base64 of a PNG, JPEG or WebP file, for input kind IMAGE.',
      }),
      tensors: t.field({
        type: [tensorInput],
        description: 'Every input tensor of the signature, at most 64; for any model.',
        validate: { maxLength: 64 },
      }),
    }),
  });

  const priority = builder.enumType('Priority', {
    description: 'Which requests go first where the workers are busy.',
    values: {
      INTERACTIVE: { description: 'Goes before bulk requests.', value: 'INTERACTIVE' },
      BULK: { description: 'Waits for interactive requests.', value: 'BULK' },
    } satisfies Record<Priority, { description: string; value: Priority }>,
  });

  const cacheMode = builder.enumType('CacheMode', {
    description: 'How a request treats the cache of predictions.',
    values: {
      USE: { description: 'Answers from the cache where it can, and fills it.', value: 'use' },
      REFRESH: { description: 'Computes anew and fills the cache.', value: 'refresh' },
      BYPASS: { description: 'Computes anew and leaves the cache as it is.', value: 'bypass' },
    } satisfies Record<string, { description: string; value: CacheMode }>,
  });

  const predictOptions = builder.inputType('PredictOptions', {
    description: 'How a prediction is to be made.',
    fields: (t) => ({
      timeoutMs: t.int({
        description:
          'Deadline in milliseconds, 1 to 3600000. Left out: the header X-Request-Timeout-Ms, ' +
          'else the default of the server.',
        validate: { min: 1, max: 3_600_000 },
      }),
      priority: t.field({
        type: priority,
        description: 'Left out: INTERACTIVE for one input, BULK for a batch.',
      }),
      cache: t.field({ type: cacheMode, description: 'Left out: USE.' }),
    }),
  });

  return { modelInput, predictOptions };
}

/** References to the input types. */
export type InputRefs = ReturnType<typeof defineInputs>;
