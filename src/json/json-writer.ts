import { setImmediate as nextTurn } from 'node:timers/promises';
import { WrittenJson } from './written-json.ts';

/** Most time that writing takes of one turn of the event loop, in milliseconds. */
const TURN_MS = 8;

/** Arrays of more items are written in parts. */
const SMALL = 64;

/** Numbers and texts that are written at once. */
const PART = 1_000;

/** Text that is handed on at once, in characters. */
const CHUNK = 65_536;

/**
 * Writes a value as JSON, like `JSON.stringify`, in parts that give way to others.
 *
 * @param write takes the text piece by piece; what it returns is waited for
 */
export async function writeInTurns(
  value: unknown,
  write: (text: string) => void | Promise<void>,
): Promise<void> {
  let text = '';
  let turnEnd = performance.now() + TURN_MS;
  for (const part of jsonParts(value)) {
    text += part;
    if (text.length >= CHUNK) {
      await write(text);
      text = '';
    }
    if (performance.now() < turnEnd) continue;
    await nextTurn();
    turnEnd = performance.now() + TURN_MS;
  }
  await write(text);
}

/** A value as JSON in UTF-8, made in parts that give way to others. */
export async function jsonInTurns(value: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await writeInTurns(value, (text) => void chunks.push(Buffer.from(text)));
  return Buffer.concat(chunks);
}

/** The JSON of a value in parts of which each takes little time. */
export function* jsonParts(value: unknown): Generator<string, void> {
  if (value instanceof WrittenJson) {
    yield value.text;
  } else if (typeof value !== 'object' || value === null || hasToJson(value) || !isLarge(value)) {
    yield JSON.stringify(value);
  } else if (Array.isArray(value)) {
    yield* arrayParts(value);
  } else {
    yield* objectParts(value);
  }
}

function* arrayParts(items: readonly unknown[]): Generator<string, void> {
  yield '[';
  const isPlain = typeof items[0] !== 'object' || items[0] === null;
  if (isPlain) {
    for (let at = 0; at < items.length; at += PART) {
      const part = JSON.stringify(items.slice(at, at + PART)).slice(1, -1);
      yield at === 0 ? part : `,${part}`;
    }
  } else {
    for (const [at, item] of items.entries()) {
      if (at > 0) yield ',';
      yield* jsonParts(item ?? null);
    }
  }
  yield ']';
}

function* objectParts(value: object): Generator<string, void> {
  let before = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || typeof member === 'function') continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* jsonParts(member);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function hasToJson(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** Whether the items of an array are written one by one. */
export function isManyItems(items: readonly unknown[]): boolean {
  return items.length > SMALL;
}

/**
 * Whether an array of some length stands in a value, within the levels that answers have: then it is
 * worth writing in turns.
 */
export function isLarge(value: object, levels = 4): boolean {
  if (Array.isArray(value)) {
    if (isManyItems(value)) return true;
    const [first] = value as readonly unknown[];
    return levels > 0 && typeof first === 'object' && first !== null && isLarge(first, levels - 1);
  }
  if (levels === 0) return false;
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof member === 'object' && member !== null && isLarge(member, levels - 1)) return true;
  }
  return false;
}
