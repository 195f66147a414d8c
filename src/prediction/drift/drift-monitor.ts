import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EncodedInput } from '../../codecs/codec.ts';
import { badInput, ServiceError } from '../../errors.ts';
import type { Call } from '../../services/call.ts';
import type { DriftAlert, DriftReport, DriftWindow } from '../../services/drift.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { Prediction } from '../../services/prediction.ts';
import type { PredictOptions } from '../../services/services.ts';
import type { ModelCatalog } from '../../serving/model-catalog.ts';
import type { ServedVersion } from '../../serving/served-version.ts';
import { assembleProfileInTurns, LEAST_ROWS } from '../../telemetry/drift/build-profile.ts';
import type { DriftReplicas } from '../../telemetry/drift/drift-replicas.ts';
import type { MeasuredPrediction } from '../../telemetry/drift/feature-reader.ts';
import type { FeatureRow } from '../../telemetry/drift/features.ts';
import { VersionDrift, type ReplicaTallies } from '../../telemetry/drift/version-drift.ts';
import type { TensorMap } from '../../tensor/tensor.ts';
import type { PredictionObserver } from '../prediction-observer.ts';
import { measuredModel } from './measured-model.ts';
import type { ProfileStore } from './profile-store.ts';
import { rawRows } from './raw-rows.ts';

/** Time between two looks where predictions come slowly, in milliseconds. */
const LOOK_MS = 2_000;

/** Inputs of answers from Redis that are encoded at once only to be measured. */
const MAX_ENCODING = 4;

/** Rows of one request that are counted in one turn of the event loop. */
const ROWS_AT_ONCE = 200;

/** What a {@link DriftMonitor} stands on. */
export interface DriftMonitorOptions {
  readonly catalog: ModelCatalog;
  readonly profiles: ProfileStore;
  /** The other replicas. @default none */
  readonly replicas?: DriftReplicas | undefined;
  /** Predictions of the recent window. */
  readonly windowRows: number;
  /** Told of every alert, before those who subscribe. */
  readonly onAlert: (alert: DriftAlert) => void;
  /** Told of a profile that cannot be used, or of a prediction that cannot be measured. */
  readonly onProblem: (version: ServedVersion, problem: string) => void;
}

/** Watches the predictions of all versions, cached or not. */
export class DriftMonitor implements PredictionObserver {
  readonly #options: DriftMonitorOptions;
  readonly #watched = new Map<ServedVersion, VersionDrift>();
  readonly #listeners = new Set<(alert: DriftAlert) => void>();
  /** Features of inputs whose tensors are gone: they go with the answer that the cache keeps. */
  readonly #measured = new WeakMap<TensorMap, FeatureRow>();
  readonly #others: ReplicaTallies;
  readonly #timer: NodeJS.Timeout;
  #encoding = 0;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(options: DriftMonitorOptions) {
    this.#options = options;
    this.#others = (digest, window) => options.replicas?.of(digest, window) ?? [];
    this.#timer = setInterval(() => void this.#tick(), LOOK_MS).unref();
  }

  /** The versions that are watched. */
  get versions(): Iterable<readonly [ServedVersion, VersionDrift]> {
    return this.#watched;
  }

  /** Takes versions that have come, and profiles that have changed. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(() => this.#refresh());
    return this.#refreshing;
  }

  computed(
    served: ServedVersion,
    input: ModelInput,
    encoded: EncodedInput,
    outputs: TensorMap,
  ): void {
    const drift = this.#watched.get(served);
    if (!drift?.needsTensors) return;
    this.#guarded(served, () => {
      this.#measured.set(outputs, drift.measureInput(input, encoded.tensors));
    });
  }

  answered(
    _call: Call,
    served: ServedVersion,
    { onlyOutputs, raw }: PredictOptions,
    input: ModelInput,
    prediction: Prediction,
  ): void {
    const drift = this.#watched.get(served);
    if (!drift) return;
    if (raw) {
      void this.#countRaw(served, drift, input, prediction.tensors);
      return;
    }
    this.#guarded(served, () => {
      // Outputs that were picked may not tell what was predicted.
      const isTold = served.live?.output.needed.every(
        (name) => onlyOutputs?.includes(name) ?? true,
      );
      const answer = isTold ? prediction : null;
      const cached = answer?.cached === true ? prediction.tensors : undefined;
      if (!drift.needsTensors) this.#count(drift, input, undefined, answer, cached);
      else {
        const known = this.#measured.get(prediction.tensors);
        if (known) this.#count(drift, input, known, answer, cached);
        else this.#encode(served, drift, input, answer, prediction.tensors);
      }
    });
  }

  failed(): void {
    // An input that is refused, or a run that fails, has no distribution: they are counted elsewhere.
  }

  /** How a version does; as the service says. */
  async report(
    model: string | undefined,
    version?: string,
    window: DriftWindow = 'RECENT',
    against?: string,
  ): Promise<DriftReport> {
    const { served, drift } = await this.#find(model, version);
    const { count, rate } = served.stats.total.outcomes;
    const reported = rate === null ? null : { rate, count };
    if (against === undefined) return drift.report(window, this.#others, reported);
    const stable = await this.#find(served.model, against);
    const serving = this.#options.catalog.entry(served.model).serving;
    if (stable.served !== serving || served === serving) {
      throw badInput(
        `against: a version is compared with the one that serves ("${serving?.version ?? ''}"), and only another version is.`,
        { field: 'against' },
      );
    }
    this.#pair();
    return drift.reportAgainst(stable.drift, window, this.#others, reported);
  }

  /** Tells every alert; as the service says. */
  subscribe(model: string | undefined, listener: (alert: DriftAlert) => void): () => void {
    if (model !== undefined) this.#options.catalog.entry(model);
    const own = (alert: DriftAlert): void => {
      if (model === undefined || alert.model === model) listener(alert);
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Makes live traffic the reference; as the service says. */
  async freeze(model: string, version?: string): Promise<object> {
    const { served, drift } = await this.#find(model, version);
    const { specs, rows } = drift.rows;
    if (rows.length < LEAST_ROWS) {
      throw new ServiceError(
        'CONFLICT',
        `Version "${served.version}" of model "${served.model}" has had ${rows.length} predictions; a reference needs at least ${LEAST_ROWS}.`,
      );
    }
    const measured = measuredModel(served);
    if (!measured) throw notReady(served.model);
    const columns = specs.map((_, i) => ({
      values: rows.map((row) => row[i]).filter((value) => value !== undefined),
    }));
    const { vocabulary, centroids } = drift.profile ?? {};
    const profile = {
      ...(await assembleProfileInTurns(
        { model: served.model, version: served.version, measured },
        'live',
        specs,
        columns,
      )),
      ...(vocabulary !== undefined && { vocabulary }),
      ...(centroids && { centroids }),
    };
    try {
      await this.#options.profiles.write(profile);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      this.#options.onProblem(served, `the profile cannot be written to STATE_DIR (${code ?? ''})`);
    }
    await this.refresh();
    return profile;
  }

  /** Ends the looks. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#options.replicas?.close();
  }

  async #find(
    model: string | undefined,
    version: string | undefined,
  ): Promise<{ served: ServedVersion; drift: VersionDrift }> {
    const { catalog } = this.#options;
    const name = model ?? catalog.defaultModel;
    const served =
      version === undefined && name !== undefined
        ? (catalog.entry(name).serving ?? catalog.resolve(name, undefined))
        : catalog.resolve(name, version);
    if (!this.#watched.has(served)) await this.refresh();
    const drift = this.#watched.get(served);
    if (!drift) throw notReady(served.model);
    return { served, drift };
  }

  async #refresh(): Promise<void> {
    const versions = this.#options.catalog.versions().filter(({ live }) => live);
    const current = new Set(versions);
    for (const served of this.#watched.keys())
      if (!current.has(served)) this.#watched.delete(served);
    await Promise.all(versions.map((served) => this.#take(served)));
    this.#pair();
  }

  /** Versions beside the serving one of their model are counted in its bins, too. */
  #pair(): void {
    for (const [served, drift] of this.#watched) {
      const serving = this.#options.catalog.find(served.model)?.serving;
      const isOther = serving !== undefined && serving !== served;
      drift.standBeside(isOther ? this.#watched.get(serving) : undefined);
    }
  }

  async #take(served: ServedVersion): Promise<void> {
    const measured = measuredModel(served);
    if (!measured) return;
    const { model, version, directory } = served;
    let drift = this.#watched.get(served);
    if (!drift) {
      const { windowRows } = this.#options;
      drift = new VersionDrift({
        model,
        version,
        measured,
        windowRows,
        onAlert: (alert) => this.#alert(alert),
      });
      this.#watched.set(served, drift);
    }
    const owner = { model, version, signature: measured.signature };
    const found = await this.#options.profiles.find(owner, directory);
    if ('profile' in found) drift.use(found.profile, found.digest);
    else {
      drift.forgo(found.problem);
      if (found.isBroken) this.#options.onProblem(served, found.problem);
    }
  }

  #count(
    drift: VersionDrift,
    input: ModelInput,
    features: FeatureRow | null | undefined,
    prediction: MeasuredPrediction | null,
    cached?: TensorMap,
  ): void {
    const due = drift.count(input, features, prediction, cached);
    if (due) drift.look(due === 'full', this.#others);
  }

  /** The rows of a request that came past the codecs. Never rejects. */
  async #countRaw(
    served: ServedVersion,
    drift: VersionDrift,
    input: ModelInput,
    outputs: TensorMap,
  ): Promise<void> {
    const { live } = served;
    if (!live) return;
    try {
      const encoded = await live.raw.input.prepare(input).encode();
      let counted = 0;
      for (const row of rawRows(live, encoded, outputs)) {
        const features = row.input && drift.measureInput(row.input, row.tensors);
        this.#count(drift, {}, features, row.prediction);
        if (++counted % ROWS_AT_ONCE === 0) await nextTurn();
      }
    } catch (thrown) {
      this.#problem(served, thrown);
    }
  }

  /** Of an answer that came from Redis the tensors of the input are made again, a few at a time. */
  #encode(
    served: ServedVersion,
    drift: VersionDrift,
    input: ModelInput,
    prediction: Prediction | null,
    outputs: TensorMap,
  ): void {
    const { live } = served;
    if (!live || this.#encoding >= MAX_ENCODING) {
      this.#count(drift, input, null, prediction);
      return;
    }
    this.#encoding++;
    Promise.resolve(live.input.prepare(input).encode())
      .then(({ tensors }) => {
        const features = drift.measureInput(input, tensors);
        this.#measured.set(outputs, features);
        this.#count(drift, input, features, prediction, prediction ? outputs : undefined);
      })
      .catch((error: unknown) => this.#problem(served, error))
      .finally(() => this.#encoding--);
  }

  #alert(alert: DriftAlert): void {
    this.#options.onAlert(alert);
    for (const listener of this.#listeners) listener(alert);
  }

  async #tick(): Promise<void> {
    this.#pair();
    const { replicas } = this.#options;
    if (replicas) {
      const own = [...this.#watched.values()].flatMap((drift) => {
        const { digest, besideDigest } = drift;
        return [
          { digest, show: (window: DriftWindow) => drift.show(window) },
          { digest: besideDigest, show: (window: DriftWindow) => drift.showBeside(window) },
        ].flatMap((each) => (each.digest === undefined ? [] : [{ ...each, digest: each.digest }]));
      });
      await replicas.exchange(own);
    }
    for (const [served, drift] of this.#watched) {
      this.#guarded(served, () => drift.look(false, this.#others));
    }
  }

  /** A measurement that fails must cost nobody an answer. */
  #guarded(served: ServedVersion, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#problem(served, thrown);
    }
  }

  #problem(served: ServedVersion, thrown: unknown): void {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#options.onProblem(served, `a prediction cannot be measured: ${message}`);
  }
}

function notReady(model: string): ServiceError {
  return new ServiceError('MODEL_NOT_READY', `Model "${model}" cannot answer now.`, {
    details: { model },
    retryAfterSeconds: 1,
  });
}
