import type { FeatureKind, FeatureValue } from './features.ts';

/** How the values of one feature are counted. Every count stands at a place of a `Uint32Array`. */
export interface Bins {
  readonly kind: FeatureKind;
  /** Number of places. */
  readonly size: number;
  /** Place of values that are missing, or no finite numbers. */
  readonly missing: number;
  /** Places of values that the reference never had: beyond its range, or of no known category. */
  readonly unseen: readonly number[];
  /** Place of a value that is there; a list of categories is counted one by one. */
  place(value: Exclude<FeatureValue, undefined | null | readonly string[]>): number;
}

/**
 * Bins of a numeric feature: below the range of the reference, one up to each of `edges`, above it,
 * missing.
 */
export class NumericBins implements Bins {
  readonly kind = 'numeric';
  readonly size: number;
  readonly missing: number;
  readonly unseen: readonly number[];
  readonly min: number;
  /** Upper bounds, which belong to their bin, in ascending order; the last is the maximum. */
  readonly edges: readonly number[];
  readonly #edges: Float64Array;

  constructor(min: number, edges: readonly number[]) {
    this.min = min;
    this.edges = edges;
    this.#edges = Float64Array.from(edges);
    this.size = edges.length + 3;
    this.missing = edges.length + 2;
    this.unseen = [0, edges.length + 1];
  }

  place(value: string | number | boolean): number {
    const number = typeof value === 'number' ? value : Number.NaN;
    if (!Number.isFinite(number)) return this.missing;
    if (number < this.min) return 0;
    const edges = this.#edges;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (number <= (edges[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }
}

/** Bins of a categorical feature: one for each known category, then all others, then missing. */
export class CategoryBins implements Bins {
  readonly kind = 'categorical';
  readonly size: number;
  readonly missing: number;
  readonly unseen: readonly number[];
  readonly categories: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(categories: readonly string[]) {
    this.categories = categories;
    this.#places = new Map(categories.map((category, place) => [category, place]));
    this.size = categories.length + 2;
    this.missing = categories.length + 1;
    this.unseen = [categories.length];
  }

  place(value: string | number | boolean): number {
    const category = typeof value === 'string' ? value : String(value);
    return this.#places.get(category) ?? this.categories.length;
  }
}

/** Most bins of a numeric feature. */
const MAX_BINS = 20;

/** Fewest reference values of one bin: with less, its share would say more of chance than of them. */
const VALUES_PER_BIN = 25;

/** Most categories that are counted one by one. */
export const MAX_CATEGORIES = 1000;

/**
 * Bins that hold about equally many of the given values.
 *
 * @param values finite numbers, at least one
 */
export function numericBinsOf(values: readonly number[]): NumericBins {
  const sorted = Float64Array.from(values).sort();
  const wanted = Math.min(MAX_BINS, Math.max(1, Math.floor(sorted.length / VALUES_PER_BIN)));
  const edges = new Set<number>();
  for (let bin = 1; bin <= wanted; bin++) {
    edges.add(sorted[Math.ceil((bin / wanted) * sorted.length) - 1] ?? 0);
  }
  // What most values share has a bin of its own, so that a change beside it is seen.
  const [min = 0] = sorted;
  if (sorted.length > 1 && sorted[Math.floor(sorted.length / wanted)] === min) edges.add(min);
  return new NumericBins(
    min,
    [...edges].sort((a, b) => a - b),
  );
}

/** Bins for the categories that are met, the most frequent first. */
export function categoryBinsOf(values: Iterable<FeatureValue>): CategoryBins {
  const counts = new Map<string, number>();
  const count = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') value.forEach(count);
    else count(String(value));
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new CategoryBins(sorted.slice(0, MAX_CATEGORIES).map(([category]) => category));
}
