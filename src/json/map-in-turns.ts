import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServiceError } from '../errors.ts';
import { isManyItems } from './json-writer.ts';
import { estimateBytes } from './value-bytes.ts';
import { WrittenJson } from './written-json.ts';

/** Most time that one turn of the event loop is taken for, in milliseconds. */
const TURN_MS = 8;

/**
 * Makes the parts of an answer one after the other, giving way to others in between.
 *
 * @returns the parts; each is written already where they are so many that the writer takes them one
 *   by one
 * @param maxBytes most bytes of all parts in JSON, estimated
 * @throws {ServiceError} `ANSWER_TOO_LARGE`
 */
export async function mapInTurns<T>(
  items: readonly T[],
  maxBytes: number,
  make: (item: T) => object,
): Promise<readonly object[]> {
  const parts: object[] = [];
  const areMany = isManyItems(items);
  let bytes = 0;
  let turnEnd = performance.now() + TURN_MS;
  for (const item of items) {
    const part = make(item);
    bytes += estimateBytes(part);
    if (bytes > maxBytes) {
      throw new ServiceError(
        'ANSWER_TOO_LARGE',
        `The answer is larger than ${maxBytes} bytes; ask for less, or for fewer predictions at a time.`,
        { details: { maxBytes }, limit: 'MAX_ANSWER_BYTES' },
      );
    }
    parts.push(areMany ? new WrittenJson(part) : part);
    if (performance.now() < turnEnd) continue;
    await nextTurn();
    turnEnd = performance.now() + TURN_MS;
  }
  return parts;
}
