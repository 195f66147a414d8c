import type { Call } from '../src/services/call.ts';
import { Repeater, SlidingBuffer } from 'graphql-yoga';
import type { MetricsScope, MetricsService } from '../src/services/services.ts';
import type { MetricsSnapshot } from '../src/services/metrics-snapshot.ts';

/**
 * Snapshots as an async iterator. A Repeater, not an async generator: its clean-up runs at once when
 * the client goes away, even while nothing is being sent. It holds one snapshot at most, so that a
 * slow reader gets the newest and never a backlog.
 *
 * @param call its signal ends the iterator in case nobody does
 * @throws {ServiceError} `MODEL_NOT_FOUND`
 */
export function subscribeToMetrics(
  metrics: MetricsService,
  options: {
    model: string | undefined;
    intervalMs: number;
    scope?: MetricsScope | undefined;
  },
  call: Call,
): AsyncIterable<MetricsSnapshot> {
  // An unknown model fails the subscription itself and not its first event.
  metrics.snapshot(call, options.model);
  return new Repeater<MetricsSnapshot>(async (push, stop) => {
    const unsubscribe = metrics.subscribe(call, options, (snapshot) => void push(snapshot));
    const end = (): void => stop();
    call.signal?.addEventListener('abort', end);
    if (call.signal?.aborted) stop();
    await stop;
    call.signal?.removeEventListener('abort', end);
    unsubscribe();
  }, new SlidingBuffer(1));
}
