import { ServiceError } from '../../errors.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import type { HttpApi, HttpHandler } from '../http/http-router.ts';
import type { GraphQLApi } from './graphql-api.ts';
import { answerInJson, GRAPHQL_PATH, graphqlRefusal, wantsPlainJson } from './graphql-http.ts';
import type { GraphQLServer } from './yoga.ts';

/** GraphQL over HTTP: plain JSON at once, everything else (GET, SSE, other media types) by Yoga. */
export function createGraphQLHttpApi(api: GraphQLApi, yoga: GraphQLServer): HttpApi {
  const byYoga = async (call: ServerCall, exchange: Exchange): Promise<undefined> => {
    exchange.prepare();
    const { req, res } = exchange;
    await yoga(req, res, { exchange, call });
  };
  const handler: HttpHandler = {
    isProbe: false,
    isPublic: false,
    async answer(call, exchange) {
      if (exchange.method !== 'POST' && exchange.method !== 'GET') {
        return methodNotAllowed(call);
      }
      if (!wantsPlainJson(exchange)) return byYoga(call, exchange);
      return (await answerInJson(api, call, exchange)) ?? byYoga(call, exchange);
    },
  };
  return {
    name: 'graphql',
    find: ({ path }) => (path === GRAPHQL_PATH ? handler : undefined),
    refusal: graphqlRefusal,
  };
}

function methodNotAllowed(call: ServerCall): HttpAnswer {
  const error = new ServiceError('METHOD_NOT_ALLOWED', 'GraphQL answers to GET and POST.');
  call.fail(error);
  const { status, headers, body } = graphqlRefusal(error);
  return { status, headers: { ...headers, Allow: 'GET, POST' }, body };
}
