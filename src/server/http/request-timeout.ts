import { badInput } from '../../errors.ts';

/** Longest deadline that a client may ask for, in milliseconds. */
export const MAX_TIMEOUT_MS = 3_600_000;

const DIGITS = /^\d{1,7}$/;

/**
 * Reads the header `X-Request-Timeout-Ms`, in milliseconds.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function parseTimeoutHeader(value: string | string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const milliseconds = typeof value === 'string' && DIGITS.test(value) ? Number(value) : 0;
  if (milliseconds < 1 || milliseconds > MAX_TIMEOUT_MS) {
    throw badInput(
      `The header X-Request-Timeout-Ms must be a whole number from 1 to ${MAX_TIMEOUT_MS}.`,
    );
  }
  return milliseconds;
}
