import { randomUUID } from 'node:crypto';
import { SIX_DIGITS, sixHexDigits } from '../../hex-digits.ts';
import type { ServerPlugin } from './server-context.ts';

/** 1 to 128 visible ASCII characters: safe in a header and in a log. */
const ACCEPTABLE = /^[\x21-\x7e]{1,128}$/;

// A UUID whose last digits count; the others are random for each process, and anew when all have
// been counted. As unique as one that is random all over, for a fraction of its cost.
let prefix = randomUUID().slice(0, -12);
let made = 0;

/** Takes the name of a request from its `X-Request-Id` where that is acceptable, else makes one. */
export function chooseRequestId(header: string | string[] | undefined): string {
  if (typeof header === 'string' && ACCEPTABLE.test(header)) return header;
  if (made === SIX_DIGITS) {
    made = 0;
    prefix = randomUUID().slice(0, -12);
  }
  return `${prefix}000000${sixHexDigits(made++)}`;
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
