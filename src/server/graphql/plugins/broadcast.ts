import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { GraphQLContext } from '../../../../schema/context.ts';
import type { FrameReceiver } from '../shared/frame-receiver.ts';
import { shareKeyOf } from '../shared/share-key.ts';
import { SharedStreams, type SubscribeResult } from '../shared/shared-streams.ts';
import type { ServerContext, ServerPlugin } from '../../http/server-context.ts';
import { cleanErrors } from './errors.ts';

type CallerContext = GraphQLContext &
  Pick<ServerContext, 'requestId'> & { readonly receiver?: FrameReceiver };

/**
 * Executes a subscription once for all callers over WebSocket whose results cannot differ, and
 * sends them the same frames. Over SSE each caller has an execution of its own, as HTTP answers are
 * written by Yoga.
 */
export function useBroadcast(logger: Logger): ServerPlugin {
  const streams = new SharedStreams((err) => {
    logger.error({ err }, 'shared subscription could not be ended');
  });
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const context = args.contextValue as unknown as CallerContext;
      const { receiver, requestId } = context;
      if (!receiver) return;
      const key = shareKeyOf(args);
      if (key === undefined) return;
      const operation = {
        key,
        execute: () => subscribeFn(forEveryone(args, context)) as Promise<SubscribeResult>,
        serialize: (result: ExecutionResult) =>
          JSON.stringify(cleanErrors(result, requestId, logger) ?? result),
      };
      setSubscribeFn(() => streams.subscribe(operation, receiver));
    },
  };
}

/** The operation without what belongs to its caller, who may go before the others do. */
function forEveryone(
  args: ExecutionArgs,
  { services, call, requestId }: CallerContext,
): ExecutionArgs {
  const contextValue: CallerContext = {
    services,
    call: { id: call.id, signal: undefined },
    requestId,
  };
  return { ...args, rootValue: undefined, contextValue };
}
