import { randomUUID } from 'node:crypto';

/** Whole numbers that a double may not hold exactly: 16 digits and more. */
const LONG_INTEGER = /\d{16}/;

/** A string, or a whole number of 16 digits and more; strings are matched to be passed over. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** Marks a number that was written as a string; nobody outside of this process knows it. */
const MARK = randomUUID();

/** A string, or one of the names of numbers that JSON does not have; strings are passed over. */
const STRING_OR_NOT_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Parses JSON as writers of the field make it: `NaN`, `Infinity` and `-Infinity`, which Python and
 * RapidJSON write without quotes, become the texts of these names.
 *
 * @throws {SyntaxError}
 */
export function parseLenientJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    const quoted = text.replace(STRING_OR_NOT_FINITE, (match) =>
      match.startsWith('"') ? match : `"${match}"`,
    );
    if (quoted === text) throw error;
    return parseExactJson(quoted);
  }
}

/**
 * Parses JSON. Whole numbers that a double cannot hold exactly become bigints.
 *
 * @throws {SyntaxError}
 */
export function parseExactJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text) as unknown;
  const marked = text.replace(STRING_OR_LONG_INTEGER, (match) =>
    match.startsWith('"') || isSafe(match) ? match : `"${MARK}${match}"`,
  );
  if (marked === text) return JSON.parse(text) as unknown;
  // A number with a leading zero is no JSON; as a bigint it would pass.
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK)
      ? toBigInt(value.slice(MARK.length))
      : value,
  ) as unknown;
}

function isSafe(digits: string): boolean {
  return Number.isSafeInteger(Number(digits));
}

function toBigInt(digits: string): bigint {
  if (/^-?0/.test(digits)) throw new SyntaxError('a number begins with 0');
  return BigInt(digits);
}
