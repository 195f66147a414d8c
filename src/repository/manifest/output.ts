import { z } from 'zod';
import { section, tensorName } from './section.ts';

/** Output tensor to read. @default the only one that fits */
const tensor = tensorName.optional();

/** The labels, or the name of a file with one a line. @default labels.txt, id2label, else numbers */
const labels = z
  .union(
    [
      z
        .array(z.string().min(1))
        .min(1)
        .refine((names) => new Set(names).size === names.length, {
          message: 'a label appears twice',
        }),
      z.string().min(1),
    ],
    'expected a list of different labels, or the name of a file with one a line',
  )
  .optional();

/** One of several classes. */
const classificationOutput = section({
  kind: z.literal('classification'),
  tensor,
  /**
   * What turns the tensor into probabilities; `sigmoid` for a single logit that tells two classes
   * apart. @default softmax where the tensor's name holds "logits", else none
   */
  activation: z.enum(['none', 'softmax', 'sigmoid']).optional(),
  /** Divides the logits, so that the confidence is calibrated. @default 1 */
  temperature: z.number().min(0.01).max(100).optional(),
  labels,
});

/** Any number of labels. */
const multiLabelOutput = section({
  kind: z.literal('multi-label'),
  tensor,
  /** What turns the tensor into probabilities. @default sigmoid */
  activation: z.enum(['none', 'sigmoid']).default('sigmoid'),
  /** Least probability of a label that is predicted. @default 0.5 */
  threshold: z.number().min(0).max(1).default(0.5),
  labels,
});

/** A number, or several. */
const regressionOutput = section({
  kind: z.literal('regression'),
  tensor,
  /** Unit of the number, for people. */
  unit: z.string().min(1).max(64).optional(),
});

/** A vector. */
const embeddingOutput = section({
  kind: z.literal('embedding'),
  tensor,
  /** How the vectors of tokens become one. @default mean where the tensor has one for each token */
  pooling: z.enum(['none', 'mean', 'cls']).optional(),
  /** Whether the vector is scaled to length 1. @default false */
  normalize: z.boolean().default(false),
});

/** Raw tensors. */
const tensorsOutput = section({ kind: z.literal('tensors') });

/** What a model answers. */
export const outputSection = z.discriminatedUnion('kind', [
  classificationOutput,
  multiLabelOutput,
  regressionOutput,
  embeddingOutput,
  tensorsOutput,
]);
