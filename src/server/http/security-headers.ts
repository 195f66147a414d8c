import type { ServerPlugin } from './server-context.ts';

/** Sent with every answer. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
} as const;

/** Headers that keep browsers from guessing types, framing pages and telling where they came from. */
export function useSecurityHeaders(): ServerPlugin {
  return {
    onRequest({ serverContext: { res } }) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) res.setHeader(name, value);
    },
  };
}
