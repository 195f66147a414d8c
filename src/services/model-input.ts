import { z } from 'zod';
import { DATATYPES, type Datatype, type TensorData } from '../tensor/tensor.ts';

/**
 * What a client may send as the input of one prediction. The zod schemas check only the shape; what
 * a model accepts (columns, sizes, signature) is checked by its codec. They are the source of both
 * the OpenAPI document and the checks of the REST routes.
 */

const jsonValue: z.ZodType = z.unknown();

/** One named tensor, as in the Open Inference Protocol: flat or nested `data`, row-major. */
export const tensorInputSchema = z
  .object({
    name: z.string().min(1).meta({ description: 'Name of the input in the signature.' }),
    datatype: z.enum(DATATYPES as [Datatype, ...Datatype[]]),
    shape: z.array(z.int().min(0)).max(16),
    // An array of zod would look at each of its elements, which may be a million.
    data: z
      .unknown()
      .refine((data) => Array.isArray(data), 'expected array')
      .meta({
        type: 'array',
        items: {},
        description: 'Elements in row-major order, flat or nested.',
      }),
  })
  .meta({ id: 'TensorInput', description: 'One named tensor.' });

/** A tensor as a client sends it. */
export interface TensorInput {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /**
   * Elements in row-major order: flat or nested JSON, or the typed array of the datatype, which is
   * taken as it is and must not be changed any more.
   */
  readonly data: readonly unknown[] | TensorData;
}

/** Exactly one of the kinds of input. */
export interface ModelInput {
  readonly text?: string;
  readonly features?: Readonly<Record<string, unknown>>;
  /** A PNG, JPEG or WebP file: its bytes, or a data URL or base64 of them. */
  readonly image?: string | Uint8Array;
  readonly tensors?: readonly TensorInput[];
}

/** Kinds of input, the keys of {@link ModelInput}. */
export const INPUT_KINDS = ['text', 'features', 'image', 'tensors'] as const;

/** Kind of input. */
export type InputKind = (typeof INPUT_KINDS)[number];

/** Checks the shape of a {@link ModelInput}: exactly one key, of the right type. */
export const modelInputSchema = z
  .strictObject({
    text: z.string().optional().meta({ description: 'Text, for models of input kind text.' }),
    features: z
      .record(z.string(), jsonValue)
      .optional()
      .meta({ description: 'Column values by name, for models of input kind features.' }),
    image: z
      .string()
      .optional()
      .meta({ description: 'Data URL or base64 of a PNG, JPEG or WebP file.' }),
    tensors: z.array(tensorInputSchema).max(64).optional(),
  })
  .refine((input) => INPUT_KINDS.filter((kind) => input[kind] !== undefined).length === 1, {
    message: `exactly one of ${INPUT_KINDS.join(', ')} must be given`,
  })
  .meta({
    id: 'ModelInput',
    description: 'The input of one prediction: exactly one of text, features, image, tensors.',
  }) as z.ZodType<ModelInput>;
