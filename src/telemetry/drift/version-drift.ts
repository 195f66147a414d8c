import type { DriftAlert, DriftReport, DriftState, DriftWindow } from '../../services/drift.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { TensorMap } from '../../tensor/tensor.ts';
import { Beside } from './beside.ts';
import { FeatureReader, type MeasuredModel, type MeasuredPrediction } from './feature-reader.ts';
import { featureKey, type FeatureRow, type FeatureSpec, type FeatureValue } from './features.ts';
import { knowledgeOf, specOf, type Profile } from './profile.ts';
import { columnsOf, featuresOf, NOTHING, reasonOf, severityOf, stateOf } from './report-parts.ts';
import { Reservoir } from './reservoir.ts';
import { Hysteresis } from './state.ts';
import { layoutOf, Tally, type TallyJson, type TallyLayout } from './tally.ts';
import { Judge, LEAST_VALUES, type FeatureVerdict } from './verdicts.ts';
import { Windows } from './windows.ts';

/** Most predictions between two looks. */
const LOOK_EVERY = 100;

/** Least time between two looks, unless a part of the window is full, in milliseconds. */
const LOOK_PAUSE_MS = 250;

/** What a version is watched with. */
export interface VersionDriftOptions {
  readonly model: string;
  readonly version: string;
  readonly measured: MeasuredModel;
  /** Predictions of the recent window. */
  readonly windowRows: number;
  /** Told of every change of state that is worth an alert. */
  readonly onAlert: (alert: DriftAlert) => void;
}

/** The parts that hang on a reference. */
interface Watch {
  readonly profile: Profile;
  /** Names the profile among replicas. */
  readonly digest: string;
  readonly judge: Judge;
  readonly layout: TallyLayout;
  readonly windows: Windows;
  /** Place of each feature of the profile in a row. */
  readonly places: readonly number[];
}

/** Counts that another replica has shown. */
export type ReplicaTallies = (digest: string, window: DriftWindow) => readonly TallyJson[];

/** Watches one version of a model: measures its predictions, counts them, judges the counts. */
export class VersionDrift {
  readonly #options: VersionDriftOptions;
  #reader: FeatureReader;
  readonly #row: FeatureValue[] = [];
  readonly #mapped: FeatureValue[] = [];
  readonly #reservoir = new Reservoir();
  #watch: Watch | undefined;
  #problem = 'There is no profile.json beside the version.';
  #hysteresis = new Hysteresis();
  #judged = 0;
  #counted = 0;
  #lookedAt = -Infinity;
  /** Rows of answers that the cache keeps, by what it keeps of them. */
  #known = new WeakMap<object, FeatureRow>();
  #verdicts: readonly FeatureVerdict[] = [];
  #beside: Beside | undefined;

  constructor(options: VersionDriftOptions) {
    this.#options = options;
    this.#reader = new FeatureReader(options.measured);
  }

  /** Whether {@link measureInput} needs the encoded tensors of an input. */
  get needsTensors(): boolean {
    return this.#reader.needsTensors;
  }

  get state(): DriftState {
    return this.#watch ? this.#hysteresis.state : 'NOT_ENOUGH_DATA';
  }

  /** What was found at the last look. */
  get verdicts(): readonly FeatureVerdict[] {
    return this.#verdicts;
  }

  /** Name of the profile in use among replicas; `undefined` without one. */
  get digest(): string | undefined {
    return this.#watch?.digest;
  }

  get profile(): Profile | undefined {
    return this.#watch?.profile;
  }

  /** Takes a reference; counting begins anew. */
  use(profile: Profile, digest: string): void {
    if (this.#watch?.digest === digest) return;
    this.#reader = new FeatureReader(this.#options.measured, knowledgeOf(profile));
    this.#known = new WeakMap();
    this.#beside = undefined;
    const judge = new Judge(profile);
    const layout = layoutOf(judge.features.map(({ bins }) => bins));
    const keys = new Map(this.#reader.specs.map((spec, i) => [featureKey(spec), i]));
    const places = profile.features.map((each) => keys.get(featureKey(specOf(each))) ?? -1);
    const windows = new Windows(layout, this.#options.windowRows);
    this.#watch = { profile, digest, judge, layout, windows, places };
    this.#hysteresis = new Hysteresis();
    this.#verdicts = [];
    this.#counted = 0;
    this.#judged = 0;
  }

  /** Goes on without a reference. @param problem why, in words */
  forgo(problem: string): void {
    this.#problem = problem;
    this.#watch = undefined;
    this.#verdicts = [];
  }

  /** Counts beside the version that serves; `undefined` where this is the one. */
  standBeside(stable: VersionDrift | undefined): void {
    const watch = stable && stable.#watch;
    if (this.#beside?.digest === watch?.digest) return;
    this.#beside = watch && this.#measureBeside(watch);
  }

  #measureBeside({ profile, digest }: Watch): Beside {
    return new Beside({
      stable: profile,
      digest,
      own: this.profile,
      specs: this.#reader.specs,
      windowRows: this.#options.windowRows,
    });
  }

  /** Names what is counted beside the serving version among replicas; `undefined` without it. */
  get besideDigest(): string | undefined {
    return this.#beside && `${this.#beside.digest}/${this.#options.version}`;
  }

  /** As {@link show}, of what is counted beside the serving version. */
  showBeside(window: DriftWindow): TallyJson | undefined {
    return this.#beside?.windows.of(window).toJson();
  }

  /** Compares with what the serving version gets and predicts in the same window. */
  reportAgainst(
    stable: VersionDrift,
    window: DriftWindow,
    others: ReplicaTallies,
    reportedAccuracy: DriftReport['reportedAccuracy'],
  ): DriftReport {
    const { model, version } = this.#options;
    const base = { model, version, window, reportedAccuracy };
    const { version: against } = stable.#options;
    const [watch, beside] = [stable.#watch, this.#beside];
    if (!watch || beside?.digest !== watch.digest) {
      const reason = `Version ${against} has no reference, whose bins both would be counted in.`;
      return { ...base, ...NOTHING, reason, predictions: 0, untested: [], memoryBytes: 0 };
    }
    const own = { ...watch, windows: beside.windows, digest: this.besideDigest ?? '' };
    const { tally, replicas } = sumOf(own, window, others);
    const { tally: reference } = sumOf(watch, window, others);
    const judge = beside.judgeOf(reference);
    const isEnough = reference.rows >= LEAST_VALUES;
    const verdicts = isEnough ? judge.judge(tally, reference.independent) : [];
    const state = isEnough ? stateOf(verdicts, tally.rows) : 'NOT_ENOUGH_DATA';
    const reason = isEnough
      ? reasonOf(state, verdicts, tally.rows)
      : `${reference.rows} predictions; at least ${LEAST_VALUES} are needed.`;
    return {
      ...base,
      state,
      reason: `Compared with version ${against}: ${reason}`,
      predictions: tally.rows,
      replicas,
      severity: severityOf(verdicts),
      columns: columnsOf(verdicts),
      features: featuresOf(verdicts, judge, tally),
      untested: [],
      reference: { source: 'live', createdAt: new Date().toISOString(), rows: reference.rows },
      estimatedAccuracy: tally.confident === 0 ? null : tally.confidence / tally.confident,
      referenceAccuracy: null,
      memoryBytes: beside.windows.bytes,
    };
  }

  /** The features of an input, for predictions of it that need not be measured again. */
  measureInput(input: ModelInput, tensors: TensorMap | null): FeatureRow {
    const to: FeatureValue[] = [];
    this.#reader.readInput(input, tensors, to);
    return to;
  }

  /**
   * Counts a prediction.
   *
   * @param input what {@link measureInput} gave; `undefined` measures the input here, `null` where
   *   it cannot be measured
   * @param prediction `null` where it cannot be told
   * @param cached what the cache keeps of the prediction, which is measured once then; `undefined`
   *   where it was not cached
   * @returns whether it is time for a look: since a part of the window is full, or so many came
   */
  count(
    given: ModelInput,
    input: FeatureRow | null | undefined,
    prediction: MeasuredPrediction | null,
    cached?: object,
  ): 'full' | 'due' | null {
    const known = cached && this.#known.get(cached);
    const row = known ?? this.#measure(given, input, prediction);
    if (cached && !known && input !== null) this.#known.set(cached, [...row]);
    this.#reservoir.offer(row);
    this.#counted++;
    this.#beside?.add(row, prediction?.confidence ?? null);
    const watch = this.#watch;
    if (!watch) return null;
    const { places } = watch;
    for (let i = 0; i < places.length; i++) this.#mapped[i] = row[places[i] ?? -1];
    if (watch.windows.add(this.#mapped, prediction?.confidence ?? null)) return 'full';
    if (this.#counted - this.#judged < LOOK_EVERY) return null;
    return performance.now() - this.#lookedAt >= LOOK_PAUSE_MS ? 'due' : null;
  }

  #measure(
    given: ModelInput,
    input: FeatureRow | null | undefined,
    prediction: MeasuredPrediction | null,
  ): FeatureRow {
    const row = this.#row;
    row.length = 0;
    const { inputs, specs } = this.#reader;
    if (input === undefined) this.#reader.readInput(given, null, row);
    else for (let i = 0; i < inputs; i++) row[i] = input === null ? undefined : input[i];
    if (prediction) this.#reader.readPrediction(prediction, row);
    else for (let i = inputs; i < specs.length; i++) row[i] = undefined;
    return row;
  }

  /** Looks at the recent window and passes to the state that it tells. */
  look(full: boolean, others: ReplicaTallies): void {
    const watch = this.#watch;
    if (!watch || this.#judged === this.#counted) return;
    this.#judged = this.#counted;
    this.#lookedAt = performance.now();
    const { tally } = sumOf(watch, 'RECENT', others);
    this.#verdicts = watch.judge.judge(tally);
    const enough = tally.rows >= LEAST_VALUES;
    const severity = enough ? severityOf(this.#verdicts) : null;
    const previous = this.#hysteresis.state;
    const state = this.#hysteresis.look(severity, full);
    if (state !== previous) this.#tell(previous, state, tally.rows);
  }

  /** The counts of a window as other replicas read them; `undefined` without a reference. */
  show(window: DriftWindow): TallyJson | undefined {
    return this.#watch?.windows.of(window).toJson();
  }

  /** All that is known of a window. */
  report(
    window: DriftWindow,
    others: ReplicaTallies,
    reportedAccuracy: DriftReport['reportedAccuracy'],
  ): DriftReport {
    const { model, version } = this.#options;
    const base = { model, version, window, reportedAccuracy };
    const watch = this.#watch;
    if (!watch) {
      return {
        ...base,
        ...NOTHING,
        reason: this.#problem,
        predictions: this.#counted,
        untested: this.#reader.specs.map(({ name }) => name),
        memoryBytes: this.#reservoir.bytes,
      };
    }
    const { tally, replicas } = sumOf(watch, window, others);
    const verdicts = watch.judge.judge(tally);
    const state = window === 'RECENT' ? this.#hysteresis.state : stateOf(verdicts, tally.rows);
    const { profile } = watch;
    const known = new Set(profile.features.map((each) => featureKey(specOf(each))));
    return {
      ...base,
      state,
      reason: reasonOf(state, verdicts, tally.rows),
      predictions: tally.rows,
      replicas,
      severity: severityOf(verdicts),
      columns: columnsOf(verdicts),
      features: featuresOf(verdicts, watch.judge, tally),
      untested: this.#reader.specs
        .filter((spec) => !known.has(featureKey(spec)))
        .map(({ name }) => name),
      reference: { source: profile.source, createdAt: profile.createdAt, rows: profile.rows },
      estimatedAccuracy: tally.confident === 0 ? null : tally.confidence / tally.confident,
      referenceAccuracy: profile.accuracy?.accuracy ?? null,
      memoryBytes: watch.windows.bytes + this.#reservoir.bytes + knowledgeBytes(profile),
    };
  }

  /** A sample of the rows that were counted, for a reference to be made of. */
  get rows(): { readonly specs: readonly FeatureSpec[]; readonly rows: readonly FeatureRow[] } {
    return { specs: this.#reader.specs, rows: this.#reservoir.rows };
  }

  #tell(previous: DriftState, state: DriftState, predictions: number): void {
    // That there is enough data now, or no more, is nothing to be woken for.
    const isNews = [previous, state].some((each) => each === 'WARNING' || each === 'DRIFT');
    if (!isNews) return;
    const { model, version, onAlert } = this.#options;
    onAlert({
      model,
      version,
      state,
      previous,
      columns: columnsOf(this.#verdicts),
      severity: severityOf(this.#verdicts),
      predictions,
      message: reasonOf(state, this.#verdicts, predictions),
      timestamp: Date.now(),
    });
  }
}

/** The counts of this replica and the others. */
function sumOf(
  { windows, digest, layout }: Watch,
  window: DriftWindow,
  others: ReplicaTallies,
): { tally: Tally; replicas: number } {
  const tally = windows.of(window);
  let replicas = 1;
  for (const json of others(digest, window)) {
    const other = Tally.fromJson(layout, json);
    if (!other) continue;
    tally.merge(other);
    replicas++;
  }
  return { tally, replicas };
}

/** About how many bytes known words take: their hash table, and the text that it was read from. */
const knowledgeBytes = ({ vocabulary = '' }: Profile): number => 3 * vocabulary.length;
