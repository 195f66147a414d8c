import { credential, wantCredential } from './credential.ts';
import type { Operation } from './operations.ts';

/** Where GraphQL answers, below whatever prefix the page was served at. */
export const GRAPHQL_URL = new URL('graphql', document.baseURI);

/** An error that the server answered, with its code. */
export class ApiError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

/**
 * Sends an operation over HTTP.
 *
 * @throws {ApiError} what the server answered, or `UNREACHABLE` where it did not
 */
export async function request<Result, Variables>(
  operation: Operation<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const key = credential();
  let response: Response;
  try {
    response = await fetch(GRAPHQL_URL, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ query: operation.text, variables }),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('The server does not answer.', 'UNREACHABLE');
  }
  if (response.status === 401) wantCredential(key);
  const answer = await parse<Result>(response);
  const [error] = answer.errors ?? [];
  if (error) throw new ApiError(error.message, error.extensions?.code ?? 'ERROR');
  if (!answer.data) throw new ApiError('The server sent no data.', 'ERROR');
  return answer.data;
}

async function parse<Result>(response: Response): Promise<Answer<Result>> {
  try {
    return (await response.json()) as Answer<Result>;
  } catch {
    throw new ApiError(`The server answered with status ${response.status}.`, 'ERROR');
  }
}
