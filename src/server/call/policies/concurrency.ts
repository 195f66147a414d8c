import { ServiceError } from '../../../errors.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Policy } from '../policy.ts';

/**
 * Bounds the calls that are being answered at once, over all transports together. Probes are
 * answered in overload too: those who watch the server must not be told that it is dead.
 *
 * @param maxCalls most at once (`MAX_CONCURRENT_REQUESTS`)
 */
export function limitConcurrency(tracker: CallTracker, maxCalls: number): Policy {
  return {
    name: 'concurrency',
    admit(call) {
      if (tracker.size >= maxCalls && !call.source.isProbe) {
        throw new ServiceError(
          'OVERLOADED',
          'The server is at its limit of requests; try again soon.',
          { retryAfterSeconds: 1, details: { maxConcurrentRequests: maxCalls } },
        );
      }
      tracker.add(call);
    },
    end(call) {
      tracker.remove(call);
    },
  };
}
