import type { ErrorCode } from '../../errors.ts';

/**
 * Codes that GraphQL clients know for a request that is no operation of the schema, beside those of
 * the registry, and what the log says of each: messages may quote what the client has sent.
 */
export const GRAPHQL_CODES = {
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL, or exceeds a limit of documents.',
  GRAPHQL_VALIDATION_FAILED:
    'The document does not fit the schema, or exceeds a limit of documents.',
  OPERATION_RESOLUTION_FAILURE:
    'The document has no operation of that name, or several without one.',
} as const;

/** The code of an error as its caller is told it. */
export type CallCode = ErrorCode | keyof typeof GRAPHQL_CODES;

/** Whether a code is one of GraphQL's own. */
export function isGraphQLCode(code: unknown): code is keyof typeof GRAPHQL_CODES {
  return typeof code === 'string' && Object.hasOwn(GRAPHQL_CODES, code);
}
