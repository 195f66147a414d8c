import { randomUUID } from 'node:crypto';
import { badInput, ServiceError } from '../errors.ts';
import type { OutputKind } from '../codecs/codec.ts';
import type { ModelCatalog } from '../serving/model-catalog.ts';
import type { Prediction } from '../services/prediction.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import type { OutcomeReport } from '../services/services.ts';
import { isRight, toAnswer } from './agreement.ts';
import { compareVersionsOf, type ModelComparison } from './comparison.ts';
import type { VersionStats } from './version-stats.ts';
import { OutcomeMemory, type OutcomeMemoryOptions } from './outcome-memory.ts';

/** What made an answer whose outcome may be reported. */
interface Source {
  readonly model: string;
  readonly version: string;
  /** Not the version itself, which would outlive its unloading here. */
  readonly stats: VersionStats;
  readonly kind: OutputKind;
}

/** Compares versions by what they do, and by what turned out. */
export class Comparisons {
  readonly #catalog: () => ModelCatalog;
  readonly #memory: OutcomeMemory<Source>;
  readonly #sources = new WeakMap<ServedVersion, Source>();

  /** @param catalog asked for when it is needed, since the catalog in turn tells of read ids */
  constructor(catalog: () => ModelCatalog, options: OutcomeMemoryOptions = {}) {
    this.#catalog = catalog;
    this.#memory = new OutcomeMemory(options);
  }

  /** Names an answer whose id a client reads, and keeps it in mind. */
  name(served: ServedVersion, prediction: Prediction): string {
    const kind = served.live?.output.kind;
    // Of vectors and tensors nobody can say whether they were right.
    if (!kind || kind === 'embedding' || kind === 'tensors') return randomUUID();
    const answer = toAnswer(kind, prediction.prediction);
    if (answer === undefined) return randomUUID();
    let source = this.#sources.get(served);
    if (!source) {
      const { model, version, stats } = served;
      this.#sources.set(served, (source = { model, version, stats, kind }));
    }
    return this.#memory.remember(source, answer);
  }

  reportOutcome(predictionId: string, actual: unknown): OutcomeReport {
    const remembered = this.#memory.get(predictionId);
    if (!remembered) {
      throw badInput(
        'predictionId: no such prediction is remembered. Ids count for 24 hours, for the last ' +
          '100,000 predictions of labels and numbers whose id was read, on the replica that ' +
          'answered.',
        { field: 'predictionId' },
      );
    }
    const { model, version, stats, kind } = remembered.source;
    const correct = isRight(kind, remembered.answer, actual);
    const counted = remembered.report();
    if (counted) {
      stats.outcome(correct);
      const served = this.#catalog()
        .versions()
        .find((candidate) => candidate.stats === stats);
      served?.observer?.changed(served);
    }
    return { predictionId, model, version, correct, counted };
  }

  comparison(model: string): ModelComparison {
    const { name, versions, serving, traffic } = this.#catalog().entry(model);
    if (versions.size === 0) {
      throw new ServiceError('MODEL_NOT_READY', `Model "${name}" has no version in memory.`);
    }
    return compareVersionsOf({
      name,
      versions,
      serving: serving?.version ?? null,
      split: traffic.now.split,
    });
  }
}
