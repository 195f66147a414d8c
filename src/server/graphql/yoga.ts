import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { ServiceError, toServiceError } from '../../errors.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { RestHandler } from '../rest/handler.ts';
import { useRest } from '../rest/use-rest.ts';
import { toGraphQLError, translate } from './errors.ts';
import type { GraphQLAnswer, GraphQLApi } from './graphql-api.ts';
import { isSubscription } from './graphql-api.ts';
import { GRAPHQL_PATH, readOperation } from './graphql-http.ts';
import type { OperationParams } from './operation-params.ts';
import type { ResultStream } from './result-stream.ts';
import { useWritingInTurns } from './use-writing-in-turns.ts';
import type { ServerPlugin, YogaContext } from './yoga-context.ts';

/** What {@link createGraphQLServer} needs. */
export interface GraphQLServerOptions {
  readonly api: GraphQLApi;
  readonly logger: Logger;
  /** Answers what is not GraphQL. */
  readonly handleRest: RestHandler;
  /** Called with the call of each subscription over SSE. */
  readonly onStream: (call: ServerCall) => void;
}

/** The Yoga server: GraphQL, and by its plugins the REST routes. */
export type GraphQLServer = YogaServerInstance<YogaContext, object>;

/**
 * Creates the Yoga server. It negotiates media types and writes streams; what an operation is
 * answered with comes from the same {@link GraphQLApi} as for every other transport.
 */
export function createGraphQLServer(options: GraphQLServerOptions): GraphQLServer {
  const { api, logger } = options;
  return createYoga<YogaContext, object>({
    graphqlEndpoint: GRAPHQL_PATH,
    // The errors are those of the API already.
    maskedErrors: {
      maskError: (thrown) =>
        thrown instanceof GraphQLError && thrown.extensions.http !== undefined
          ? thrown
          : translate(thrown).error,
    },
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...args: unknown[]) => logger.warn({ details: args }, 'graphql server'),
      error: (thrown: unknown) => {
        const { defect } = translate(thrown);
        if (defect !== undefined) logger.error({ err: defect }, 'graphql request failed');
      },
    },
    parserAndValidationCache: false,
    // What the HTTP server does instead, by exact path and without wrapping the body in a stream:
    // Yoga's health check and GraphiQL answer to any URL that merely ends in their path.
    healthCheckEndpoint: '\0',
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false,
    batching: false,
    extraParamNames: ['documentId'],
    plugins: [
      useRest(options.handleRest),
      useGraphQLApi(api, options.onStream),
      useWritingInTurns(),
    ],
  });
}

/** Lets the {@link GraphQLApi} read and answer every GraphQL request of Yoga. */
function useGraphQLApi(api: GraphQLApi, onStream: GraphQLServerOptions['onStream']): ServerPlugin {
  return {
    onRequestParse({ serverContext: { exchange }, setRequestParser }) {
      setRequestParser(async () => {
        try {
          return (await readOperation(exchange)) as never;
        } catch (thrown) {
          throw toHttpError(toServiceError(thrown));
        }
      });
    },
    onParams({ setParamsHandler }) {
      setParamsHandler(async ({ params, context }) => {
        const { call, exchange, res } = context as unknown as YogaContext;
        const prepared = await api.prepare(call, params as unknown as OperationParams);
        if ('result' in prepared) return toYoga(prepared);
        if (!isSubscription(prepared)) {
          const isQuery = prepared.definition.operation === OperationTypeNode.QUERY;
          if (exchange.method === 'GET' && !isQuery) return toYoga(refuseGet(api, call));
          return toYoga(await api.run(call, prepared));
        }
        const answer = await api.subscribe(call, prepared);
        if ('result' in answer) return toYoga(answer);
        // No proxy may collect the events before it passes them on.
        if (!res.headersSent) res.setHeader('X-Accel-Buffering', 'no');
        onStream(call);
        return endWithErrors(answer.stream) as never;
      });
    },
  };
}

/** Over SSE a stream that fails ends with the error as its last result. */
function endWithErrors(stream: ResultStream): AsyncIterableIterator<ExecutionResult, undefined> {
  let failed = false;
  const iterator: AsyncIterableIterator<ExecutionResult, undefined> = {
    async next() {
      if (failed) return { done: true, value: undefined };
      try {
        return await stream.next();
      } catch (thrown) {
        failed = true;
        return { done: false, value: { errors: [translate(thrown).error] } };
      }
    },
    return: () => stream.return(),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

function refuseGet(api: GraphQLApi, call: ServerCall): GraphQLAnswer {
  return api.refuse(
    call,
    new ServiceError('METHOD_NOT_ALLOWED', 'Mutations must be sent by POST.'),
  );
}

/** Yoga takes `http` out of the extensions and answers with its status. */
function toYoga({ result, refusal }: GraphQLAnswer): ExecutionResult {
  if (refusal === undefined) return result;
  const http =
    refusal === 'request'
      ? // In application/json a well-formed request is answered with 200.
        { status: 400, spec: true }
      : refusal === 'operation'
        ? { status: 400 }
        : { status: refusal.status, headers: headersOf(refusal) };
  return { ...result, extensions: { ...result.extensions, http } };
}

function toHttpError(error: ServiceError) {
  const refusal = toGraphQLError(error);
  refusal.extensions.http = { status: error.status, headers: headersOf(error) };
  return refusal;
}

function headersOf({ code, retryAfterSeconds }: ServiceError): Record<string, string> {
  return {
    ...(retryAfterSeconds !== undefined && {
      'Retry-After': String(Math.ceil(retryAfterSeconds)),
    }),
    ...(code === 'METHOD_NOT_ALLOWED' && { Allow: 'POST' }),
  };
}
