/** Middle, least and greatest of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle value; the mean of the two middle ones where their count is even. `NaN` for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The value that a fraction `q` of the sorted values does not exceed (nearest rank). */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.ceil(q * sorted.length) - 1;
  return sorted[Math.min(Math.max(rank, 0), sorted.length - 1)] ?? Number.NaN;
}

/**
 * Events a second once things run steadily: counted from the last event of the first tenth of the
 * time to the last event. Answers that come in lumps (whole batches) so count in full, and what is
 * under way when the time ends does not count against anyone.
 *
 * @param times when each event happened, in milliseconds from the start, ascending
 */
export function steadyRate(times: readonly number[], durationMs: number): number {
  const early = times.filter((time) => time <= durationMs / 10).length;
  const first = times[early - 1] ?? 0;
  const last = times.at(-1) ?? 0;
  return last > first ? ((times.length - early) * 1000) / (last - first) : 0;
}

/** Middle, least and greatest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times `over` is `under`: the spread of the ratios of each round, in which both ran one
 * after the other. What slows a whole round down (another process, a warm machine) cancels out.
 */
export function pairedRatio(over: readonly number[], under: readonly number[]): Spread | null {
  const ratios = over
    .slice(0, under.length)
    .map((value, round) => value / (under[round] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio));
  return ratios.length === 0 ? null : spread(ratios);
}
