import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JsonScanner, UNLIMITED_JSON } from './json-scan.ts';

/** Marks a number that was written as a string; nobody outside of this process knows it. */
const MARK = randomBytes(9).toString('base64url');

const QUOTED_MARK = Buffer.from(`"${MARK}`);

const QUOTE = 0x22;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_I = 0x49;

/** Most time that reading takes of one turn of the event loop, in milliseconds. */
const TURN_MS = 8;

/** So many long numbers are read in several turns of the event loop. */
const MANY = 10_000;

const ANY = new JsonScanner(UNLIMITED_JSON);

/**
 * Parses JSON. Whole numbers that a double cannot hold exactly become bigints, the bare names `NaN`,
 * `Infinity` and `-Infinity` texts.
 *
 * @param json UTF-8
 * @throws {SyntaxError}
 */
export function parseExactJson(json: Buffer): unknown {
  const { words } = ANY.scan(json);
  if (words.length === 0) return JSON.parse(json.toString('utf8')) as unknown;
  const steps = unmark(JSON.parse(markWords(json, words).toString('utf8')));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same, giving way to others between the steps where there is much to do.
 *
 * @param json UTF-8
 * @param words what a {@link JsonScanner} found in `json`
 * @throws {SyntaxError}
 */
export async function parseExactInTurns(json: Buffer, words: ArrayLike<number>): Promise<unknown> {
  const isLarge = words.length > MANY;
  const marked = markWords(json, words);
  if (isLarge) await nextTurn();
  const text = marked.toString('utf8');
  if (isLarge) await nextTurn();
  const steps = unmark(JSON.parse(text));
  if (isLarge) await nextTurn();
  let turnEnd = performance.now() + TURN_MS;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEnd) continue;
    await nextTurn();
    turnEnd = performance.now() + TURN_MS;
  }
}

/** Writes words as strings; those that are numbers begin with the mark. */
function markWords(json: Buffer, words: ArrayLike<number>): Buffer {
  const added = (words.length / 2) * (QUOTED_MARK.length + 1);
  const marked = Buffer.allocUnsafe(json.length + added);
  let from = 0;
  let to = 0;
  const copyUntil = (end: number): void => {
    // Copying a few bytes one by one takes less than the call that copies many.
    if (end - from > 64) to += json.copy(marked, to, from, end);
    else for (let at = from; at < end; at++) marked[to++] = json[at] ?? 0;
    from = end;
  };
  for (let at = 0; at < words.length; at += 2) {
    copyUntil(words[at] ?? 0);
    // `-Infinity` has no digits.
    const isName = (json[from] ?? 0) > DIGIT_9 || (json[from + 1] ?? 0) === LETTER_I;
    if (isName) marked[to++] = QUOTE;
    else for (const byte of QUOTED_MARK) marked[to++] = byte;
    copyUntil(words[at + 1] ?? 0);
    marked[to++] = QUOTE;
  }
  copyUntil(json.length);
  return marked.subarray(0, to);
}

/** Values between two looks at the clock. */
const PER_LOOK = 1_024;

/** Makes numbers of the strings that stand for one, in place. Yields now and then. */
function* unmark(value: unknown): Generator<void, unknown> {
  if (typeof value === 'string') return value.startsWith(MARK) ? toNumber(value) : value;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item === 'string') {
        if (item.startsWith(MARK)) items[at] = toNumber(item);
      } else if (typeof item === 'object') yield* unmark(item);
      if (at % PER_LOOK === 0) yield;
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'string' && typeof member !== 'object') continue;
      const unmarked = yield* unmark(member);
      // `__proto__` is a key like any other in JSON.
      if (unmarked !== member) Object.defineProperty(value, key, { value: unmarked });
    }
  }
  return value;
}

function toNumber(marked: string): number | bigint {
  const digits = marked.slice(MARK.length);
  const first = digits.charCodeAt(0) === MINUS ? 1 : 0;
  // A number with a leading zero is no JSON; as a bigint it would pass.
  if (digits.charCodeAt(first) === DIGIT_0) throw new SyntaxError('a number begins with 0');
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
