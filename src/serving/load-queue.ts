import { availableParallelism } from 'node:os';

/** How far loading is. */
export interface LoadProgress {
  /** Versions that are ready or have failed. */
  readonly done: number;
  readonly total: number;
}

/**
 * Lets as many versions load at once as there are cores; more would only take time from each other,
 * up to their time-outs. Those that wait do not count as loading.
 */
export class LoadQueue {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #onProgress: (progress: LoadProgress) => void;
  #running = 0;
  #done = 0;
  #total = 0;

  /** @param most versions at once. @default the cores that this process may use */
  constructor(
    onProgress: (progress: LoadProgress) => void = () => undefined,
    most = availableParallelism(),
  ) {
    this.#onProgress = onProgress;
    this.#most = most;
  }

  /** How far the loading under way is; `null` when nothing loads. */
  get progress(): LoadProgress | null {
    return this.#total === 0 ? null : { done: this.#done, total: this.#total };
  }

  /** Runs `load` when it is its turn. */
  async run<T>(load: () => Promise<T>): Promise<T> {
    this.#total++;
    if (this.#running >= this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await load();
    } finally {
      this.#done++;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
      this.#onProgress({ done: this.#done, total: this.#total });
      if (this.#running === 0) this.#done = this.#total = 0;
    }
  }
}
