import type { Metrics } from '../api/types.ts';

/** Time that the charts show, in seconds. */
export const WINDOW_SECONDS = 60;

/** Time over which the hit rate is taken, so that a quiet second does not make it jump. */
const HIT_WINDOW_SECONDS = 10;

type Gap = number | null;

/** Columns of figures over time; `null` where there is none. */
export interface Columns {
  /** Seconds since 1970. */
  readonly time: readonly number[];
  readonly requestsPerSecond: readonly Gap[];
  readonly failuresPerSecond: readonly Gap[];
  readonly p50: readonly Gap[];
  readonly p95: readonly Gap[];
  readonly p99: readonly Gap[];
  /** Share from 0 to 1 over the last seconds. */
  readonly hitRate: readonly Gap[];
}

/** The last minute of snapshots, as the charts need them. */
export class History {
  #snapshots: readonly Metrics[] = [];

  /** The newest snapshot. */
  get latest(): Metrics | undefined {
    return this.#snapshots.at(-1);
  }

  /** Adds a snapshot and drops those that have become too old. */
  push(snapshot: Metrics): void {
    const oldest = snapshot.timestamp - (WINDOW_SECONDS + HIT_WINDOW_SECONDS) * 1000;
    this.#snapshots = [...this.#snapshots.filter((each) => each.timestamp >= oldest), snapshot];
  }

  /** Everything as columns. */
  columns(): Columns {
    const all = this.#snapshots;
    return {
      time: all.map(({ timestamp }) => timestamp / 1000),
      requestsPerSecond: all.map((now, i) => rate('totalRequests', all[i - 1], now)),
      failuresPerSecond: all.map((now, i) => rate('failedRequests', all[i - 1], now)),
      p50: all.map((each) => each.p50LatencyMs),
      p95: all.map((each) => each.p95LatencyMs),
      p99: all.map((each) => each.p99LatencyMs),
      hitRate: all.map((now, i) => hitRate(all, i, now)),
    };
  }
}

function rate(
  counter: 'totalRequests' | 'failedRequests',
  before: Metrics | undefined,
  now: Metrics,
): Gap {
  if (!before) return null;
  const requests = now[counter] - before[counter];
  const seconds = (now.timestamp - before.timestamp) / 1000;
  // Counters start anew with the server; what lies between is not known.
  return requests < 0 || seconds <= 0 ? null : requests / seconds;
}

function hitRate(all: readonly Metrics[], index: number, now: Metrics): Gap {
  const since = now.timestamp - HIT_WINDOW_SECONDS * 1000;
  let from = index;
  for (let i = index - 1; i >= 0; i -= 1) {
    const earlier = all[i];
    if (!earlier || earlier.timestamp < since || earlier.totalRequests > now.totalRequests) break;
    from = i;
  }
  const before = all[from];
  if (!before) return null;
  const hits = now.cacheHits - before.cacheHits;
  const lookups = hits + now.cacheMisses - before.cacheMisses;
  return lookups > 0 ? hits / lookups : null;
}
