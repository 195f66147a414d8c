import { jsonInTurns } from '../../json/json-writer.ts';
import { GRAPHQL_PATH } from '../graphql/graphql-http.ts';
import type { ServerPlugin } from '../graphql/yoga-context.ts';
import type { RestHandler } from './handler.ts';

/**
 * Answers every path that is not GraphQL's: by a REST route, or with a 404 in JSON. It is the same
 * handler that the HTTP server calls directly.
 */
export function useRest(handle: RestHandler): ServerPlugin {
  return {
    async onRequest(event) {
      const { call, exchange } = event.serverContext;
      if (exchange.path === GRAPHQL_PATH) return;
      const { status, headers, body } = await handle(call, exchange);
      const isBytes = typeof body === 'string' || body instanceof Uint8Array;
      event.endResponse(
        new event.fetchAPI.Response(
          isBytes ? (body as string) : (await jsonInTurns(body)).toString(),
          {
            status,
            headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
          },
        ),
      );
    },
  };
}
