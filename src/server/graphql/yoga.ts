import type { ServerResponse } from 'node:http';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { CallContext, GraphQLContext } from '../../../schema/context.ts';
import type { Config } from '../../config.ts';
import type { Services } from '../../services/services.ts';
import { toServiceError } from '../../errors.ts';
import { createDocumentCache } from './document-cache.ts';
import { toRefusal, translate } from './graphql-errors.ts';
import type { OpenSubscriptions } from './open-subscriptions.ts';
import { useAccessLog } from '../http/access-log.ts';
import { useBroadcast } from './plugins/broadcast.ts';
import { useCors } from '../http/cors.ts';
import { useErrors } from './plugins/errors.ts';
import { useGraphQLRequest } from './plugins/graphql-request.ts';
import { useLimits } from './plugins/limits.ts';
import { useRequestId } from '../http/request-id.ts';
import { useRest } from '../rest/use-rest.ts';
import { useCurrentSchema } from './plugins/schema.ts';
import { useSecurityHeaders } from '../http/security-headers.ts';
import { useSubscriptions } from './plugins/subscriptions.ts';
import { readAssignmentKey } from '../http/assignment-key.ts';
import { parseTimeoutHeader } from '../http/request-timeout.ts';
import type { RestHandler } from '../rest/handler.ts';
import { GRAPHQL_PATH, type ServerContext, type ServerPlugin } from '../http/server-context.ts';

/** What {@link createGraphQLServer} needs. */
export interface GraphQLServerOptions {
  readonly config: Pick<Config, 'maxBodyBytes' | 'corsOrigin'>;
  readonly services: Services;
  readonly logger: Logger;
  /** The schema of the moment; may answer another one at any time. */
  readonly getSchema: () => GraphQLSchema;
  /** Answers what is not GraphQL. */
  readonly handleRest: RestHandler;
  readonly subscriptions: OpenSubscriptions;
  /** Called with the answer of each subscription over SSE. */
  readonly onStream: (res: ServerResponse) => void;
  /** Pages (GraphiQL, documentation, landing page), asked before REST. */
  readonly pages: readonly ServerPlugin[];
}

/** The Yoga server: GraphQL, and by its plugins everything else that HTTP brings. */
export type GraphQLServer = YogaServerInstance<ServerContext, GraphQLContext>;

/** What the context is made of: an HTTP request, or an operation over WebSocket. */
export type CallOrigin = Pick<ServerContext, 'requestId'> & {
  readonly req: ServerContext['req'];
  /** Of an operation over WebSocket. */
  readonly signal?: AbortSignal;
  readonly request?: Request;
};

/** Creates the Yoga server. */
export function createGraphQLServer(options: GraphQLServerOptions): GraphQLServer {
  const { config, services, logger } = options;
  return createYoga<ServerContext, GraphQLContext>({
    graphqlEndpoint: GRAPHQL_PATH,
    context: (origin) => ({ services, call: toCall(origin) }),
    parserAndValidationCache: {
      documentCache: createDocumentCache<DocumentNode>(),
      errorCache: createDocumentCache<Error>(),
    },
    // A net below the errors plugin, for what fails outside of an operation.
    maskedErrors: { maskError: (thrown) => translate(thrown).error },
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...args: unknown[]) => logger.warn({ details: args }, 'graphql server'),
      error: (thrown: unknown) => {
        const { defect } = translate(thrown);
        if (defect !== undefined) logger.error({ err: defect }, 'graphql request failed');
      },
    },
    // What plugins of ours do instead, by exact path and without wrapping the body in a stream:
    // Yoga's health check and GraphiQL answer to any URL that merely ends in their path.
    healthCheckEndpoint: '\0',
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false,
    batching: false,
    plugins: [
      // First, so that every answer and log line has the name of its request.
      useRequestId(),
      // Before anything that may answer, so that everything is logged.
      useAccessLog(logger),
      useSecurityHeaders(),
      // Before the faces: it answers preflights, and marks what they answer.
      useCors(config.corsOrigin),
      ...options.pages,
      // After the pages: it answers every path but GraphQL's, at the least with a 404.
      useRest(options.handleRest, config.maxBodyBytes),
      useGraphQLRequest(config.maxBodyBytes),
      useCurrentSchema(options.getSchema),
      useLimits(),
      // Before the errors, so that those of a refused subscription are cleaned too.
      useSubscriptions(options.subscriptions, options.onStream),
      useBroadcast(logger),
      useErrors(logger),
    ],
  });
}

function toCall({ req, requestId, signal, request }: CallOrigin): CallContext {
  try {
    return {
      id: requestId,
      signal: signal ?? request?.signal,
      timeoutMs: parseTimeoutHeader(req.headers['x-request-timeout-ms']),
      assignmentKey: readAssignmentKey(req.headers['x-assignment-key']),
    };
  } catch (thrown) {
    throw toRefusal(toServiceError(thrown));
  }
}
