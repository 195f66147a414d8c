import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time that starting work may take before the event loop gets a turn, in milliseconds. */
const TURN_MS = 4;

/**
 * Calls `work` for each index below `count`, in order, at most `concurrency` of them at once. What
 * `work` does before it first waits never holds the event loop for long.
 *
 * @param work must not reject
 */
export async function runConcurrently(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let turnEnd = performance.now() + TURN_MS;
  let turn: Promise<void> | undefined;
  /** All that wait for a turn share it: the first one to go on begins its time. */
  const pause = (): Promise<void> =>
    (turn ??= nextTurn().then(() => {
      turn = undefined;
      turnEnd = performance.now() + TURN_MS;
    }));
  const worker = async (): Promise<void> => {
    while (next < count) {
      if (performance.now() > turnEnd) await pause();
      else await work(next++);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, worker));
}
