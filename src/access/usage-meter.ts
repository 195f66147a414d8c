import { LRUCache } from 'lru-cache';
import type { PrincipalUsage } from '../services/usage.ts';

type Usage = { -readonly [K in keyof PrincipalUsage]: PrincipalUsage[K] };

/** Principals that are counted by themselves; the longest silent is summed up with the others. */
const MAX_PRINCIPALS = 1_000;

/** Principals with a label of their own in the metrics: the first ones, for as long as the server runs. */
const MAX_LABELS = 100;

/** Who a use is counted for. */
export interface Counted {
  readonly id: string;
  readonly name: string;
}

/** Counts what each principal uses. Bounded: those that are long silent become one. */
export class UsageMeter {
  readonly #others: Usage = fresh({ id: 'others', name: 'others' });
  readonly #labelled = new Map<string, Usage>();
  readonly #usage = new LRUCache<string, Usage>({
    max: MAX_PRINCIPALS,
    dispose: (usage, _id, reason) => {
      if (reason === 'evict') add(this.#others, usage);
    },
  });

  /** What all have used, the heaviest first. */
  list(): readonly PrincipalUsage[] {
    const all = [...this.#usage.values()];
    if (this.#others.calls > 0) all.push(this.#others);
    return all.sort((a, b) => b.computeMs - a.computeMs || b.rows - a.rows);
  }

  /**
   * The same sums under labels that are bounded, and never go down: the first 100 keys and subjects
   * of tokens, all addresses together, and all others together.
   */
  get labelled(): ReadonlyMap<string, PrincipalUsage> {
    return this.#labelled;
  }

  /** Counts a call of so many rows. */
  used(who: Counted, rows: number): void {
    for (const usage of this.#of(who)) {
      usage.calls++;
      usage.rows += rows;
      usage.lastUsedAt = Date.now();
    }
  }

  /** Counts compute, in milliseconds. */
  computed(who: Counted, ms: number): void {
    for (const usage of this.#of(who)) usage.computeMs += ms;
  }

  /** Counts a call that was over its rate. */
  refused(who: Counted): void {
    for (const usage of this.#of(who)) usage.refused++;
  }

  #of({ id, name }: Counted): readonly [Usage, Usage] {
    let usage = this.#usage.get(id);
    if (!usage) this.#usage.set(id, (usage = fresh({ id, name })));
    return [usage, this.#labelledOf(id, name)];
  }

  #labelledOf(id: string, name: string): Usage {
    const own = this.#labelled.get(id);
    if (own) return own;
    const isFull = this.#labelled.size >= MAX_LABELS;
    const label = id.startsWith('address:') ? 'addresses' : isFull ? 'others' : id;
    let sum = this.#labelled.get(label);
    if (!sum) {
      sum = fresh({ id: label, name: label === id ? name : label });
      this.#labelled.set(label, sum);
    }
    return sum;
  }
}

function fresh({ id, name }: Counted): Usage {
  return { id, name, calls: 0, rows: 0, computeMs: 0, refused: 0, lastUsedAt: 0 };
}

function add(sum: Usage, usage: Usage): void {
  sum.calls += usage.calls;
  sum.rows += usage.rows;
  sum.computeMs += usage.computeMs;
  sum.refused += usage.refused;
  sum.lastUsedAt = Math.max(sum.lastUsedAt, usage.lastUsedAt);
}
