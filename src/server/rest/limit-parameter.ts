import { z } from 'zod';
import { badInput } from '../../errors.ts';
import type { RestParameter } from './route.ts';

/** Entries of a list where the request does not say how many. */
const DEFAULT_LIMIT = 100;

/** The parameter `limit` of a list. @param most entries in one answer */
export function limitParameter(most: number): RestParameter {
  return {
    name: 'limit',
    in: 'query',
    description: `Number of entries, 1 to ${most}. Defaults to ${DEFAULT_LIMIT}.`,
    schema: z.int(),
  };
}

/**
 * Reads {@link limitParameter}.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function readLimit(query: URLSearchParams, most: number): number {
  const text = query.get('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= most) return limit;
  throw badInput(`limit: expected a whole number from 1 to ${most}.`, { field: 'limit' });
}
