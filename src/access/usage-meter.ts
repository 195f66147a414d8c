import { LRUCache } from 'lru-cache';

/** What a principal has used since the start of this process. */
export interface Usage {
  /** Id of the principal: that of a key, `token:…` or `address:…`. */
  readonly id: string;
  readonly name: string;
  /** Calls of prediction services. */
  calls: number;
  /** Predictions asked for, cached ones too. */
  rows: number;
  /** Its share of what the engines computed, in milliseconds. */
  computeMs: number;
  /** Calls that its rate refused. */
  refused: number;
  /** Milliseconds since 1970. */
  lastUsedAt: number;
}

/** Principals that are counted by themselves; the longest silent is summed up with the others. */
const MAX_PRINCIPALS = 1_000;

/** Who a use is counted for. */
export interface Counted {
  readonly id: string;
  readonly name: string;
}

/** Counts what each principal uses. Bounded: those that are long silent become one. */
export class UsageMeter {
  readonly #others: Usage = fresh({ id: 'others', name: 'others' });
  readonly #usage = new LRUCache<string, Usage>({
    max: MAX_PRINCIPALS,
    dispose: (usage, _id, reason) => {
      if (reason === 'evict') add(this.#others, usage);
    },
  });

  /** What all have used, the heaviest first. */
  list(): readonly Usage[] {
    const all = [...this.#usage.values()];
    if (this.#others.calls > 0) all.push(this.#others);
    return all.sort((a, b) => b.computeMs - a.computeMs || b.rows - a.rows);
  }

  /** Counts a call of so many rows. */
  used(who: Counted, rows: number): void {
    const usage = this.#of(who);
    usage.calls++;
    usage.rows += rows;
    usage.lastUsedAt = Date.now();
  }

  /** Counts compute, in milliseconds. */
  computed(who: Counted, ms: number): void {
    this.#of(who).computeMs += ms;
  }

  /** Counts a call that was over its rate. */
  refused(who: Counted): void {
    this.#of(who).refused++;
  }

  #of({ id, name }: Counted): Usage {
    let usage = this.#usage.get(id);
    if (!usage) this.#usage.set(id, (usage = fresh({ id, name })));
    return usage;
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
