/**
 * Whether a page of `origin` may open a WebSocket. Browsers do not ask for WebSockets as they do for
 * other requests to foreign sites; the server must look at the origin itself.
 *
 * @param origin header `Origin`; only browsers send it
 * @param host header `Host`
 * @param allowed the allowed origin, `*` for all, `undefined` for the own one only
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: string | undefined,
): boolean {
  if (origin === undefined || allowed === '*' || origin === allowed) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
