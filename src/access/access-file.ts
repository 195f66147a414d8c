import { parseDocument } from 'yaml';
import { z } from 'zod';
import { describeIssues } from '../issues.ts';
import { API_KEY_ID_FORM, redactSecrets } from './api-key.ts';
import { parseTime } from './expiry.ts';
import { SCOPE_FORM } from './grant.ts';
import { parseRate, RATE_EXAMPLES, type Rate } from './rate.ts';

/** Largest access file, in bytes: about 50,000 keys. */
export const MAX_ACCESS_FILE_BYTES = 16 * 1024 * 1024;

/** Raised for an access file that cannot be used; the message says where and why, without secrets. */
export class AccessFileError extends Error {
  override readonly name = 'AccessFileError';
}

const scope = z.string().regex(SCOPE_FORM, 'expected the name of a scope, such as predict');

const models = z.array(z.string().min(1).max(256)).max(10_000);

// A YAML timestamp is a text to the parser in use; anything else is refused.
const time = z.string().transform((text, context) => {
  const at = parseTime(text);
  if (at) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 time' });
  return z.NEVER;
});

const rate = z.string().transform((text, context): Rate => {
  const parsed = parseRate(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: `expected ${RATE_EXAMPLES}` });
  return z.NEVER;
});

const keySchema = z.strictObject({
  id: z.string().regex(API_KEY_ID_FORM, 'expected the 12 letters and digits of an id'),
  name: z.string().min(1).max(100),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  scopes: z.array(scope).max(100),
  /** Left out: all models. */
  models: models.optional(),
  rate: rate.optional(),
  /** Share of its turns while others wait too. */
  weight: z.number().min(0.01).max(1000).optional(),
  created: time.optional(),
  expires: time.optional(),
  revoked: time.optional(),
});

const fileSchema = z
  .strictObject({ keys: z.array(keySchema).max(50_000).default([]) })
  .superRefine(({ keys }, context) => {
    const seen = new Set<string>();
    for (const [at, { id }] of keys.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: ['keys', at, 'id'],
          message: `"${id}" is there twice`,
        });
      }
      seen.add(id);
    }
  });

/** A key as the access file holds it. */
export type AccessKey = z.infer<typeof keySchema>;

/** What an access file says. */
export type AccessFile = z.infer<typeof fileSchema>;

/**
 * Reads the text of an access file; an empty one holds no keys.
 *
 * @throws {AccessFileError}
 */
export function parseAccessFile(text: string): AccessFile {
  if (text.length > MAX_ACCESS_FILE_BYTES) throw new AccessFileError('it is too large');
  const document = parseDocument(text, { schema: 'core', maxAliasCount: 0 } as object);
  const [broken] = document.errors;
  if (broken) {
    // The parser's own message quotes the line, which may hold what somebody took for a key.
    const line = broken.linePos?.[0].line;
    throw new AccessFileError(`it is not valid YAML${line === undefined ? '' : ` (line ${line})`}`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    throw new AccessFileError('it uses YAML aliases, which are not allowed');
  }
  const parsed = fileSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new AccessFileError(redactSecrets(describeIssues(parsed.error.issues, 'the file')));
}
