import { redactSecrets } from './redact-secrets.ts';

/**
 * The registry of every error that a client can see. Each API translates an entry to its own form
 * (GraphQL `extensions.code`, REST `{"error": …}`) and adds nothing.
 */

/** What the registry says of one code. */
export interface ErrorEntry {
  /** HTTP status on REST, and on GraphQL where the whole request is refused. */
  readonly status: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** What happened, and what the client may do. */
  readonly summary: string;
}

/** All error codes. Documented in docs/errors.md, which a test holds against this table. */
export const ERRORS = {
  BAD_USER_INPUT: {
    status: 400,
    retryable: false,
    summary: 'The input is invalid for the model or the API; the message says what is allowed.',
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    summary: 'Credentials are missing or invalid.',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    summary: 'The credentials do not permit this operation.',
  },
  NOT_FOUND: { status: 404, retryable: false, summary: 'There is no such route.' },
  MODEL_NOT_FOUND: {
    status: 404,
    retryable: false,
    summary: 'There is no such model or version; the message lists those that are served.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    summary: 'The route does not support this HTTP method; see the Allow header.',
  },
  CONFLICT: {
    status: 409,
    retryable: false,
    summary:
      'The change conflicts with what is being served, for example an incompatible signature. Fix the model, or use force.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: 'The request body exceeds MAX_BODY_BYTES; split the request.',
  },
  JSON_TOO_COMPLEX: {
    status: 400,
    retryable: false,
    summary:
      'The JSON of the body is nested too deeply, or has too many keys, objects or values; the message says what is allowed.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    retryable: true,
    summary: 'The request body arrived more slowly than MIN_BODY_RATE allows.',
  },
  ANSWER_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: 'The answer would be larger than the server sends; ask for less at a time.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    summary: 'The media type of the body is not supported; send application/json.',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    summary: 'This client has sent too many requests; retry after the time in Retry-After.',
  },
  COST_EXCEEDED: {
    status: 400,
    retryable: false,
    summary: 'The operation would cost more than MAX_QUERY_COST; ask for fewer rows or fields.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    // Clients of automatic persisted queries send the query again on seeing this in an answer.
    status: 200,
    retryable: true,
    summary: 'The hash of the persisted query is not known (yet); send it with the query.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    retryable: false,
    summary: 'Only trusted documents are answered; no queries can be registered.',
  },
  INFERENCE_FAILED: {
    status: 500,
    retryable: true,
    summary: 'The model failed on this input; other inputs are not affected.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    retryable: true,
    summary: 'An internal error; the log has the details under the request ID.',
  },
  MODEL_NOT_READY: {
    status: 503,
    retryable: true,
    summary: 'The model is still loading or failed to load; `health` says which and why.',
  },
  OVERLOADED: {
    status: 503,
    retryable: true,
    summary: 'The server or the queue of the model is full; retry after the time in Retry-After.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    retryable: true,
    summary: 'The prediction was not ready before the request timed out.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** Extra, client-safe facts about an error, such as the offending field. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** Options of {@link ServiceError}. */
export interface ServiceErrorOptions {
  /** Client-safe facts. */
  readonly details?: ErrorDetails;
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** What caused it; logged, never sent. */
  readonly cause?: unknown;
  /** Setting that bounds what was asked for; counted, never sent. */
  readonly limit?: string;
}

/**
 * The one error class of the server: a code of the registry and a message for the client. The message
 * and the texts of the details are cut to 500 characters each.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Setting whose bound was reached, for the metrics. */
  readonly limit: string | undefined;

  constructor(code: ErrorCode, message: string, options: ServiceErrorOptions = {}) {
    super(cutMessage(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.details = options.details && (cutDetail(options.details) as ErrorDetails);
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Longest message that a client is sent, in characters; some quote what it sent itself. */
const MAX_MESSAGE = 500;

/** Most items of a list in the details of an error. */
const MAX_DETAILS = 50;

/** Cuts a message to the length that clients are sent; a key that it quotes is left out. */
export function cutMessage(message: string): string {
  const text = redactSecrets(message);
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1)}…`;
}

/** Cuts the texts and lists in the details of an error, which may quote what the client sent. */
function cutDetail(value: unknown): unknown {
  if (typeof value === 'string') return cutMessage(value);
  if (Array.isArray(value)) return value.slice(0, MAX_DETAILS).map(cutDetail);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cutDetail(member)]));
}

/** Short for a {@link ServiceError} with code `BAD_USER_INPUT`. */
export function badInput(message: string, details?: ErrorDetails): ServiceError {
  return new ServiceError('BAD_USER_INPUT', message, details ? { details } : {});
}

/** Message that stands for anything unexpected, so that no internals leak. */
export const MASKED_MESSAGE =
  'Internal server error. The log has the details under the request id.';

/** Turns anything thrown into a {@link ServiceError}; what is not of the registry is masked. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  return new ServiceError('INTERNAL_SERVER_ERROR', MASKED_MESSAGE, { cause: thrown });
}
