import type { z } from 'zod';
import type { EngineOptions } from '../engine.ts';

/**
 * Checks the `options` of a manifest against what an engine knows.
 *
 * @throws {Error} naming the key of model.yaml and what is allowed
 */
export function checkOptions<T>(schema: z.ZodType<T>, options: EngineOptions): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const key = ['options', ...issue.path.map(String)].join('.');
    return `model.yaml, ${key}: ${issue.message.replace(/^Invalid (?:input|option): /, '')}`;
  });
  throw new Error(problems.join('; '));
}
