import type { ModelCostReader } from '../../services/model-costs.ts';
import { LatencyHistogram } from '../../telemetry/latency-histogram.ts';

/** Cost of a field, in microseconds. */
export const FIELD_COST = 1;

/** Cost of a row of a model that was never measured and whose manifest says nothing. */
export const UNMEASURED_COST = 1_024;

/** Batches after which the measurement counts. */
const MIN_BATCHES = 20;

/** Batches after which the older half of the measurement is forgotten. */
const WINDOW_BATCHES = 2_000;

interface Measured {
  /** Time a row, one entry a batch: the older half and the newer half. */
  older: LatencyHistogram;
  newer: LatencyHistogram;
  weight: number | undefined;
}

/** Largest cost of a row, in microseconds: what a GraphQL Int can hold. */
const MAX_WEIGHT = 2 ** 30;

/** Options of {@link ModelCosts}. */
export interface ModelCostsOptions {
  /** Time a row that the manifest of a model states, in milliseconds. */
  readonly statedMs: (model: string) => number | undefined;
  /** Told when the measured weight of a model changes here. */
  readonly onChange?: (model: string, weight: number) => void;
}

/**
 * What a row of each model costs, in microseconds: the median of what was measured, as a power of
 * two that changes only when the measurement has left it by a factor of two, so that a printed
 * schema stays the same.
 */
export class ModelCosts implements ModelCostReader {
  readonly #options: ModelCostsOptions;
  readonly #measured = new Map<string, Measured>();

  constructor(options: ModelCostsOptions) {
    this.#options = options;
  }

  /** Takes the time of a batch. */
  observe(model: string, rows: number, inferenceMs: number): void {
    if (rows < 1) return;
    let measured = this.#measured.get(model);
    if (!measured) {
      measured = {
        older: new LatencyHistogram(),
        newer: new LatencyHistogram(),
        weight: undefined,
      };
      this.#measured.set(model, measured);
    }
    measured.newer.record(inferenceMs / rows);
    const count = measured.newer.count + measured.older.count;
    if (measured.newer.count >= WINDOW_BATCHES / 2) {
      measured.older = measured.newer;
      measured.newer = new LatencyHistogram();
    }
    // The median moves slowly: it is looked for now and then.
    if (count >= MIN_BATCHES && (count & 15) === 0) this.#weigh(model, measured);
  }

  /** Median time of a row in milliseconds; `undefined` until enough was measured. */
  measuredMs(model: string): number | undefined {
    const measured = this.#measured.get(model);
    if (!measured) return undefined;
    const both = new LatencyHistogram();
    both.add(measured.older);
    both.add(measured.newer);
    return both.count < MIN_BATCHES ? undefined : (both.percentile(0.5) ?? undefined);
  }

  /** Cost of a row: a power of two, in microseconds. */
  weight(model: string): number {
    const weight = this.#measured.get(model)?.weight;
    if (weight !== undefined) return weight;
    const stated = this.#options.statedMs(model);
    return stated === undefined ? UNMEASURED_COST : toPowerOfTwo(stated * 1000);
  }

  /** Weights that were measured here or told by other replicas. */
  get weights(): ReadonlyMap<string, number> {
    const weights = new Map<string, number>();
    for (const [model, { weight }] of this.#measured) if (weight) weights.set(model, weight);
    return weights;
  }

  /** Takes the weight that another replica has measured, unless this one knows better. */
  adopt(model: string, weight: number): void {
    if (!(weight >= 1 && weight <= MAX_WEIGHT) || toPowerOfTwo(weight) !== weight) return;
    const own = this.measuredMs(model);
    if (own !== undefined && isApart(own * 1000, weight)) return;
    let measured = this.#measured.get(model);
    if (!measured) {
      measured = {
        older: new LatencyHistogram(),
        newer: new LatencyHistogram(),
        weight: undefined,
      };
      this.#measured.set(model, measured);
    }
    measured.weight = weight;
  }

  #weigh(model: string, measured: Measured): void {
    const ms = this.measuredMs(model);
    if (ms === undefined) return;
    if (measured.weight !== undefined && !isApart(ms * 1000, measured.weight)) return;
    measured.weight = toPowerOfTwo(ms * 1000);
    this.#options.onChange?.(model, measured.weight);
  }
}

function isApart(cost: number, weight: number): boolean {
  return cost >= weight * 2 || cost <= weight / 2;
}

function toPowerOfTwo(microseconds: number): number {
  return Math.min(MAX_WEIGHT, 2 ** Math.max(0, Math.round(Math.log2(Math.max(1, microseconds)))));
}
