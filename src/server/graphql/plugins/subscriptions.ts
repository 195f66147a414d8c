import type { ServerResponse } from 'node:http';
import { toServiceError } from '../../../errors.ts';
import { toGraphQLError } from '../graphql-errors.ts';
import type { Endable, OpenSubscriptions } from '../open-subscriptions.ts';
import type { ServerPlugin } from '../../http/server-context.ts';

/**
 * Bounds the open subscriptions of the process and makes them end when it shuts down.
 *
 * @param onStream called with the HTTP answer of each subscription that goes over SSE
 */
export function useSubscriptions(
  subscriptions: OpenSubscriptions,
  onStream: (res: ServerResponse) => void,
): ServerPlugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      let giveBack: () => void;
      try {
        giveBack = subscriptions.reserve();
      } catch (thrown) {
        setResultAndStopExecution({ errors: [toGraphQLError(toServiceError(thrown))] });
        return;
      }
      let stream: Endable | undefined;
      const release = (): void => {
        if (stream) subscriptions.delete(stream);
        giveBack();
      };
      return {
        onSubscribeResult({ result }) {
          if (!(Symbol.asyncIterator in result)) {
            release();
            return;
          }
          stream = result as Endable;
          subscriptions.add(stream);
          const { res } = args.contextValue as unknown as { res?: ServerResponse };
          if (res) {
            // No proxy may collect the events before it passes them on.
            if (!res.headersSent) res.setHeader('X-Accel-Buffering', 'no');
            onStream(res);
          }
          return { onEnd: release };
        },
        // A stream that fails does not end.
        onSubscribeError: release,
      };
    },
  };
}
