import { ServiceError } from '../../../errors.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Policy } from '../policy.ts';

/**
 * Refuses new operations over sockets and streams once the server shuts down. What still comes over a
 * connection of HTTP or gRPC is answered, and its client told to connect anew (`Connection: close`,
 * GOAWAY): it was on its way before its client could know.
 */
export function refuseWhileDraining(tracker: CallTracker): Policy {
  const refuse = (): never => {
    throw new ServiceError('OVERLOADED', 'The server is shutting down; connect again.', {
      retryAfterSeconds: 1,
    });
  };
  return {
    name: 'drain',
    admit({ transport, source }) {
      if (tracker.draining && (transport === 'websocket' || source.isMessage)) refuse();
    },
    operation({ transport }, { kind }) {
      // A stream would be cut off at once. One that a WebSocket had asked for before is cut off with
      // the socket, whose client asks again over the next one.
      if (tracker.draining && kind === 'subscription' && transport === 'http') refuse();
    },
  };
}
