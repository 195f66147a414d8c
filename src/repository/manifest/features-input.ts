import { z } from 'zod';
import { section, tensorName } from './section.ts';

const columnBase = {
  /** Name of the column, as clients write it. */
  name: z.string().min(1).max(256),
  /** Input of the model that the column goes to. @default the only input, else that of its name */
  tensor: tensorName.optional(),
  description: z.string().max(1000).optional(),
};

/** A number, scaled to `(value - mean) / std`. */
const numericColumn = section({
  ...columnBase,
  type: z.literal('numeric'),
  /** @default 0 */
  mean: z.number().default(0),
  /** @default 1 */
  std: z
    .number()
    .refine((value) => value !== 0, { message: 'must not be 0' })
    .default(1),
  /** What stands for a missing value, before scaling. @default error */
  missing: z
    .union([z.enum(['error', 'mean', 'nan']), z.number()], 'expected error, mean, nan or a number')
    .default('error'),
});

const categories = z
  .array(z.union([z.string(), z.number(), z.boolean()], 'expected a text, number or boolean'))
  .min(1)
  .max(100_000)
  .refine((values) => new Set(values).size === values.length, { message: 'a value appears twice' });

/** One of a list of values. */
const categoricalColumn = section({
  ...columnBase,
  type: z.literal('categorical'),
  values: categories,
  /** A number for each value, or the place in the list; BYTES inputs get the value. @default one-hot */
  encoding: z.enum(['one-hot', 'index']).default('one-hot'),
  /** `ignore` encodes values that are not listed as all zeros (index: -1). @default error */
  unknown: z.enum(['error', 'ignore']).default('error'),
  /** `ignore` encodes a missing value like an unknown one. @default error */
  missing: z.enum(['error', 'ignore']).default('error'),
});

/** Any text, for models that take texts. */
const stringColumn = section({
  ...columnBase,
  type: z.literal('string'),
  /** What stands for a missing value. @default error */
  missing: z.union([z.literal('error'), section({ value: z.string() })]).default('error'),
});

/** True or false, as 1 or 0. */
const booleanColumn = section({
  ...columnBase,
  type: z.literal('boolean'),
  /** What stands for a missing value. @default error */
  missing: z
    .union([z.literal('error'), z.boolean()], 'expected error, true or false')
    .default('error'),
});

const column = z.discriminatedUnion('type', [
  numericColumn,
  categoricalColumn,
  stringColumn,
  booleanColumn,
]);

/** A column of a table. */
export type FeatureColumn = z.infer<typeof column>;

/** Named columns. */
export const featuresInput = section({
  kind: z.literal('features'),
  /** Columns in the order of the model. @default one for each input, of its name and type */
  columns: z
    .array(column)
    .min(1)
    .max(10_000)
    .superRefine((columns, context) => {
      const seen = new Set<string>();
      for (const [i, { name }] of columns.entries()) {
        if (seen.has(name)) {
          context.addIssue({
            code: 'custom',
            path: [i, 'name'],
            message: `"${name}" appears twice`,
          });
        }
        seen.add(name);
      }
    })
    .optional(),
});
