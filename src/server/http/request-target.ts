import type { IncomingMessage } from 'node:http';
import { badInput } from '../../errors.ts';

/** Paths that are part of every valid URL. */
const PLAIN_TARGET = /^\/(?:[\w.-][\w./-]*)?$/;

/** Clients behind one proxy all send the same `Host`: the last valid one. */
let validHost = 'localhost';

/**
 * Path of a request, without its query string. A target in absolute form, as clients send it to a
 * proxy, is brought to the usual form first (RFC 9112, section 3.2.2).
 *
 * @throws {ServiceError} `BAD_USER_INPUT` for a target or a `Host` that make no URL
 */
export function readTarget(req: IncomingMessage): string {
  const { host = 'localhost' } = req.headers;
  const target = req.url ?? '/';
  if (host === validHost && PLAIN_TARGET.test(target)) return target;
  const url = parse(target, host);
  if (!url) throw badInput('The request target or the Host header is not valid.');
  validHost = host;
  if (!target.startsWith('/')) req.url = url.pathname + url.search;
  return pathOf(req.url ?? '/');
}

function parse(target: string, host: string): URL | undefined {
  const isAbsolute = /^https?:\/\//i.test(target);
  if (!isAbsolute && !target.startsWith('/')) return undefined;
  // Two slashes would be read as the beginning of another host.
  const text = isAbsolute ? target : `http://${host}${target}`;
  return URL.canParse(text) && URL.canParse(`http://${host}`) ? new URL(text) : undefined;
}

function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}
