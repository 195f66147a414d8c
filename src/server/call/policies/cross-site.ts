import { ServiceError } from '../../../errors.ts';
import type { Policy } from '../policy.ts';

/** Methods that change nothing. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what the pages of another site make a browser send, where it could change something or
 * open a socket: a foreign `Origin` that CORS does not allow, or `Sec-Fetch-Site: cross-site`.
 * Programs send neither.
 *
 * @param allowed the allowed origin, `*` for all, `undefined` for the server's own only
 */
export function refuseCrossSite(allowed: string | undefined): Policy {
  return {
    name: 'cross-site',
    exempt: { grpc: 'browsers do not speak it' },
    admit({ source }) {
      if (allowed === '*') return;
      const origin = source.header('origin');
      if (origin === undefined && source.header('sec-fetch-site') === undefined) return;
      // What only reads is protected by CORS itself: the page does not get to see the answer.
      if (source.transport === 'http' && SAFE_METHODS.has(source.method)) return;
      if (isForeign(source.header('sec-fetch-site'), origin, source.header('host'), allowed)) {
        throw new ServiceError(
          'FORBIDDEN',
          `Pages of ${nameOf(origin)} may not call the server; CORS_ORIGIN names the one that may. ` +
            'In development, start the server with CORS_ORIGIN set to the address of your page.',
        );
      }
    },
  };
}

/** An origin as it is told; `null` and what is too long have no name. */
function nameOf(origin: string | undefined): string {
  return origin === undefined || !URL.canParse(origin) || origin.length > 100
    ? 'this origin'
    : `the origin ${new URL(origin).origin}`;
}

/**
 * Whether a request was made by a page of another site that is not allowed.
 *
 * @param site header `Sec-Fetch-Site`
 * @param origin header `Origin`; only browsers send it
 * @param host header `Host`
 */
function isForeign(
  site: string | undefined,
  origin: string | undefined,
  host: string | undefined,
  allowed: string | undefined,
): boolean {
  // The browser itself vouches for these, also behind a proxy that changes the host.
  if (site === 'same-origin' || site === 'none') return false;
  if (origin !== undefined) {
    if (origin === allowed) return false;
    return !URL.canParse(origin) || new URL(origin).host !== host;
  }
  return site === 'cross-site';
}
