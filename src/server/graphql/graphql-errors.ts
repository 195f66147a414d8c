import { GraphQLError } from 'graphql';
import { ERRORS, ServiceError, toServiceError } from '../../errors.ts';

/** Longest message of a GraphQL error; those of bad variables quote the whole value. */
const MAX_MESSAGE = 500;

/**
 * A registry error as a GraphQL error.
 *
 * @param at where in the operation it happened
 */
export function toGraphQLError(error: ServiceError, at?: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    ...place(at),
    extensions: {
      code: error.code,
      ...(error.details && { details: error.details }),
      ...(error.retryAfterSeconds !== undefined && {
        retryAfterSeconds: error.retryAfterSeconds,
      }),
    },
  });
}

/**
 * A registry error that refuses the whole request: answered with the HTTP status of the registry,
 * whatever the client accepts.
 */
export function toRefusal(error: ServiceError): GraphQLError {
  const refusal = toGraphQLError(error);
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(Math.ceil(error.retryAfterSeconds));
  }
  // Yoga takes `http` out again before it answers.
  refusal.extensions.http = { status: error.status, headers };
  return refusal;
}

/** An error as the client may see it, and the defect that it hides, if it is one. */
export interface Translation {
  readonly error: GraphQLError;
  /** To be logged; `undefined` where the client is told all. */
  readonly defect: unknown;
}

/** Turns whatever was thrown into an error of the registry. */
export function translate(thrown: unknown): Translation {
  const at = thrown instanceof GraphQLError ? thrown : undefined;
  const cause = rootCause(thrown);
  if (cause instanceof ServiceError) {
    const defect = cause.code === 'INTERNAL_SERVER_ERROR' ? (cause.cause ?? cause) : undefined;
    return { error: toGraphQLError(cause, at), defect };
  }
  if (cause instanceof GraphQLError && at) return { error: withCode(at), defect: undefined };
  return { error: toGraphQLError(toServiceError(cause), at), defect: cause };
}

function rootCause(thrown: unknown): unknown {
  let cause = thrown;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Gives an error that GraphQL or Yoga raised a code that clients know. */
function withCode(error: GraphQLError): GraphQLError {
  const { http } = error.extensions as { http?: { status?: number } };
  const code = codeOf(error, http?.status);
  if (code === error.extensions.code && error.message.length <= MAX_MESSAGE) return error;
  return new GraphQLError(shorten(error.message), {
    ...place(error),
    extensions: {
      ...error.extensions,
      code,
      // Bad variables come in a well-formed request: in application/json that is answered with 200.
      ...(http && error.extensions.code === undefined && { http: { ...http, spec: true } }),
    },
  });
}

function codeOf({ extensions: { code } }: GraphQLError, status: number | undefined): string {
  // Without a code: raised while executing, which is about the values of variables.
  if (typeof code !== 'string') return 'BAD_USER_INPUT';
  if (code !== 'BAD_REQUEST') return code;
  return status === ERRORS.METHOD_NOT_ALLOWED.status ? 'METHOD_NOT_ALLOWED' : 'BAD_USER_INPUT';
}

function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
}

function place(at: GraphQLError | undefined) {
  return at
    ? {
        nodes: at.nodes ?? null,
        source: at.source ?? null,
        positions: at.positions ?? null,
        path: at.path ?? null,
      }
    : {};
}
