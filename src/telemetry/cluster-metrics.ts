import { randomUUID } from 'node:crypto';
import { MetricsFeed, type MetricsListener, type MetricsSubscription } from './metrics-feed.ts';
import type { ReplicaStatus } from '../services/replica-status.ts';
import type { MetricsSnapshot } from '../services/metrics-snapshot.ts';
import type { Metrics } from './metrics.ts';
import { MetricsTotals } from './metrics-totals.ts';
import {
  decodeReplicaPage,
  encodeReplicaPage,
  type ReplicaAbout,
  type ReplicaPage,
} from './replica-page.ts';

/** Where replicas show each other their pages. No method may reject. */
export interface ReplicaStore {
  /** Shows a page for `ttlMs` milliseconds. */
  publish(id: string, page: Uint8Array, ttlMs: number): Promise<void>;
  /** The pages that have not expired, by replica; `undefined` when they cannot be had. */
  readAll(): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  remove(id: string): Promise<void>;
  close(): void;
}

/** Options of {@link ClusterMetrics}. */
export interface ClusterMetricsOptions {
  readonly metrics: Metrics;
  /** Unset, this replica stands alone. */
  readonly store?: ReplicaStore | undefined;
  /** How this replica is, for the others. @default it does not tell */
  readonly about?: () => ReplicaAbout;
  /** Name of this replica among the others. @default a random one */
  readonly replicaId?: string;
  /** Time between two pages, in milliseconds. @default 1000 */
  readonly publishEveryMs?: number;
  /** Time after which a silent replica counts as gone, in milliseconds. @default 3500 */
  readonly expireAfterMs?: number;
}

/** What another replica has told. */
interface OtherReplica {
  readonly id: string;
  readonly page: ReplicaPage;
}

/** Time for which what others told is not asked for again, in milliseconds. */
const FRESH_MS = 200;

/**
 * The metrics of all replicas as one: sums of their counters, percentiles of their merged
 * histograms. Without a store, or while it is down, that is this replica alone.
 */
export class ClusterMetrics {
  readonly #metrics: Metrics;
  readonly #store: ReplicaStore | undefined;
  readonly #id: string;
  readonly #about: (() => ReplicaAbout) | undefined;
  readonly #expireAfterMs: number;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #feed = new MetricsFeed((model) => this.snapshot(model));
  #others: Promise<readonly OtherReplica[]> = Promise.resolve([]);
  #othersAt = -Infinity;

  /** Starts to publish. */
  constructor(options: ClusterMetricsOptions) {
    const { metrics, store, replicaId = randomUUID(), publishEveryMs = 1_000 } = options;
    this.#metrics = metrics;
    this.#store = store;
    this.#id = replicaId;
    this.#about = options.about;
    this.#expireAfterMs = options.expireAfterMs ?? 3_500;
    if (store) {
      this.#timer = setInterval(() => void this.publish(), publishEveryMs).unref();
    }
  }

  /** Shows the others what this replica has counted; also done by a timer. */
  async publish(): Promise<void> {
    await this.#store?.publish(this.#id, encodeReplicaPage(this.#ownPage()), this.#expireAfterMs);
  }

  /** The counters of all live replicas now, of one model or of all together. Never rejects. */
  async snapshot(
    model?: string,
    isCounted: (model: string) => boolean = () => true,
  ): Promise<MetricsSnapshot> {
    const others = await this.#readOthers();
    const totals = this.#metrics.totals(model, isCounted);
    for (const { page } of others) {
      const { models } = page;
      for (const [name, theirs] of models) {
        const isAsked = model === undefined ? isCounted(name) : model === name;
        if (isAsked) totals.add(theirs);
      }
    }
    return totals.toSnapshot({
      timestamp: this.#metrics.now(),
      uptimeSeconds: Math.max(
        this.#metrics.uptimeSeconds,
        ...others.map(({ page }) => page.uptimeSeconds),
      ),
      model: model ?? null,
      replicas: 1 + others.length,
    });
  }

  /**
   * Every live replica, this one first. Never rejects.
   *
   * @param isCounted which models count for who asks. @default all
   */
  async replicas(
    isCounted: (model: string) => boolean = () => true,
  ): Promise<readonly ReplicaStatus[]> {
    const timestamp = this.#metrics.now();
    const others = [...(await this.#readOthers())].sort((a, b) => (a.id < b.id ? -1 : 1));
    return [{ id: this.#id, page: this.#ownPage() }, ...others].map(({ id, page }) =>
      statusOf(id, page, isCounted, { timestamp, isSelf: id === this.#id }),
    );
  }

  /**
   * Calls `listener` with a snapshot of all replicas at once, then at intervals.
   *
   * @returns ends the subscription
   */
  subscribe(options: MetricsSubscription, listener: MetricsListener): () => void {
    return this.#feed.subscribe(options, listener);
  }

  /** Ends all subscriptions and leaves the fleet. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#feed.close();
    await this.#store?.remove(this.#id);
    this.#store?.close();
  }

  #ownPage(): ReplicaPage {
    const { models, uptimeSeconds } = this.#metrics;
    return {
      uptimeSeconds,
      models: new Map(models.map((model) => [model, this.#metrics.totals(model)])),
      about: this.#about?.(),
    };
  }

  /** Everyone who asks within {@link FRESH_MS} shares one reading. */
  #readOthers(): Promise<readonly OtherReplica[]> {
    if (!this.#store) return this.#others;
    if (performance.now() - this.#othersAt >= FRESH_MS) {
      this.#othersAt = performance.now();
      this.#others = this.#store.readAll().then((pages) =>
        [...(pages ?? [])].flatMap(([id, bytes]) => {
          const page = id === this.#id ? undefined : decodeReplicaPage(bytes);
          return page ? [{ id, page }] : [];
        }),
      );
    }
    return this.#others;
  }
}

function statusOf(
  id: string,
  { uptimeSeconds, models, about }: ReplicaPage,
  isCounted: (model: string) => boolean,
  { timestamp, isSelf }: { readonly timestamp: number; readonly isSelf: boolean },
): ReplicaStatus {
  const totals = new MetricsTotals();
  for (const [name, theirs] of models) if (isCounted(name)) totals.add(theirs);
  const counted = totals.toSnapshot({ timestamp, uptimeSeconds, model: null, replicas: 1 });
  return {
    id,
    isSelf,
    host: about?.host ?? null,
    serverVersion: about?.serverVersion ?? null,
    status: about?.status ?? null,
    ready: about?.ready ?? null,
    uptimeSeconds,
    totalRequests: counted.totalRequests,
    failedRequests: counted.failedRequests,
    throughput: counted.throughput,
    inFlight: counted.inFlight,
    queuedRows: counted.queuedRows,
    p95Ms: counted.latency.p95Ms,
    models: about?.models.filter(({ name }) => isCounted(name)) ?? [],
  };
}
