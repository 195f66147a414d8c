import type { RestHandler } from '../rest/handler.ts';
import type { DirectHandler } from './direct-path.ts';
import { readBody } from './request-body.ts';

/** Answers REST routes straight from the socket; it can answer all of them. */
export function createDirectRest(handle: RestHandler, maxBodyBytes: number): DirectHandler {
  return async (exchange) => {
    const { req, path, requestId } = exchange;
    const { status, headers, body } = await handle({
      method: 'POST',
      path,
      search: req.url?.slice(path.length + 1) ?? '',
      header: (name) => {
        const value = req.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      readBody: () => readBody(req, maxBodyBytes),
      signal: exchange,
      requestId,
    });
    exchange.send(status, headers, typeof body === 'string' ? body : JSON.stringify(body));
    return true;
  };
}
