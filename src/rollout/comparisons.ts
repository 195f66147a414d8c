import { randomUUID } from 'node:crypto';
import { badInput, ServiceError } from '../errors.ts';
import type { OutputKind } from '../services/output-kind.ts';
import type { Prediction } from '../services/prediction.ts';
import type { Principal } from '../services/principal.ts';
import type { OutcomeReport } from '../services/services.ts';
import { isRight, toAnswer } from './agreement.ts';
import type { ModelComparison } from '../services/comparison.ts';
import type { Traffic } from '../services/traffic.ts';
import { compareVersionsOf } from './comparison.ts';
import type { RolloutVersion } from './rollout-version.ts';
import type { VersionStats } from './version-stats.ts';
import { OutcomeMemory, type OutcomeMemoryOptions } from './outcome-memory.ts';

/** What made an answer whose outcome may be reported. */
interface Source {
  readonly model: string;
  readonly version: string;
  /** Not the version itself, which would outlive its unloading here. */
  readonly stats: VersionStats;
  readonly kind: OutputKind;
  /** Whom the prediction was made for. */
  readonly owner: string;
}

/** A model whose versions are compared. */
export interface ComparedModel {
  readonly name: string;
  readonly versions: ReadonlyMap<string, RolloutVersion>;
  readonly serving: RolloutVersion | undefined;
  readonly traffic: {
    readonly now: Traffic;
    /** Told when the figures of a version have changed. */
    changed(version: RolloutVersion): void;
  };
}

/** Where {@link Comparisons} finds its models. */
export interface ComparedModels {
  /** @throws {ServiceError} `MODEL_NOT_FOUND` */
  entry(model: string): ComparedModel;
  /** `undefined` where there is no such model (any more). */
  find(model: string): ComparedModel | undefined;
}

/** Owners that are kept for a version; the sources of others are made for each answer. */
const MAX_OWNERS = 1_000;

/** Compares versions by what they do, and by what turned out. */
export class Comparisons {
  readonly #models: ComparedModels;
  readonly #memory: OutcomeMemory<Source>;
  readonly #sources = new WeakMap<RolloutVersion, Map<string, Source>>();

  constructor(models: ComparedModels, options: OutcomeMemoryOptions = {}) {
    this.#models = models;
    this.#memory = new OutcomeMemory(options);
  }

  /**
   * Names an answer whose id a client reads, and keeps it in mind.
   *
   * @param owner whom it was made for, and who may report its outcome
   */
  name(served: RolloutVersion, prediction: Prediction, owner: string): string {
    const kind = served.live?.output.kind;
    // Of vectors and tensors nobody can say whether they were right.
    if (!kind || kind === 'embedding' || kind === 'tensors') return randomUUID();
    const answer = toAnswer(kind, prediction.prediction);
    if (answer === undefined) return randomUUID();
    return this.#memory.remember(this.#sourceOf(served, kind, owner), answer);
  }

  /** @throws {ServiceError} `BAD_USER_INPUT` also for the prediction of somebody else */
  reportOutcome(
    principal: Pick<Principal, 'owner' | 'allows'>,
    predictionId: string,
    actual: unknown,
  ): OutcomeReport {
    const remembered = this.#memory.get(predictionId);
    const isOwn =
      remembered?.source.owner === principal.owner &&
      principal.allows('outcomes:write', remembered.source.model);
    if (!remembered || !isOwn) {
      throw badInput(
        'predictionId: no such prediction is remembered. Ids count for 24 hours, for the last ' +
          '100,000 predictions of labels and numbers whose id was read, on the replica that ' +
          'answered, and for those who asked for them.',
        { field: 'predictionId' },
      );
    }
    const { model, version, stats, kind } = remembered.source;
    const correct = isRight(kind, remembered.answer, actual);
    const counted = remembered.report();
    if (counted) {
      stats.outcome(correct);
      const entry = this.#models.find(model);
      const served = entry?.versions.get(version);
      if (served?.stats === stats) entry?.traffic.changed(served);
    }
    return { predictionId, model, version, correct, counted };
  }

  /** Few ask for a version, and each of them many times. */
  #sourceOf(served: RolloutVersion, kind: OutputKind, owner: string): Source {
    let sources = this.#sources.get(served);
    if (!sources) this.#sources.set(served, (sources = new Map<string, Source>()));
    let source = sources.get(owner);
    if (!source) {
      const { model, version, stats } = served;
      source = { model, version, stats, kind, owner };
      if (sources.size < MAX_OWNERS) sources.set(owner, source);
    }
    return source;
  }

  comparison(model: string): ModelComparison {
    const { name, versions, serving, traffic } = this.#models.entry(model);
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
