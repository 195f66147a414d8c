/**
 * Does a piece of work for each item, some at once. The first failure ends the others and is thrown
 * when none of them runs any more.
 */
export async function runLimited<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const rest = items.values();
  const failures: unknown[] = [];
  const run = async (): Promise<void> => {
    for (const item of rest) {
      if (both.aborted) return;
      try {
        await work(item, both);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
