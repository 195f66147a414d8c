import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JsonScanner, UNLIMITED_JSON } from './json-scan.ts';

/** Marks a number that was written as a string; nobody outside of this process knows it. */
const MARK = randomBytes(9).toString('base64url');

const QUOTED_MARK = Buffer.from(`"${MARK}`);

const QUOTE = 0x22;

/** So many long numbers are read in several turns of the event loop. */
const MANY = 10_000;

const ANY = new JsonScanner(UNLIMITED_JSON);

/**
 * Parses JSON. Whole numbers that a double cannot hold exactly become bigints.
 *
 * @param json UTF-8
 * @throws {SyntaxError}
 */
export function parseExactJson(json: Buffer): unknown {
  const { longIntegers } = ANY.scan(json);
  if (longIntegers.length === 0) return JSON.parse(json.toString('utf8')) as unknown;
  return unmark(JSON.parse(markLongIntegers(json, longIntegers).toString('utf8')));
}

/**
 * The same, giving way to others between the steps where there is much to do.
 *
 * @param json UTF-8
 * @param longIntegers where whole numbers of 16 digits and more begin and end in `json`, in turns
 * @throws {SyntaxError}
 */
export async function parseExactInTurns(
  json: Buffer,
  longIntegers: readonly number[],
): Promise<unknown> {
  const marked = markLongIntegers(json, longIntegers);
  const isLarge = longIntegers.length > MANY;
  if (isLarge) await nextTurn();
  const text = marked.toString('utf8');
  const parsed = JSON.parse(text) as unknown;
  if (isLarge) await nextTurn();
  return unmark(parsed);
}

/** Writes long numbers as strings that begin with the mark. */
function markLongIntegers(json: Buffer, longIntegers: readonly number[]): Buffer {
  const added = (longIntegers.length / 2) * (QUOTED_MARK.length + 1);
  const marked = Buffer.allocUnsafe(json.length + added);
  let from = 0;
  let to = 0;
  const copyUntil = (end: number): void => {
    // Copying a few bytes one by one takes less than the call that copies many.
    if (end - from > 64) to += json.copy(marked, to, from, end);
    else for (let at = from; at < end; at++) marked[to++] = json[at] ?? 0;
    from = end;
  };
  for (let at = 0; at < longIntegers.length; at += 2) {
    copyUntil(longIntegers[at] ?? 0);
    for (const byte of QUOTED_MARK) marked[to++] = byte;
    copyUntil(longIntegers[at + 1] ?? 0);
    marked[to++] = QUOTE;
  }
  copyUntil(json.length);
  return marked;
}

/** Makes numbers of the strings that stand for one, in place. */
function unmark(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? toNumber(value) : value;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item === 'string' || typeof item === 'object') items[at] = unmark(item);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'string' && typeof member !== 'object') continue;
      const unmarked = unmark(member);
      // `__proto__` is a key like any other in JSON.
      if (unmarked !== member) Object.defineProperty(value, key, { value: unmarked });
    }
  }
  return value;
}

function toNumber(marked: string): number | bigint {
  const digits = marked.slice(MARK.length);
  // A number with a leading zero is no JSON; as a bigint it would pass.
  if (/^-?0/.test(digits)) throw new SyntaxError('a number begins with 0');
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
