import type { ServerPlugin } from '../server-context.ts';

/** Headers that keep browsers from guessing types, framing pages and telling where they came from. */
export function useSecurityHeaders(): ServerPlugin {
  return {
    onRequest({ serverContext: { res } }) {
      res.setHeader('X-Content-Type-Options', 'nosniff');
      res.setHeader('X-Frame-Options', 'DENY');
      res.setHeader('Referrer-Policy', 'no-referrer');
    },
  };
}
