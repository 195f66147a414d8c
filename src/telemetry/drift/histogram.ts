import type { DriftBar } from '../../services/drift.ts';
import { CategoryBins, NumericBins, type Bins } from './bins.ts';
import type { Counts } from './statistics.ts';

/** Most categories that have a bar of their own. */
const MAX_BARS = 30;

/** Two histograms laid over each other: shares of all values, missing ones too. */
export function histogramOf(bins: Bins, reference: Counts, current: Counts): DriftBar[] {
  const [all, now] = [total(reference), total(current)];
  const bar = (
    places: readonly number[],
    label: string | null,
    from: number | null = null,
    to: number | null = null,
  ): DriftBar => ({
    label,
    from,
    to,
    reference: all === 0 ? 0 : sum(reference, places) / all,
    current: now === 0 ? 0 : sum(current, places) / now,
  });
  const bars: DriftBar[] = [];
  if (bins instanceof NumericBins) {
    const { min, edges } = bins;
    bars.push(bar([0], null, null, min));
    edges.forEach((to, i) => bars.push(bar([i + 1], null, edges[i - 1] ?? min, to)));
    bars.push(bar([edges.length + 1], null, edges.at(-1) ?? min, null));
  } else if (bins instanceof CategoryBins) {
    const { categories } = bins;
    const gap = (i: number) =>
      Math.abs(sum(reference, [i]) / (all || 1) - sum(current, [i]) / (now || 1));
    // Of many categories those are shown that have changed most.
    const order = categories.map((_, i) => i);
    if (order.length > MAX_BARS) order.sort((a, b) => gap(b) - gap(a));
    const shown = order.slice(0, MAX_BARS);
    for (const i of shown) bars.push(bar([i], categories[i] ?? ''));
    bars.push(bar([...order.slice(MAX_BARS), categories.length], 'other'));
  }
  bars.push(bar([bins.missing], 'missing'));
  return bars.filter((each) => each.reference > 0 || each.current > 0);
}

const total = (counts: Counts): number => Array.from(counts).reduce((all, each) => all + each, 0);

const sum = (counts: Counts, places: readonly number[]): number =>
  places.reduce((all, place) => all + (counts[place] ?? 0), 0);
