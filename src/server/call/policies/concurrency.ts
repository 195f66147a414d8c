import { ServiceError } from '../../../errors.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Policy } from '../policy.ts';
import type { ServerCall } from '../server-call.ts';

/**
 * Bounds the calls that are being answered at once, over all transports together. A call takes its
 * place when its body is there, so that bodies which never come shut nobody out. Probes are answered
 * in overload too: those who watch the server must not be told that it is dead.
 *
 * @param maxCalls most at once (`MAX_CONCURRENT_REQUESTS`)
 */
export function limitConcurrency(tracker: CallTracker, maxCalls: number): Policy {
  const requirePlace = ({ source }: ServerCall): void => {
    if (tracker.answered < maxCalls || source.isProbe) return;
    throw new ServiceError(
      'OVERLOADED',
      'The server is at its limit of requests; try again soon.',
      {
        retryAfterSeconds: 1,
        details: { maxConcurrentRequests: maxCalls },
        limit: 'MAX_CONCURRENT_REQUESTS',
      },
    );
  };
  return {
    name: 'concurrency',
    admit(call) {
      requirePlace(call);
      tracker.add(call);
      if (!call.source.awaitsBody) tracker.answer(call);
    },
    received(call) {
      if (!call.source.awaitsBody) return;
      requirePlace(call);
      tracker.answer(call);
    },
    end(call) {
      tracker.remove(call);
    },
  };
}
