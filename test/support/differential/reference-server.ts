import { execute, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../../../schema/context.ts';
import { ServiceError, toServiceError } from '../../../src/errors.ts';
import type { Services } from '../../../src/services/services.ts';
import { TEST_CALL } from '../test-call.ts';
import type { GraphQLRequest, Outcome } from './outcome.ts';

/** A server that has nothing of ours but the schema and the services. */
export interface ReferenceServer {
  ask(request: GraphQLRequest): Promise<Outcome>;
}

/** Yoga would execute by graphql-tools, which takes an object with a field `then` for a promise. */
const useGraphQLJs: Plugin = {
  onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
};

/** Plain Yoga, which parses, validates and executes by graphql-js. */
export function createReference(schema: GraphQLSchema, services: Services): ReferenceServer {
  const context: GraphQLContext = { services, call: TEST_CALL };
  const yoga = createYoga({
    schema,
    context,
    graphiql: false,
    logging: false,
    plugins: [useGraphQLJs],
    maskedErrors: { maskError: (thrown) => restate(thrown as GraphQLError) },
  });
  return {
    async ask(request) {
      const response = await yoga.fetch('http://reference/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
      });
      return { status: response.status, json: await response.text() };
    },
  };
}

/** What docs/errors.md promises of an error that a resolver has thrown, in as few words as possible. */
function restate(error: GraphQLError): GraphQLError {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  if (cause instanceof GraphQLError) {
    // Yoga gives those of parsing and validation their codes; the others are about values.
    error.extensions.code ??= 'BAD_USER_INPUT';
    return error;
  }
  const { code, message, details } = cause instanceof ServiceError ? cause : toServiceError(cause);
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { code, ...(details && { details }) },
  });
}
