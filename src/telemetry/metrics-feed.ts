import type { MetricsSnapshot } from '../services/metrics-snapshot.ts';

/** Receives snapshots. */
export type MetricsListener = (snapshot: MetricsSnapshot) => void;

/** Which snapshots a subscriber wants. */
export interface MetricsSubscription {
  /** Name of the model. @default all together */
  readonly model?: string | undefined;
  /** Milliseconds between two snapshots. */
  readonly intervalMs: number;
}

/**
 * Snapshots at intervals. Everyone who watches the same model at the same interval shares one
 * timer and one snapshot, so that a thousand dashboards cost as much as one.
 */
export class MetricsFeed {
  readonly #take: (model: string | undefined) => MetricsSnapshot | Promise<MetricsSnapshot>;
  readonly #channels = new Map<string, { listeners: Set<Subscriber>; timer: NodeJS.Timeout }>();

  /** `take` takes a snapshot of one model, or of all; a promise of one must not reject. */
  constructor(take: (model: string | undefined) => MetricsSnapshot | Promise<MetricsSnapshot>) {
    this.#take = take;
  }

  /** Timers that run. */
  get timers(): number {
    return this.#channels.size;
  }

  /**
   * Calls `listener` in the next microtask, then every `intervalMs`. A listener that throws is
   * not called again and does not disturb the others.
   *
   * @returns ends the subscription
   */
  subscribe({ model, intervalMs }: MetricsSubscription, listener: MetricsListener): () => void {
    const key = JSON.stringify([model, intervalMs]);
    let channel = this.#channels.get(key);
    if (!channel) {
      const listeners = new Set<Subscriber>();
      const timer = setInterval(() => void this.#tell(model, listeners), intervalMs);
      timer.unref();
      channel = { listeners, timer };
      this.#channels.set(key, channel);
    }
    const { listeners, timer } = channel;
    const end = () => {
      if (!listeners.delete(subscriber) || listeners.size > 0) return;
      clearInterval(timer);
      this.#channels.delete(key);
    };
    const subscriber: Subscriber = {
      call(snapshot) {
        try {
          listener(snapshot);
        } catch {
          end();
        }
      },
    };
    listeners.add(subscriber);
    queueMicrotask(() => void this.#tell(model, listeners, subscriber));
    return end;
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const { listeners, timer } of this.#channels.values()) {
      listeners.clear();
      clearInterval(timer);
    }
    this.#channels.clear();
  }

  /** Tells all `listeners`, or only one of them that is new. */
  async #tell(
    model: string | undefined,
    listeners: ReadonlySet<Subscriber>,
    only?: Subscriber,
  ): Promise<void> {
    const snapshot = await this.#take(model);
    for (const subscriber of listeners) {
      if (only === undefined || subscriber === only) subscriber.call(snapshot);
    }
  }
}

/** One subscription; the same listener may subscribe twice. */
interface Subscriber {
  call(snapshot: MetricsSnapshot): void;
}
