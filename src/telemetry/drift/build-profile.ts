import { setImmediate as nextTurn } from 'node:timers/promises';
import { categoryBinsOf, numericBinsOf, type Bins } from './bins.ts';
import {
  EMBEDDING,
  FeatureReader,
  type MeasuredModel,
  type MeasuredPrediction,
} from './feature-reader.ts';
import { featureKey, type FeatureSpec, type FeatureValue } from './features.ts';
import {
  PROFILE_SCHEMA_VERSION,
  signatureDigest,
  type Profile,
  type ProfileFeature,
} from './profile.ts';
import { accuracyOf } from './accuracy.ts';
import { present } from './statistics.ts';
import { sample } from './tensor-features.ts';
import { Vocabulary } from './text-features.ts';
import { learnScatter, type ReferenceValues } from './thresholds.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { TensorMap } from '../../tensor/tensor.ts';

/** Most words that a profile knows; the most frequent are kept. */
const MAX_WORDS = 100_000;

/** Time that making a profile may hold the event loop of a server, in milliseconds. */
const TURN_MS = 5;

/** Fewest rows that say what is normal. */
export const LEAST_ROWS = 50;

/** A row of the reference. */
export interface ReferenceRow {
  /** `null` where only the prediction is known. */
  readonly input: ModelInput | null;
  readonly tensors: TensorMap | null;
  /** `null` where only the input is known. */
  readonly prediction: MeasuredPrediction | null;
  /** What was right, where that is known. */
  readonly actual?: unknown;
  /** Name of a group of rows that may come alone, such as the device that they are from. */
  readonly group?: string | undefined;
}

/** What a profile is made for, and from. */
export interface ProfileOrigin {
  readonly model: string;
  readonly version: string;
  readonly measured: MeasuredModel;
  /** Names of features that are left out, since they may be anything. */
  readonly without?: readonly string[];
  /** @default now */
  readonly createdAt?: string;
}

/**
 * Makes the profile of a version from rows of its training data or the like. A word that only one
 * row has counts as unknown there: so does a word of a fresh row that the reference lacks.
 *
 * @throws {RangeError} for fewer than {@link LEAST_ROWS} rows
 */
export function buildProfile(origin: ProfileOrigin, rows: readonly ReferenceRow[]): Profile {
  const { measured } = origin;
  const plain = new FeatureReader(measured);
  const words = measured.inputKind === 'text' ? countWords(plain, rows) : null;
  const centroids = centroidsOf(measured, rows);
  const reader = new FeatureReader(measured, {
    vocabulary: words && { has: (hash) => (words.get(hash) ?? 0) > 1 },
    centroids,
  });
  const columns = reader.specs.map((): Column => ({ values: [], groups: [] }));
  for (const row of rows) {
    const to: FeatureValue[] = [];
    if (row.input) reader.readInput(row.input, row.tensors, to);
    if (row.prediction) reader.readPrediction(row.prediction, to);
    to.forEach((value, i) => {
      if (value === undefined) return;
      columns[i]?.values.push(value);
      columns[i]?.groups.push(row.group);
    });
  }
  const vocabulary = words && new Vocabulary(mostFrequent(words));
  return {
    ...assembleProfile(origin, 'data', reader.specs, columns),
    rows: rows.length,
    ...(vocabulary && { vocabulary: vocabulary.toBase64() }),
    ...(centroids.size > 0 && {
      centroids: Array.from(centroids, ([name, center]) => ({
        name,
        values: Array.from(center, (value) => Number(value.toPrecision(6))),
      })),
    }),
    ...accuracyOf(rows),
  };
}

/**
 * Makes a profile of values that were measured before.
 *
 * @param columns values of each feature
 * @throws {RangeError} for fewer than {@link LEAST_ROWS} rows
 */
export function assembleProfile(
  origin: ProfileOrigin,
  source: Profile['source'],
  specs: readonly FeatureSpec[],
  columns: readonly ReferenceValues[],
): Profile {
  const steps = assembling(origin, source, specs, columns);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * As {@link assembleProfile}, in turns of a few milliseconds, between which a server goes on serving.
 *
 * @throws {RangeError} for fewer than {@link LEAST_ROWS} rows
 */
export async function assembleProfileInTurns(
  ...given: Parameters<typeof assembleProfile>
): Promise<Profile> {
  const steps = assembling(...given);
  for (;;) {
    const began = performance.now();
    while (performance.now() - began < TURN_MS) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await nextTurn();
  }
}

function* assembling(
  origin: ProfileOrigin,
  source: Profile['source'],
  specs: readonly FeatureSpec[],
  columns: readonly ReferenceValues[],
): Generator<void, Profile> {
  const rows = Math.max(0, ...columns.map(({ values }) => values.length));
  if (rows < LEAST_ROWS) {
    throw new RangeError(`a profile needs at least ${LEAST_ROWS} rows; there are ${rows}`);
  }
  const left = new Set(origin.without);
  const features: ProfileFeature[] = [];
  for (const [i, spec] of specs.entries()) {
    if (left.has(spec.name)) continue;
    const feature = yield* featureOf(spec, columns[i] ?? { values: [] });
    if (feature) features.push(feature);
  }
  return {
    schemaVersion: PROFILE_SCHEMA_VERSION,
    model: origin.model,
    version: origin.version,
    signature: signatureDigest(origin.measured.signature),
    createdAt: origin.createdAt ?? new Date().toISOString(),
    source,
    rows,
    features,
  };
}

/** A {@link ReferenceValues} that grows. */
interface Column {
  readonly values: FeatureValue[];
  readonly groups: (string | undefined)[];
}

/** `null` for a feature without a value, of which nothing can be said. */
function* featureOf(
  spec: FeatureSpec,
  column: ReferenceValues,
): Generator<void, ProfileFeature | null> {
  const { values } = column;
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  if (values.every((value) => value === null)) return null;
  if (spec.kind === 'numeric' && numbers.length === 0) return null;
  const seed = seedOf(featureKey(spec));
  if (spec.kind === 'categorical') {
    const bins = categoryBinsOf(values);
    const counts = countAll(bins, values);
    return {
      ...spec,
      kind: 'categorical',
      categories: [...bins.categories],
      counts,
      unseen: unseenOf(bins, counts),
      scatter: yield* learnScatter(bins, column, seed),
    };
  }
  const bins = numericBinsOf(numbers);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    ...spec,
    kind: 'numeric',
    min: bins.min,
    edges: [...bins.edges],
    mean: Number(mean.toPrecision(8)),
    deviation: Number(Math.sqrt(squares / numbers.length).toPrecision(8)),
    counts: countAll(bins, values),
    // A fresh value lies beyond the largest, or below the smallest, of n with this chance.
    unseen: Math.min(1, 2 / (numbers.length + 1)),
    scatter: yield* learnScatter(bins, column, seed),
  };
}

function countAll(bins: Bins, values: readonly FeatureValue[]): number[] {
  const counts = Array.from({ length: bins.size }, () => 0);
  const count = (place: number) => (counts[place] = (counts[place] ?? 0) + 1);
  for (const value of values) {
    if (value === null || value === undefined) count(bins.missing);
    else if (typeof value === 'object') value.forEach((each) => count(bins.place(each)));
    else count(bins.place(value));
  }
  return counts;
}

/** Good and Turing: the share of categories met once is the chance that the next one is new. */
function unseenOf(bins: Bins, counts: readonly number[]): number {
  const all = present(bins, counts);
  const beyond = bins.unseen.reduce((sum, place) => sum + (counts[place] ?? 0), 0);
  const once = counts.slice(0, bins.missing).filter((each) => each === 1).length;
  return all === 0 ? 0 : Math.min(1, (once + beyond) / all);
}

function countWords(reader: FeatureReader, rows: readonly ReferenceRow[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { input } of rows) {
    for (const hash of new Set(reader.wordsOf(input?.text ?? ''))) {
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
  }
  return counts;
}

function mostFrequent(words: ReadonlyMap<number, number>): number[] {
  const all = [...words];
  if (all.length > MAX_WORDS) all.sort((a, b) => b[1] - a[1]);
  return all.slice(0, MAX_WORDS).map(([hash]) => hash);
}

/** Means of the tensors that have one size in all rows. */
function centroidsOf(
  { inputKind, outputKind, signature }: MeasuredModel,
  rows: readonly ReferenceRow[],
): Map<string, Float64Array> {
  const centroids = new Map<string, Float64Array>();
  const add = (name: string, pick: (row: ReferenceRow) => Float64Array | null): void => {
    const center = meanOf(rows, pick);
    if (center && center.length > 1) centroids.set(name, center);
  };
  if (inputKind === 'tensors') {
    for (const { name } of signature.inputs) add(name, ({ tensors }) => sample(tensors?.[name]));
  }
  if (outputKind === 'embedding') {
    add(EMBEDDING, ({ prediction }) => {
      const vector = prediction?.prediction;
      return vector
        ? sample({ datatype: 'FP32', shape: [], data: Float32Array.from(vector as number[]) })
        : null;
    });
  }
  if (outputKind === 'tensors') {
    for (const { name } of signature.outputs) {
      add(name, ({ prediction }) => sample(prediction?.outputs.find((each) => each.name === name)));
    }
  }
  return centroids;
}

function meanOf(
  rows: readonly ReferenceRow[],
  pick: (row: ReferenceRow) => Float64Array | null,
): Float64Array | null {
  let sums: Float64Array | null = null;
  let count = 0;
  for (const row of rows) {
    const values = pick(row);
    if (!values) continue;
    sums ??= new Float64Array(values.length);
    if (values.length !== sums.length) return null;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (values[i] ?? 0);
    count++;
  }
  return sums?.map((sum) => sum / count) ?? null;
}

function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
