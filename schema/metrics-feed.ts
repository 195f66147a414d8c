import type { CallerSignal } from '../src/services/caller-signal.ts';
import { Repeater, SlidingBuffer } from 'graphql-yoga';
import type { MetricsScope, MetricsService } from '../src/services/services.ts';
import type { MetricsSnapshot } from '../src/services/metrics-snapshot.ts';

/**
 * Snapshots as an async iterator. A Repeater, not an async generator: its clean-up runs at once when
 * the client goes away, even while nothing is being sent. It holds one snapshot at most, so that a
 * slow reader gets the newest and never a backlog.
 *
 * @param signal aborted when the caller has gone, in case nobody ends the iterator
 * @throws {ServiceError} `MODEL_NOT_FOUND`
 */
export function subscribeToMetrics(
  metrics: MetricsService,
  options: {
    model: string | undefined;
    intervalMs: number;
    scope?: MetricsScope | undefined;
  },
  signal: CallerSignal | undefined,
): AsyncIterable<MetricsSnapshot> {
  // An unknown model fails the subscription itself and not its first event.
  metrics.snapshot(options.model);
  return new Repeater<MetricsSnapshot>(async (push, stop) => {
    const unsubscribe = metrics.subscribe(options, (snapshot) => void push(snapshot));
    const end = (): void => stop();
    signal?.addEventListener('abort', end);
    if (signal?.aborted) stop();
    await stop;
    signal?.removeEventListener('abort', end);
    unsubscribe();
  }, new SlidingBuffer(1));
}
