/**
 * A small typed client for browsers and Node: operations that GraphQL Code Generator has typed, the
 * server's error codes, retries where they make sense, and trusted documents. Under 3 kB.
 */

/** Every code of an error; docs/errors.md explains them. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'MODEL_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'RATE_LIMITED'
  | 'INFERENCE_FAILED'
  | 'INTERNAL_SERVER_ERROR'
  | 'MODEL_NOT_READY'
  | 'OVERLOADED'
  | 'DEADLINE_EXCEEDED';

/** One error of a response. */
export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    /** A code of the server's; a later version may know more. */
    readonly code: ErrorCode | (string & {});
    readonly details?: Readonly<Record<string, unknown>>;
    readonly retryAfterSeconds?: number;
  };
}

/** An operation with the types of its result and variables, as the client preset generates it. */
export interface TypedOperation<Result, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Result;
  readonly __meta__?: Record<string, unknown> | undefined;
}

/** What comes back: data and errors stand side by side, since a field may fail alone. */
export interface Answer<Result> {
  readonly data: Result | null;
  readonly errors: readonly ResponseError[];
  /** Name of the request in the server's log. */
  readonly requestId: string | null;
}

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** Address of the endpoint, such as `https://models.example.com/graphql`. */
  readonly url: string;
  /** Headers of each request; a function is called anew each time, for tokens that expire. */
  readonly headers?:
    Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
  /** Further attempts after a failure that may pass. @default 2 */
  readonly retries?: number;
  /** Sends hashes instead of documents (`persistedDocuments` of the client preset). @default false */
  readonly trustedDocuments?: boolean;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/** Options of one request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Time that the server may take, in milliseconds; also sent to it. */
  readonly timeoutMs?: number;
}

/** Sends operations. */
export interface Client {
  /**
   * Sends an operation and gives data and errors.
   *
   * @throws {ModelApiError} where no answer came at all
   */
  send<Result, Variables>(
    operation: TypedOperation<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Answer<Result>>;
  /**
   * Sends an operation and gives its data.
   *
   * @throws {ModelApiError} for any error, also of one field
   */
  request<Result, Variables>(
    operation: TypedOperation<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
}

/** A request that failed. */
export class ModelApiError extends Error {
  override readonly name = 'ModelApiError';
  /** Code of the first error; `NETWORK_ERROR` where the server was not reached. */
  readonly code: ErrorCode | 'NETWORK_ERROR' | (string & {});
  /** All errors of the response. */
  readonly errors: readonly ResponseError[];
  /** What is there in spite of the errors. */
  readonly data: unknown;
  /** Name of the request in the server's log. */
  readonly requestId: string | null;

  constructor(answer: Answer<unknown>, cause?: unknown) {
    const [first] = answer.errors;
    super(first?.message ?? 'The server could not be reached.', { cause });
    this.code = first?.extensions.code ?? 'NETWORK_ERROR';
    this.errors = answer.errors;
    this.data = answer.data;
    this.requestId = answer.requestId;
  }
}

/** Failures that may pass: the server was busy, or not yet there. */
const RETRYABLE: ReadonlySet<string> = new Set(['OVERLOADED', 'MODEL_NOT_READY', 'RATE_LIMITED']);

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Makes a client. */
export function createClient(settings: ClientOptions): Client {
  const { url, retries = 2, trustedDocuments = false, fetch: send = globalThis.fetch } = settings;

  const attempt = async (body: string, options: RequestOptions): Promise<Answer<unknown>> => {
    const { headers = {} } = settings;
    const response = await send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(options.timeoutMs !== undefined && {
          'x-request-timeout-ms': String(options.timeoutMs),
        }),
        ...(typeof headers === 'function' ? await headers() : headers),
      },
      body,
      ...(options.signal && { signal: options.signal }),
    });
    const requestId = response.headers.get('x-request-id');
    const text = await response.text();
    try {
      const { data = null, errors = [] } = JSON.parse(text) as Partial<Answer<unknown>>;
      return { data, errors, requestId };
    } catch {
      // A proxy answered in the server's place.
      const message = `HTTP ${response.status} without a GraphQL response`;
      const code = response.status === 429 ? 'RATE_LIMITED' : 'OVERLOADED';
      const isBusy = [429, 502, 503, 504].includes(response.status);
      const extensions = { code: isBusy ? code : 'INTERNAL_SERVER_ERROR' };
      return { data: null, errors: [{ message, extensions }], requestId };
    }
  };

  const client: Client = {
    async send<Result, Variables>(
      operation: TypedOperation<Result, Variables>,
      variables: Variables,
      options: RequestOptions = {},
    ) {
      const hash = operation.__meta__?.hash;
      const isTrusted = trustedDocuments && typeof hash === 'string';
      const body = JSON.stringify({
        ...(isTrusted
          ? { documentId: hash.includes(':') ? hash : `sha256:${hash}` }
          : { query: operation.toString() }),
        variables,
      });
      for (let tries = 0; ; tries++) {
        let answer: Answer<unknown> = { data: null, errors: [], requestId: null };
        let cause: unknown;
        try {
          answer = await attempt(body, options);
        } catch (thrown) {
          if (options.signal?.aborted) throw thrown;
          cause = thrown;
        }
        const [first] = answer.errors;
        const mayPass = cause !== undefined || RETRYABLE.has(first?.extensions.code ?? '');
        if (!mayPass || answer.data || tries >= retries) {
          if (cause !== undefined) throw new ModelApiError(answer, cause);
          return answer as Answer<Result>;
        }
        const told = (first?.extensions.retryAfterSeconds ?? 0) * 1000;
        const wait = Math.max(told, FIRST_WAIT_MS * 2 ** tries * (0.5 + Math.random()));
        await pause(Math.min(wait, LONGEST_WAIT_MS), options.signal);
      }
    },
    async request(operation, variables, options) {
      const answer = await client.send(operation, variables, options);
      if (answer.errors.length > 0 || answer.data === null) throw new ModelApiError(answer);
      return answer.data;
    },
  };
  return client;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
