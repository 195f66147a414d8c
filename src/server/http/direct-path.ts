import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { createAccessLogger } from './access-log.ts';
import { GRAPHQL_PATH, pathOf } from './server-context.ts';
import { DirectExchange } from './direct-exchange.ts';

/** Answers one hot request; `false` hands it to the plugins, its body still to be had. */
export type DirectHandler = (exchange: DirectExchange) => Promise<boolean>;

/** What {@link createDirectLane} needs. */
export interface DirectLaneOptions {
  readonly logger: Logger;
  readonly graphql: DirectHandler;
  readonly rest: DirectHandler;
  /** REST paths that are worth it. */
  readonly restPaths: ReadonlySet<string>;
  /** The plugins, which can answer everything. */
  readonly plugins: (req: IncomingMessage, res: ServerResponse) => unknown;
}

/**
 * The short way for the hot requests: POST of a prediction by a program. It calls the same routes,
 * schema, checks and error translation as the plugins do, only without a web `Request`, its streams
 * and abort signals in between, which cost more than a cached prediction. Whatever is out of the
 * ordinary (browsers of other origins, streams, invalid operations) goes the long way and gets the
 * answer of the plugins; tests hold both ways against each other.
 */
export function createDirectLane(options: DirectLaneOptions) {
  const { logger, graphql, rest, restPaths, plugins } = options;
  const accessLogger = createAccessLogger(logger);
  return (req: IncomingMessage, res: ServerResponse): void => {
    const path = pathOf(req);
    const isGraphQL = path === GRAPHQL_PATH;
    if (req.method !== 'POST' || !(isGraphQL || restPaths.has(path)) || !isPlain(req, isGraphQL)) {
      void plugins(req, res);
      return;
    }
    const exchange = new DirectExchange(req, res, accessLogger);
    const handle = isGraphQL ? graphql : rest;
    handle(exchange).then(
      (handled) => {
        if (handled) return;
        exchange.handOver();
        void plugins(req, res);
      },
      (error: unknown) => {
        logger.error({ requestId: exchange.requestId, err: error }, 'request failed');
        res.destroy();
      },
    );
  };
}

/** Whether a request needs nothing of what only the plugins do: CORS, streams, other media types. */
function isPlain({ headers }: IncomingMessage, isGraphQL: boolean): boolean {
  if (headers.origin !== undefined || headers.expect !== undefined) return false;
  if (!isGraphQL) return true;
  const { accept } = headers;
  return accept === undefined || accept === '*/*' || accept === 'application/json';
}
