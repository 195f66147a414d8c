import type { SharedRun } from './shared-run.ts';

/** A power of two: far more than there are runs at most times. */
const BUCKETS = 1024;

/** A run under the key that its answer has in the cache. */
interface Entry {
  readonly key: string;
  readonly run: SharedRun;
  next: Entry | undefined;
}

/**
 * Runs under way by the cache key of their answer, a digest in base64. Not a Map, whose tables each
 * point to the next: where entries come and go, one that is dead but old would keep the tensors of
 * all later ones alive until the next full collection of garbage.
 */
export class SharedRuns {
  readonly #buckets = new Array<Entry | undefined>(BUCKETS).fill(undefined);
  #size = 0;

  /** Runs under way. */
  get size(): number {
    return this.#size;
  }

  get(key: string): SharedRun | undefined {
    let entry = this.#buckets[bucketOf(key)];
    while (entry && entry.key !== key) entry = entry.next;
    return entry?.run;
  }

  /** Adds a run; it takes the place of an older one of its key. */
  set(key: string, run: SharedRun): void {
    this.#take(key);
    const bucket = bucketOf(key);
    this.#buckets[bucket] = { key, run, next: this.#buckets[bucket] };
    this.#size++;
  }

  /** Removes `run`, unless another one has taken its place. */
  delete(key: string, run: SharedRun): void {
    if (this.get(key) === run) this.#take(key);
  }

  #take(key: string): void {
    const bucket = bucketOf(key);
    let before: Entry | undefined;
    let entry = this.#buckets[bucket];
    while (entry && entry.key !== key) {
      before = entry;
      entry = entry.next;
    }
    if (!entry) return;
    if (before) before.next = entry.next;
    else this.#buckets[bucket] = entry.next;
    entry.next = undefined;
    this.#size--;
  }
}

/** The first characters of a digest are as good a hash as any. */
function bucketOf(key: string): number {
  return ((key.charCodeAt(0) << 5) ^ key.charCodeAt(1)) & (BUCKETS - 1);
}
