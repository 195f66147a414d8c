import { z } from 'zod';

/** How a setting is read from the environment and documented. */
export interface SettingDefinition<T> {
  /** Environment variable. */
  readonly env: string;
  readonly schema: z.ZodType<T, string>;
  /** Raw text used when the variable is unset or empty; `null` leaves the setting undefined. */
  readonly fallback: string | null;
  readonly about: string;
}

/** A setting with a default. */
export function setting<T>(
  env: string,
  schema: z.ZodType<T, string>,
  fallback: string,
  about: string,
): SettingDefinition<T> & { fallback: string } {
  return { env, schema, fallback, about };
}

/** A setting that may be left out. */
export function optional<T>(
  env: string,
  schema: z.ZodType<T, string>,
  about: string,
): SettingDefinition<T | undefined> {
  return { env, schema: schema, fallback: null, about };
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
};

/** A size in bytes, written plainly (`1048576`) or with a unit (`1MB`). */
export const bytes = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?B)?$/i.exec(text.trim());
  const factor = UNITS[(match?.[2] ?? '').toUpperCase()];
  if (!match || factor === undefined) {
    context.addIssue({ code: 'custom', message: 'expected a size such as 1048576, 512KB or 64MB' });
    return z.NEVER;
  }
  return Math.round(Number(match[1]) * factor);
});

/** A whole number within bounds. */
export const integer = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d+$/, { error: expected, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
};

/** Yes or no, in any of the usual spellings. */
export const flag = z.stringbool({ error: 'expected true or false' });

/** A share from 0 to 1. */
export const share = z
  .string()
  .transform(Number)
  .refine((value) => value >= 0 && value <= 1, 'expected a number from 0 to 1');
