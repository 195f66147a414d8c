import { type GraphQLSocket, openGraphQLSocket } from '../api/graphql-socket.ts';
import { readEvents } from '../api/sse.ts';
import type { GeneratedDocument } from './operation-writer.ts';
import type { GraphQLRequest, Outcome } from './outcome.ts';

/** One way to ask the server under test. */
export interface OwnWay {
  readonly name: string;
  /** Whether it takes operations of a kind. */
  takes(kind: GeneratedDocument['kind']): boolean;
  ask(request: GraphQLRequest): Promise<Outcome>;
}

/** Every way that GraphQL operations reach a server. */
export async function openOwnWays(
  url: string,
): Promise<AsyncDisposable & { readonly ways: readonly OwnWay[] }> {
  const socket = await openGraphQLSocket(url);
  const all = () => true;
  const ways: readonly OwnWay[] = [
    { name: 'POST', takes: all, ask: (request) => post(url, request, 'application/json') },
    {
      name: 'POST in the newer media type',
      takes: all,
      ask: (request) => post(url, request, 'application/graphql-response+json'),
    },
    { name: 'GET', takes: (kind) => kind === 'query', ask: (request) => get(url, request) },
    { name: 'SSE', takes: all, ask: (request) => streamed(url, request) },
    { name: 'WebSocket', takes: all, ask: overSocket(socket) },
  ];
  return { ways, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() };
}

function send(url: string, request: GraphQLRequest, accept: string): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(request),
  });
}

async function post(url: string, request: GraphQLRequest, accept: string): Promise<Outcome> {
  const response = await send(url, request, accept);
  return { status: response.status, json: await response.text() };
}

async function get(url: string, request: GraphQLRequest): Promise<Outcome> {
  const { query, operationName, variables } = request;
  const search = new URLSearchParams({
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables && { variables: JSON.stringify(variables) }),
  });
  const response = await fetch(`${url}/graphql?${search.toString()}`, {
    headers: { accept: 'application/json' },
  });
  return { status: response.status, json: await response.text() };
}

/** The only event of a stream that answers a query or mutation. */
async function streamed(url: string, request: GraphQLRequest): Promise<Outcome> {
  const response = await send(url, request, 'text/event-stream');
  let json = '';
  for await (const { event, data } of readEvents(response)) if (event === 'next') json += data;
  return { status: response.status, json };
}

function overSocket(socket: GraphQLSocket): OwnWay['ask'] {
  let last = 0;
  return async ({ query, variables, operationName }) => {
    const id = String(++last);
    socket.subscribe(id, query, variables, operationName);
    const message = await socket.next();
    // What refuses an operation as a whole comes as its errors, and ends it.
    if (message.type === 'error') {
      return { status: undefined, json: JSON.stringify({ errors: message.payload }) };
    }
    const { type } = await socket.next();
    if (message.type !== 'next' || type !== 'complete') {
      throw new Error(`expected next and complete, got ${message.type} and ${type}`);
    }
    return { status: undefined, json: JSON.stringify(message.payload) };
  };
}
