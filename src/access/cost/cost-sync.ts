import type { ModelCosts } from './model-costs.ts';

/** Where replicas tell each other their weights. */
export interface SharedWeights {
  /** Weights by the names of their models; `undefined` when they cannot be read. */
  readAll(): Promise<ReadonlyMap<string, number> | undefined>;
  write(model: string, weight: number): Promise<void>;
  close(): void;
}

/** Options of {@link CostSync}. */
export interface CostSyncOptions {
  readonly costs: ModelCosts;
  readonly store: SharedWeights;
  /** Whether a model is served here; others are not taken. */
  readonly isServed: (model: string) => boolean;
  /** Interval of the looks, in milliseconds. @default 10000 */
  readonly everyMs?: number;
}

const EVERY_MS = 10_000;

/** Keeps the weights of models equal on all replicas. */
export class CostSync {
  readonly #options: CostSyncOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CostSyncOptions) {
    this.#options = options;
  }

  /** Reads what others have measured, and goes on doing so. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.look(), this.#options.everyMs ?? EVERY_MS).unref();
    await this.look();
  }

  /** Takes the weights of the others. */
  async look(): Promise<void> {
    const { costs, store, isServed } = this.#options;
    const shared = await store.readAll();
    if (!shared) return;
    for (const [model, weight] of shared) if (isServed(model)) costs.adopt(model, weight);
    // What was measured while nobody could be told.
    for (const [model, weight] of costs.weights) {
      if (!shared.has(model)) await store.write(model, weight);
    }
  }

  /** Tells the others a weight that was measured here. */
  publish(model: string, weight: number): void {
    void this.#options.store.write(model, weight);
  }

  /** Stops, and disconnects. */
  close(): void {
    clearInterval(this.#timer);
    this.#options.store.close();
  }
}
