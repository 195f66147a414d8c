import type { GraphQLError } from 'graphql';
import type { ServiceError } from '../../errors.ts';
import { toServiceError } from '../../errors.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import { requireJson } from '../http/media-type.ts';
import { toGraphQLError } from './errors.ts';
import type { GraphQLAnswer, GraphQLApi } from './graphql-api.ts';
import { isSubscription } from './graphql-api.ts';
import { type OperationParams, readParams, readSearchParams } from './operation-params.ts';

/** Where GraphQL answers. */
export const GRAPHQL_PATH = '/graphql';

/** How GraphQL tells that a request is refused: as an error of the registry, with its status. */
export function graphqlRefusal(error: ServiceError): HttpAnswer {
  return {
    status: error.status,
    headers: retryHeaders(error),
    body: { errors: [toGraphQLError(error)] satisfies GraphQLError[] },
  };
}

/**
 * Reads the parameters of a GraphQL request: POST with a JSON body, or GET with a query string.
 *
 * @throws {ServiceError} what is wrong with the request
 */
export async function readOperation(exchange: Exchange): Promise<OperationParams> {
  if (exchange.method === 'GET') return readSearchParams(exchange.search, exchange.json);
  requireJson(exchange.header('content-type'), exchange.header('content-encoding'));
  return readParams(await exchange.readJson());
}

/**
 * Whether an answer in `application/json` is what the client wants: it can be written without Yoga,
 * which knows the other media types and streams.
 */
export function wantsPlainJson({ method, req }: Exchange): boolean {
  const { accept } = req.headers;
  return (
    method === 'POST' && (accept === undefined || accept === '*/*' || accept === 'application/json')
  );
}

/**
 * Answers a GraphQL request in `application/json`.
 *
 * @returns `undefined` for a subscription, which Yoga answers (as a stream, or with 406)
 */
export async function answerInJson(
  api: GraphQLApi,
  call: ServerCall,
  exchange: Exchange,
): Promise<HttpAnswer | undefined> {
  let params: OperationParams;
  try {
    params = await readOperation(exchange);
  } catch (thrown) {
    const error = toServiceError(thrown);
    call.fail(error);
    return graphqlRefusal(error);
  }
  const pending = api.prepare(call, params);
  // Most documents are known at once: a turn is spared.
  const prepared = pending instanceof Promise ? await pending : pending;
  if ('result' in prepared) return toHttp(prepared);
  if (isSubscription(prepared)) return undefined;
  return toHttp(await api.run(call, prepared));
}

function toHttp({ result, refusal }: GraphQLAnswer): HttpAnswer {
  // Where GraphQL itself refuses, application/json is answered with 200 all the same:
  // https://graphql.github.io/graphql-over-http/draft/#sec-application-json
  if (refusal === undefined || refusal === 'request') {
    return { status: 200, headers: {}, body: result };
  }
  if (refusal === 'operation') return { status: 400, headers: {}, body: result };
  return { status: refusal.status, headers: retryHeaders(refusal), body: result };
}

function retryHeaders({ retryAfterSeconds }: ServiceError): Record<string, string> {
  if (retryAfterSeconds === undefined) return {};
  return { 'Retry-After': String(Math.ceil(retryAfterSeconds)) };
}
