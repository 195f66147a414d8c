/** Part of a ratio that may be lost before the guard fails. */
export const ALLOWED_LOSS = 0.1;

/** A ratio next to the committed one. */
export interface Comparison {
  readonly key: string;
  readonly before: number;
  readonly now: number;
  /** Part that was lost; negative for a gain. */
  readonly loss: number;
  readonly failed: boolean;
}

/**
 * Compares ratios that both runs have; never absolute figures, which depend on the machine.
 *
 * @param baseline committed ratios
 * @param current ratios of this run
 */
export function compareRatios(
  baseline: Readonly<Record<string, number>>,
  current: Readonly<Record<string, number>>,
  allowedLoss = ALLOWED_LOSS,
): Comparison[] {
  return Object.entries(baseline).flatMap(([key, before]) => {
    const now = current[key];
    if (now === undefined) return [];
    const loss = 1 - now / before;
    return [{ key, before, now, loss, failed: loss > allowedLoss }];
  });
}

/** The comparison for people, worst first. */
export function formatComparisons(comparisons: readonly Comparison[]): string {
  if (comparisons.length === 0) return 'guard: no ratio to compare with; nothing is proven';
  const sorted = [...comparisons].sort((a, b) => b.loss - a.loss);
  const width = Math.max(...sorted.map(({ key }) => key.length));
  return sorted
    .map(({ key, before, now, loss, failed }) => {
      const change = `${loss > 0 ? '-' : '+'}${Math.abs(loss * 100).toFixed(1)} %`;
      const verdict = failed ? 'LOST' : 'ok';
      return `${key.padEnd(width)}  ${before.toFixed(2)} → ${now.toFixed(2)}  ${change.padStart(8)}  ${verdict}`;
    })
    .join('\n');
}
