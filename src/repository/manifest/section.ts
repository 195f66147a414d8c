import { z } from 'zod';

/**
 * An object of a manifest that refuses unknown keys and says which ones there are, since a
 * misspelt key that is silently ignored is the hardest of mistakes to find.
 */
export function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key ${quoted(issue.keys)}; allowed: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

/** Names as a message lists them: `"a", "b"`. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** Name of a tensor in the model's signature. */
export const tensorName = z.string().min(1);

/** Names that may stand in URLs, folders and metrics. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'letters, digits, ".", "_" and "-", at most 128');
