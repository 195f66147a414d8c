import { z } from 'zod';
import { section, tensorName } from './section.ts';

const ngramRange = z
  .tuple([z.int().min(0).max(32), z.int().min(0).max(32)])
  .refine(([min, max]) => (max === 0 ? min === 0 : min >= 1 && min <= max), {
    message: 'expected [shortest, longest] with 1 ≤ shortest ≤ longest, or [0, 0] for none',
  });

/** Options of the hashed n-gram encoding; training and serving must use equal ones. */
const hashedNgrams = section({
  /** Rows of the embedding table. */
  buckets: z
    .int()
    .min(2)
    .max(2 ** 31 - 1),
  /** Lengths of runs of words. @default [1, 2] */
  wordNgrams: ngramRange.default([1, 2]),
  /** Most words between the two of a skip-gram. @default 0 */
  wordSkips: z.int().min(0).max(16).default(0),
  /** Lengths of runs of characters. @default [3, 5] */
  charNgrams: ngramRange.default([3, 5]),
  /** Whether runs of characters cross words. @default text */
  charScope: z.enum(['word', 'text']).default('text'),
  /** Start value of the hash. @default 0 */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
  /** Most n-grams of one text. @default 16384 */
  maxNgrams: z
    .int()
    .min(1)
    .max(2 ** 24)
    .default(16_384),
});

/** Longest text, in UTF-16 units. @default 10000 */
const maxLength = z.int().min(1).max(10_000_000).default(10_000);

/** A text as a bag of hashed n-grams. */
export const hashedTextInput = section({
  kind: z.literal('text'),
  encoding: z.literal('hashed-ngrams'),
  hashedNgrams,
  maxLength,
  /** Inputs of the model: the buckets of all texts, and the row of each. */
  tensors: section({
    values: tensorName.default('indices'),
    segments: tensorName.default('segments'),
  }).prefault({}),
});

/** A text as the tokens of a Hugging Face `tokenizer.json`. */
export const tokenizedTextInput = section({
  kind: z.literal('text'),
  encoding: z.literal('tokenizer'),
  maxLength,
  /** Most tokens, special ones included; the rest of the text is cut off. @default from the files */
  maxTokens: z.int().min(1).max(1_000_000).optional(),
  /** Batches are padded to a multiple of this many tokens. @default 8 */
  padToMultipleOf: z.int().min(1).max(4096).default(8),
  /** Put before every text, such as `"query: "` for E5 models. @default none */
  prefix: z.string().max(1000).default(''),
  /** Inputs of the model by what they hold; those that it lacks are not made. */
  tensors: section({
    inputIds: tensorName.default('input_ids'),
    attentionMask: tensorName.default('attention_mask'),
    tokenTypeIds: tensorName.default('token_type_ids'),
    positionIds: tensorName.default('position_ids'),
  }).prefault({}),
});
