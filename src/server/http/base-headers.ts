/** Keeps browsers from guessing types, framing pages and telling where they came from. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
} as const;

/** Headers of answers that pages of other origins may read. */
const EXPOSED_HEADERS = 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, X-Query-Cost';

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
 * Headers of every answer, refusals at the door included, as a flat list of names and values.
 *
 * @param corsOrigin the origin whose pages may call, `*` for all, `undefined` for the own one only
 */
export function baseHeaders(corsOrigin: string | undefined): readonly string[] {
  const list = Object.entries<string>(SECURITY_HEADERS).flat();
  if (corsOrigin === undefined) return list;
  list.push('Access-Control-Allow-Origin', corsOrigin);
  list.push('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  if (corsOrigin !== '*') list.push('Vary', 'Origin');
  return list;
}

/** Headers of the answer to a preflight. */
export function preflightHeaders(corsOrigin: string | undefined): Readonly<Record<string, string>> {
  if (corsOrigin === undefined) return {};
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, OPTIONS',
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': MAX_AGE_SECONDS,
  };
}
