import type { Logger } from 'pino';
import type { RestHandler } from '../rest/handler.ts';
import { abortSignalOf } from './abort-signal.ts';
import { sendDirect, type DirectHandler } from './direct-lane.ts';
import { readBody } from '../request-body.ts';

/** Answers REST routes straight from the socket; it can answer all of them. */
export function createDirectRest(
  handle: RestHandler,
  maxBodyBytes: number,
  logger: Logger,
): DirectHandler {
  return async (context, path) => {
    const startedAt = performance.now();
    const { req, res, requestId } = context;
    const { status, headers, body } = await handle({
      method: 'POST',
      path,
      search: req.url?.slice(path.length + 1) ?? '',
      header: (name) => {
        const value = req.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      readBody: () => readBody(req, maxBodyBytes),
      signal: abortSignalOf(res),
      requestId,
    });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    sendDirect(context, logger, path, startedAt, status, headers, text);
    return true;
  };
}
