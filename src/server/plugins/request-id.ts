import { randomUUID } from 'node:crypto';
import type { ServerPlugin } from '../server-context.ts';

/** 1 to 128 visible ASCII characters: safe in a header and in a log. */
const ACCEPTABLE = /^[\x21-\x7e]{1,128}$/;

/** Takes the name of a request from its `X-Request-Id` where that is acceptable, else makes one. */
export function chooseRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && ACCEPTABLE.test(header) ? header : randomUUID();
}

/** Names each request and tells the client the name in `X-Request-Id`. */
export function useRequestId(): ServerPlugin {
  return {
    onRequest({ serverContext }) {
      const { req, res } = serverContext;
      serverContext.requestId = chooseRequestId(req.headers['x-request-id']);
      res.setHeader('X-Request-Id', serverContext.requestId);
    },
  };
}
