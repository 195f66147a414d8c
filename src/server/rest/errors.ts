import { badInput, type ServiceError } from '../../errors.ts';
import { describeIssues, toProblems } from '../../issues.ts';
import type { z } from 'zod';
import type { RestResponse } from './route.ts';

/** The body of an error: `{"error": {"code", "message", "details"?}}`. */
export function toErrorBody(error: ServiceError): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.details && { details: error.details }),
    },
  };
}

/** A registry error as an answer, with `Retry-After` where a retry makes sense. */
export function toErrorResponse(
  error: ServiceError,
  headers: Readonly<Record<string, string>> = {},
): RestResponse {
  return {
    status: error.status,
    headers: {
      'Cache-Control': 'no-store',
      ...(error.retryAfterSeconds !== undefined && {
        'Retry-After': String(Math.ceil(error.retryAfterSeconds)),
      }),
      ...headers,
    },
    body: toErrorBody(error),
  };
}

/** What zod found wrong as a `BAD_USER_INPUT` that names each field. */
export function toInputError(error: z.ZodError): ServiceError {
  return badInput(describeIssues(error.issues, 'body'), {
    problems: toProblems(error.issues),
  });
}
