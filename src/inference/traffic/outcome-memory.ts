/** Options of {@link OutcomeMemory}. */
export interface OutcomeMemoryOptions {
  /** Most predictions that are remembered. @default 100000 */
  readonly maxEntries?: number;
  /** How long they are, in milliseconds. @default 86400000 (24 hours) */
  readonly maxAgeMs?: number;
  /** Tells the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * The last predictions whose id a client has read, so that an outcome can be held against them. A
 * Map keeps its keys in the order in which they came, and none comes twice: the oldest is the first.
 */
export class OutcomeMemory<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly at: number }>();
  readonly #maxEntries: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  constructor(options: OutcomeMemoryOptions = {}) {
    this.#maxEntries = options.maxEntries ?? 100_000;
    this.#maxAgeMs = options.maxAgeMs ?? 86_400_000;
    this.#now = options.now ?? Date.now;
  }

  /** Predictions that are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  remember(id: string, value: T): void {
    const now = this.#now();
    this.#entries.set(id, { value, at: now });
    for (const [oldest, { at }] of this.#entries) {
      if (this.#entries.size <= this.#maxEntries && now - at <= this.#maxAgeMs) break;
      this.#entries.delete(oldest);
    }
  }

  get(id: string): T | undefined {
    const entry = this.#entries.get(id);
    return entry && this.#now() - entry.at <= this.#maxAgeMs ? entry.value : undefined;
  }
}
