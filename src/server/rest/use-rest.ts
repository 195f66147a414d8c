import { readBody } from '../http/request-body.ts';
import type { RestHandler } from './handler.ts';
import { GRAPHQL_PATH, pathOf, type ServerPlugin } from '../http/server-context.ts';

/**
 * Answers every path that is not GraphQL's: by a REST route, or with a 404 in JSON.
 *
 * @param maxBodyBytes largest body
 */
export function useRest(handle: RestHandler, maxBodyBytes: number): ServerPlugin {
  return {
    async onRequest(event) {
      const { serverContext } = event;
      const { req } = serverContext;
      const path = pathOf(req);
      if (path === GRAPHQL_PATH) return;
      const { status, headers, body } = await handle({
        method: req.method ?? 'GET',
        path,
        search: req.url?.slice(path.length + 1) ?? '',
        header: (name) => {
          const value = req.headers[name];
          return Array.isArray(value) ? value.join(', ') : value;
        },
        readBody: () => readBody(req, maxBodyBytes),
        signal: event.request.signal,
        requestId: serverContext.requestId,
      });
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      event.endResponse(
        new event.fetchAPI.Response(text, {
          status,
          headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
        }),
      );
    },
  };
}
