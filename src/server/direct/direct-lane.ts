import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { logOnClose } from '../plugins/access-log.ts';
import { chooseRequestId } from '../plugins/request-id.ts';
import { SECURITY_HEADERS } from '../plugins/security-headers.ts';
import { GRAPHQL_PATH, pathOf, type ServerContext } from '../server-context.ts';

/** Answers one hot request; `false` hands it to the plugins, its body still to be had. */
export type DirectHandler = (context: ServerContext, path: string) => Promise<boolean>;

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
  return (req: IncomingMessage, res: ServerResponse): void => {
    const path = pathOf(req);
    const isGraphQL = path === GRAPHQL_PATH;
    if (req.method !== 'POST' || !(isGraphQL || restPaths.has(path)) || !isPlain(req, isGraphQL)) {
      void plugins(req, res);
      return;
    }
    const context: ServerContext = {
      req,
      res,
      requestId: chooseRequestId(req.headers['x-request-id']),
    };
    const handle = isGraphQL ? graphql : rest;
    handle(context, path).then(
      (handled) => {
        if (handled) return;
        // The plugins name the request themselves: they must come to the same name.
        req.headers['x-request-id'] = context.requestId;
        void plugins(req, res);
      },
      (error: unknown) => {
        logger.error({ requestId: context.requestId, err: error }, 'request failed');
        res.destroy();
      },
    );
  };
}

const FLAT_SECURITY_HEADERS = Object.entries(SECURITY_HEADERS).flat();

/** Sends an answer with the headers that every answer has, and logs it. */
export function sendDirect(
  context: ServerContext,
  logger: Logger,
  path: string,
  startedAt: number,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const { res } = context;
  if (res.destroyed) return;
  logOnClose(logger, context, path, startedAt);
  // A flat list spares Node the object and its checks: 6 of 42 µs of a cached prediction.
  const list = [
    ...FLAT_SECURITY_HEADERS,
    'X-Request-Id',
    context.requestId,
    'Content-Length',
    String(Buffer.byteLength(body)),
  ];
  if (!('Content-Type' in headers)) list.push('Content-Type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) list.push(name, value);
  res.writeHead(status, list);
  res.end(body);
}

/** Whether a request needs nothing of what only the plugins do: CORS, streams, other media types. */
function isPlain({ headers }: IncomingMessage, isGraphQL: boolean): boolean {
  if (headers.origin !== undefined || headers.expect !== undefined) return false;
  if (!isGraphQL) return true;
  const { accept } = headers;
  return accept === undefined || accept === '*/*' || accept === 'application/json';
}
