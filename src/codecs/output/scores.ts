import type { Score } from '../../services/prediction.ts';
import type { Numbers } from './numbers.ts';

/** Index of the largest number; the first of equals. */
export function argmax(values: Numbers): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  }
  return best;
}

/** Indices of the `count` largest numbers, largest first; the first of equals comes first. */
export function largest(values: Numbers, count: number): number[] {
  const top = Math.max(0, Math.min(count, values.length));
  if (top * 4 > values.length) {
    return Array.from({ length: values.length }, (_, i) => i)
      .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
      .slice(0, top);
  }
  // A few of many: insertion into a short list is cheaper than sorting all.
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const last = best[best.length - 1];
    if (best.length === top && (last === undefined || value <= (values[last] ?? 0))) continue;
    let at = best.length;
    while (at > 0 && value > (values[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, i);
    if (best.length > top) best.pop();
  }
  return best;
}

/** The `top` likeliest labels, best first. */
export function topScores(probabilities: Numbers, labels: readonly string[], top: number): Score[] {
  return largest(probabilities, top).map((at) => ({
    label: labels[at] ?? String(at),
    score: probabilities[at] ?? 0,
  }));
}
