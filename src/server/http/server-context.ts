import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';

/**
 * What travels with one HTTP request. Yoga makes the object anew for each request; the first plugin
 * (request-id) fills in what is ours.
 */
export interface ServerContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Name of the request in logs and in the header `X-Request-Id`. */
  requestId: string;
  /** Name of the GraphQL operation, once it is known. */
  operationName?: string;
}

/** A Yoga plugin of this server. */
export type ServerPlugin = Plugin<object, ServerContext, object>;

/** Where GraphQL answers. */
export const GRAPHQL_PATH = '/graphql';

/** Path of a request without its query string. */
export function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/';
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
