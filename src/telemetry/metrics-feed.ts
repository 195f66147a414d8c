import type { MetricsSnapshot } from './metrics-snapshot.ts';

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
  readonly #take: (model: string | undefined) => MetricsSnapshot;
  readonly #channels = new Map<string, { listeners: Set<Subscriber>; timer: NodeJS.Timeout }>();

  /** `take` takes a snapshot of one model, or of all. */
  constructor(take: (model: string | undefined) => MetricsSnapshot) {
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
      const timer = setInterval(() => {
        const snapshot = this.#take(model);
        for (const subscriber of listeners) subscriber.call(snapshot);
      }, intervalMs);
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
    queueMicrotask(() => {
      if (listeners.has(subscriber)) subscriber.call(this.#take(model));
    });
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
}

/** One subscription; the same listener may subscribe twice. */
interface Subscriber {
  call(snapshot: MetricsSnapshot): void;
}
