/**
 * A simulation of many replicas behind a balancer, with service times that were measured. Seeded:
 * the same parameters give the same figures.
 */

/** What is simulated. Times are in milliseconds. */
export interface Scenario {
  readonly seed: number;
  readonly replicas: number;
  /** Whether the replicas share a cache in Redis. */
  readonly redis: boolean;
  /** Requests of a replica in a second, on average. */
  readonly ratePerReplica: number;
  /** Requests that are simulated, once all caches are full. */
  readonly requests: number;
  /** Different inputs that there are; their popularity follows Zipf's law with exponent 1. */
  readonly inputs: number;
  /** Answers that the memory of a replica holds. */
  readonly cacheEntries: number;
  /** Measured times of the worker for an answer that no cache has. */
  readonly missMs: readonly number[];
  /** Measured time for an answer out of memory. */
  readonly hitMs: number;
  /** Measured time that an answer out of Redis takes more. */
  readonly redisMs: number;
  /** Replaces all replicas, one after the other, while the requests that count come. */
  readonly rollingUpdate: boolean;
}

/** What came out. */
export interface Outcome {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of the answers out of memory or Redis, 0 to 1. */
  readonly hitRate: number;
  /** Share of the time that workers were busy, 0 to 1. */
  readonly utilization: number;
}

/** mulberry32: a small generator of numbers from 0 to 1 that is good enough for this. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A cache that forgets what was not used for longest. */
class LruSet {
  readonly #entries = new Set<number>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#capacity;
  }

  take(key: number): boolean {
    const isThere = this.#entries.delete(key);
    this.#entries.add(key);
    if (this.#entries.size > this.#capacity) {
      for (const oldest of this.#entries) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return isThere;
  }
}

interface Replica {
  cache: LruSet;
  /** When its worker has done all that it was given. */
  freeAt: number;
  busyMs: number;
}

/** Simulates one scenario. */
export function simulate(scenario: Scenario): Outcome {
  const { replicas: count, requests, missMs } = scenario;
  const random = randomFrom(scenario.seed);
  const draw = zipf(scenario.inputs, random);
  const fresh = (): Replica => ({
    cache: new LruSet(scenario.cacheEntries),
    freeAt: 0,
    busyMs: 0,
  });
  const replicas = Array.from({ length: count }, fresh);
  const shared = new Set<number>();
  // As they are after a long time in use.
  for (const { cache } of replicas) {
    for (let i = 0; i < 20 * scenario.cacheEntries && !cache.isFull; i++) {
      const input = draw();
      cache.take(input);
      shared.add(input);
    }
  }
  const meanGap = 1000 / (scenario.ratePerReplica * count);
  const latencies: number[] = [];
  let hits = 0;
  let replaced = 0;
  let now = 0;
  for (let i = 0; i < requests; i++) {
    now += -Math.log(1 - random()) * meanGap;
    // A new replica takes the place of an old one when its share of the time has passed.
    for (; scenario.rollingUpdate && replaced < (i / requests) * count; replaced++) {
      const old = replicas[replaced];
      if (old) replicas[replaced] = { ...fresh(), busyMs: old.busyMs };
    }
    const replica = lessBusy(replicas, random);
    const input = draw();
    const inMemory = replica.cache.take(input);
    const inRedis = !inMemory && scenario.redis && shared.has(input);
    if (scenario.redis) shared.add(input);
    let latency = scenario.hitMs;
    if (inRedis) latency += scenario.redisMs;
    else if (!inMemory) {
      const service = missMs[Math.floor(random() * missMs.length)] ?? 0;
      const begin = Math.max(now, replica.freeAt);
      replica.freeAt = begin + service;
      replica.busyMs += service;
      latency += replica.freeAt - now + (scenario.redis ? scenario.redisMs : 0);
    }
    latencies.push(latency);
    if (inMemory || inRedis) hits++;
  }
  latencies.sort((a, b) => a - b);
  const at = (quantile: number) => latencies[Math.floor(quantile * (latencies.length - 1))] ?? 0;
  return {
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    hitRate: hits / requests,
    utilization: sum(replicas) / (now * count),
  };
}

/** The less busy of two replicas drawn by chance: what good balancers do. */
function lessBusy(replicas: readonly Replica[], random: () => number): Replica {
  const draw = () => replicas[Math.floor(random() * replicas.length)];
  const [a, b] = [draw(), draw()];
  if (!a || !b) throw new RangeError('a scenario needs a replica');
  return a.freeAt <= b.freeAt ? a : b;
}

/** Draws numbers from 0 up, each as often as its rank says. */
function zipf(count: number, random: () => number): () => number {
  const upTo = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) {
    total += 1 / (rank + 1);
    upTo[rank] = total;
  }
  return () => {
    const wanted = random() * total;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const sum = (replicas: readonly Replica[]): number =>
  replicas.reduce((total, { busyMs }) => total + busyMs, 0);
