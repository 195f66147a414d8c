import { z } from 'zod';
import { featuresInput } from './features-input.ts';
import { imageInput } from './image-input.ts';
import { section } from './section.ts';
import { hashedTextInput, tokenizedTextInput } from './text-input.ts';

/** Raw tensors. */
const tensorsInput = section({ kind: z.literal('tensors') });

/** Every kind of input, once the encoding of texts is told. */
export const inputUnion = z.discriminatedUnion('kind', [
  z.discriminatedUnion('encoding', [hashedTextInput, tokenizedTextInput]),
  imageInput,
  featuresInput,
  tensorsInput,
]);

/** What a model takes. A text whose encoding is not told is told by the options that it brings. */
export const inputSection = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
  if (value.kind !== 'text' || 'encoding' in value) return value;
  return { ...value, encoding: 'hashedNgrams' in value ? 'hashed-ngrams' : 'tokenizer' };
}, inputUnion);
