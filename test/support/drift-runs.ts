import { openModels, type OfflineModels } from '../../src/cli/offline-models.ts';
import { measuredModel } from '../../src/prediction/drift/measured-model.ts';
import { internalCall } from '../../src/services/call.ts';
import type { ModelInput } from '../../src/services/model-input.ts';
import type { ServedVersion } from '../../src/serving/served-version.ts';
import { buildProfile, type ReferenceRow } from '../../src/telemetry/drift/build-profile.ts';
import type { MeasuredModel } from '../../src/telemetry/drift/feature-reader.ts';
import type { Profile } from '../../src/telemetry/drift/profile.ts';
import { seededRandom } from '../../src/telemetry/drift/random.ts';
import { VersionDrift } from '../../src/telemetry/drift/version-drift.ts';

/** What many runs of traffic came to. */
export interface Runs {
  /** Runs in which the state was ever WARNING or DRIFT. */
  readonly alerted: number;
  /** Predictions of the latest first alert. */
  readonly latest: number;
  /** Features of the first alerts. */
  readonly columns: ReadonlySet<string>;
}

/** A shipped model, and traffic that it is sent a hundred times. */
export class DriftRuns {
  readonly #models: OfflineModels;
  readonly #served: ServedVersion;
  readonly #measured: MeasuredModel;

  private constructor(models: OfflineModels, served: ServedVersion, measured: MeasuredModel) {
    this.#models = models;
    this.#served = served;
    this.#measured = measured;
  }

  static async open(model: string): Promise<DriftRuns> {
    const models = await openModels({ directory: 'models', only: model });
    const served = models.catalog.resolve(model, undefined);
    return new DriftRuns(models, served, measuredModel(served)!);
  }

  close(): Promise<void> {
    return this.#models.close();
  }

  /** Asks the model. */
  ask(inputs: readonly ModelInput[], group?: string): Promise<ReferenceRow[]> {
    const { model, live } = this.#served;
    const needsTensors = live?.input.kind === 'image';
    return Promise.all(
      inputs.map(async (input) => ({
        input,
        group,
        prediction: await this.#models.predictor.predict(internalCall('test'), {
          model,
          input,
          timeoutMs: 600_000,
        }),
        tensors: needsTensors ? (await live.input.prepare(input).encode()).tensors : null,
      })),
    );
  }

  /** Makes a reference. */
  profile(rows: readonly ReferenceRow[], without: readonly string[] = []): Profile {
    const { model, version } = this.#served;
    return buildProfile({ model, version, measured: this.#measured, without }, rows);
  }

  /** A hundred runs of 500 predictions, each drawn at random from `pool`. */
  run(profile: Profile, pool: readonly ReferenceRow[], runs = 100): Runs {
    const random = seededRandom(1);
    const columns = new Set<string>();
    let [alerted, latest] = [0, 0];
    for (let run = 0; run < runs; run++) {
      let first = 0;
      let sent = 0;
      const drift = new VersionDrift({
        model: profile.model,
        version: profile.version,
        measured: this.#measured,
        windowRows: 500,
        onAlert: (alert) => {
          first ||= sent;
          alert.columns.forEach((column) => columns.add(column));
        },
      });
      drift.use(profile, 'test');
      const features = pool.map(({ input, tensors }) => drift.measureInput(input!, tensors));
      while (sent < 500) {
        const at = Math.floor(random() * pool.length);
        sent++;
        const due = drift.count(pool[at]!.input!, features[at], pool[at]!.prediction);
        if (due) drift.look(due === 'full', () => []);
      }
      if (first > 0) alerted++;
      latest = Math.max(latest, first);
    }
    return { alerted, latest, columns };
  }
}

/** Two parts of some rows, in random order. */
export function parts<T>(rows: readonly T[], share: number): [T[], T[]] {
  const random = seededRandom(2);
  const mixed = rows
    .map((row) => ({ row, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
  const size = Math.round(mixed.length * share);
  return [mixed.slice(0, size), mixed.slice(size)];
}
