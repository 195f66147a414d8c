import { GraphQLError } from 'graphql';
import { MASKED_MESSAGE, ServiceError, toServiceError } from '../errors.ts';

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

/** Whether an error has been masked, so that only one place logs it. */
export function isMasked(error: GraphQLError): boolean {
  return error.message === MASKED_MESSAGE;
}

function rootCause(thrown: unknown): unknown {
  let cause = thrown;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Errors that GraphQL itself raises while it executes are about the values of variables. */
function withCode(error: GraphQLError): GraphQLError {
  const http = error.extensions.http as object | undefined;
  const known = typeof error.extensions.code === 'string';
  if (known && error.message.length <= MAX_MESSAGE) return error;
  return new GraphQLError(shorten(error.message), {
    ...place(error),
    extensions: {
      ...error.extensions,
      code: known ? error.extensions.code : 'BAD_USER_INPUT',
      // The request is well-formed: in application/json it is answered with 200.
      ...(http !== undefined && { http: { ...http, spec: true } }),
    },
  });
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
