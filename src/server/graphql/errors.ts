import { GraphQLError } from 'graphql';
import { DocumentLimitError } from './document-limits.ts';
import { cutMessage, type ErrorCode, ERRORS, ServiceError, toServiceError } from '../../errors.ts';

/** Most errors that are listed in one answer. */
export const MAX_ERRORS = 10;

/**
 * A registry error as a GraphQL error.
 *
 * @param at where in the operation it happened
 */
export function toGraphQLError(error: ServiceError, at?: GraphQLError): GraphQLError {
  return new GraphQLError(cutMessage(error.message), {
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

/** Gives an error that GraphQL raised a code that clients know. */
function withCode(error: GraphQLError): GraphQLError {
  const { http, ...others } = error.extensions;
  const code = codeOf(error, (http as { status?: number } | undefined)?.status);
  const message = cutMessage(error.message);
  if (code === error.extensions.code && message === error.message && http === undefined) {
    return error;
  }
  return new GraphQLError(message, { ...place(error), extensions: { ...others, code } });
}

function codeOf({ extensions: { code } }: GraphQLError, status: number | undefined): string {
  // Without a code: raised while executing, which is about the values of variables.
  if (typeof code !== 'string') return 'BAD_USER_INPUT';
  if (code !== 'BAD_REQUEST') return code;
  return status === ERRORS.METHOD_NOT_ALLOWED.status ? 'METHOD_NOT_ALLOWED' : 'BAD_USER_INPUT';
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

/**
 * A failure in the terms of the registry, for the log and the metrics.
 *
 * @param thrown what it was made of
 */
export function toRegistryError(
  { message, extensions: { code } }: GraphQLError,
  thrown: unknown,
): ServiceError {
  const known = typeof code === 'string' && code in ERRORS ? (code as ErrorCode) : 'BAD_USER_INPUT';
  return new ServiceError(known, message, limitOf(rootCause(thrown)));
}

function limitOf(cause: unknown): { readonly limit?: string } {
  const isBound = cause instanceof ServiceError || cause instanceof DocumentLimitError;
  return isBound && cause.limit !== undefined ? { limit: cause.limit } : {};
}
