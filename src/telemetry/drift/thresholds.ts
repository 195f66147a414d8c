import { probit } from 'simple-statistics';
import type { Bins } from './bins.ts';
import type { FeatureValue } from './features.ts';
import { seededRandom } from './random.ts';
import { LEARNT_OF, measure, type LearntStatistic } from './statistics.ts';

/** How a statistic scatters over chunks of the reference, for chunks of several sizes. */
export interface Scatter {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** {@link Scatter} of each learnt statistic of a feature. */
export type LearntScatter = Readonly<Partial<Record<LearntStatistic, Scatter | undefined>>>;

/** Sizes of the chunks. */
export const CHUNK_SIZES = [30, 60, 120, 250, 500, 2000] as const;

/** Chunks of each size. */
const CHUNKS = 60;

/** Most reference values that chunks are drawn from; more would only take longer. */
const MAX_VALUES = 4000;

/**
 * Differences that are let pass however surely they are there: those that hardly matter. For PSI
 * twice what is usually read as large (0.25), since many features are watched; the others alike.
 */
export const LEAST_EFFECT: Readonly<Record<LearntStatistic, number>> = {
  KOLMOGOROV_SMIRNOV: 0.2,
  PSI: 0.5,
  CHI_SQUARE: 0.5,
};

/** Share of false alarms of one test that three standard deviations allow. */
const THREE_SIGMA = 0.00135;

/** Looks that are as good as independent while a window fills. */
const LOOKS = 5;

/** What is told is to be worth a look: real changes are several times beyond chance. */
const MARGIN = 1.4;

/** Skewness of the statistics where nothing has changed: that of chi-square with ten bins. */
const SKEWNESS = 0.9;

/**
 * Standard deviations that a statistic may lie above its mean: as rare as 3 of a single normal test,
 * more where many are looked at again and again (Bonferroni), and since the statistics have a long
 * tail to the right (Cornish and Fisher's correction for skewness).
 */
export function deviationsAllowed(tests: number): number {
  const normal = Math.max(3, -probit(THREE_SIGMA / (Math.max(1, tests) * LOOKS)));
  return MARGIN * (normal + ((normal ** 2 - 1) * SKEWNESS) / 6);
}

/** Values of the reference, and groups of them that may come alone. */
export interface ReferenceValues {
  readonly values: readonly FeatureValue[];
  /**
   * Name of the group of each value, such as the device that it came from: a chunk is then of one
   * group only, so that traffic of one group is nothing unusual. @default all are of one group
   */
  readonly groups?: readonly (string | undefined)[] | undefined;
}

/**
 * Learns how the statistics of a feature scatter where nothing has changed: chunks are drawn from one
 * half of the reference and held against the other half, so that a small reference, which is itself
 * uncertain, gets wide thresholds.
 *
 * A generator, so that a server that serves can give way after each chunk.
 *
 * @param seed the same one gives the same result
 */
export function* learnScatter(
  bins: Bins,
  { values, groups }: ReferenceValues,
  seed: number,
): Generator<void, LearntScatter> {
  const random = seededRandom(seed);
  const all = values.map((value, i) => ({ places: placesOf(bins, value), group: groups?.[i] }));
  shuffle(all, random);
  const drawn = all.slice(0, MAX_VALUES);
  const names = [...new Set(drawn.map(({ group }) => group))];
  const result: Partial<Record<LearntStatistic, Scatter>> = {};
  const statistics = LEARNT_OF[bins.kind];
  const samples = new Map(statistics.map((name) => [name, CHUNK_SIZES.map((): number[] => [])]));
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    shuffle(drawn, random);
    const half = Math.max(1, drawn.length >> 1);
    const reference = new Uint32Array(bins.size);
    for (let i = 0; i < half; i++) count(reference, drawn[i]?.places);
    const group = names[chunk % names.length];
    const rest = drawn.length > 1 ? drawn.slice(half) : drawn;
    const own = names.length > 1 ? rest.filter((value) => value.group === group) : rest;
    for (const [at, size] of CHUNK_SIZES.entries()) {
      const current = new Uint32Array(bins.size);
      for (let i = 0; i < size; i++) {
        // Without repeats while there are enough values.
        const from = size <= own.length ? i : Math.floor(random() * own.length);
        count(current, own[from]?.places);
      }
      for (const name of statistics) {
        samples.get(name)?.[at]?.push(measure(name, bins, reference, current));
      }
    }
    yield;
  }
  for (const [name, bySize] of samples) {
    result[name] = {
      mean: bySize.map((each) => rounded(meanOf(each))),
      deviation: bySize.map((each) => rounded(deviationOf(each))),
    };
  }
  return result;
}

/**
 * What a statistic of `size` values is on average, and what it must not exceed.
 *
 * @param deviations as {@link deviationsAllowed} says
 */
export function thresholdOf(
  name: LearntStatistic,
  scatter: Scatter,
  size: number,
  deviations: number,
): { readonly mean: number; readonly threshold: number } {
  const mean = atSize(scatter.mean, size);
  const allowed = Math.max(deviations * atSize(scatter.deviation, size), LEAST_EFFECT[name]);
  return { mean, threshold: mean + allowed };
}

/** Between two sizes of chunks, in terms of `1 / √size`: as chance makes a statistic scatter. */
function atSize(values: readonly number[], size: number): number {
  const last = CHUNK_SIZES.length - 1;
  for (let i = 0; i < last; i++) {
    const [small = 1, large = 1] = [CHUNK_SIZES[i], CHUNK_SIZES[i + 1]];
    if (size > large && i < last - 1) continue;
    const [from, to, at] = [small, large, size].map((each) => 1 / Math.sqrt(each));
    const share = ((from ?? 0) - (at ?? 0)) / ((from ?? 0) - (to ?? 1));
    const bounded = Math.min(1, Math.max(0, share));
    return (values[i] ?? 0) * (1 - bounded) + (values[i + 1] ?? 0) * bounded;
  }
  return values[last] ?? 0;
}

function placesOf(bins: Bins, value: FeatureValue): number | readonly number[] {
  if (value === null || value === undefined) return bins.missing;
  return typeof value === 'object' ? value.map((each) => bins.place(each)) : bins.place(value);
}

function count(counts: Uint32Array, places: number | readonly number[] | undefined): void {
  if (typeof places === 'number') counts[places] = (counts[places] ?? 0) + 1;
  else for (const place of places ?? []) counts[place] = (counts[place] ?? 0) + 1;
}

function shuffle(items: unknown[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [items[i], items[j]];
    items[i] = b;
    items[j] = a;
  }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

const rounded = (value: number): number => Number(value.toPrecision(5));
