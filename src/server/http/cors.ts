import type { ServerPlugin } from './server-context.ts';

const ALLOWED_HEADERS = [
  'Content-Type',
  'Accept',
  'Authorization',
  'Cache-Control',
  'X-API-Key',
  'X-Assignment-Key',
  'X-Request-Id',
  'X-Request-Timeout-Ms',
].join(', ');

/** Browsers may keep the answer to a preflight this long, in seconds. */
const MAX_AGE_SECONDS = '600';

/**
 * Lets pages of `origin` call the server. Without it no header is sent, and browsers let only the
 * server's own pages call.
 *
 * @param origin one origin, or `*` for all
 */
export function useCors(origin: string | undefined): ServerPlugin {
  return {
    onRequest(event) {
      const { req, res } = event.serverContext;
      if (origin !== undefined) {
        res.setHeader('Access-Control-Allow-Origin', origin);
        res.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After');
        if (origin !== '*') res.setHeader('Vary', 'Origin');
      }
      const isPreflight =
        req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined;
      if (!isPreflight) return;
      if (origin !== undefined) {
        res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, OPTIONS');
        res.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
        res.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
      }
      event.endResponse(new event.fetchAPI.Response(null, { status: 204 }));
    },
  };
}
