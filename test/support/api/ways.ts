import { once } from 'node:events';
import type { ServiceError as GrpcError } from '@grpc/grpc-js';
import { WebSocket } from 'ws';
import { ERRORS, type ErrorCode } from '../../../src/errors.ts';
import type { Transport } from '../../../src/services/call.ts';
import { GrpcClient } from '../oip.ts';
import { readEvents } from './sse.ts';
import type { TestServer } from './start-server.ts';

/** What a caller was told. */
export interface WayAnswer {
  /** HTTP status, or that of the error's code in the registry. */
  readonly status: number;
  /** Code of the error; `undefined` where there is none, or the API tells none. */
  readonly code: string | undefined;
}

/** A client that has connected. */
export interface WayClient extends AsyncDisposable {
  ask(): Promise<WayAnswer>;
}

/** One way in which calls reach the server. */
export interface Way {
  readonly name: string;
  readonly transport: Transport;
  /** What the access log calls the path. */
  readonly path: string;
  /** Whether it could change something, as far as a browser is concerned. */
  readonly isUnsafe: boolean;
  /** Whether it predicts. */
  readonly predicts: boolean;
  /** @param headers metadata over gRPC */
  connect(server: TestServer, headers?: Readonly<Record<string, string>>): Promise<WayClient>;
}

const PREDICT = 'mutation { predict(input: { text: "a" }) { prediction } }';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Every way, over HTTP by each API, over WebSocket and over gRPC. */
export const WAYS: readonly Way[] = [
  httpWay('REST', '/predict', {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ input: 'a' }),
  }),
  httpWay('GraphQL by POST', '/graphql', graphqlPost('application/json')),
  httpWay(
    'GraphQL by POST, in the newer media type',
    '/graphql',
    graphqlPost('application/graphql-response+json'),
  ),
  httpWay('GraphQL over SSE', '/graphql', graphqlPost('text/event-stream')),
  {
    ...httpWay('GraphQL by GET', '/graphql', { headers: { accept: 'application/json' } }),
    connect: (server, headers) =>
      connectHttp(`${server.url}/graphql?query={health{status}}`, {
        headers: { accept: 'application/json', ...headers },
      }),
    isUnsafe: false,
    predicts: false,
  },
  {
    ...httpWay('pages', '/openapi.json', {}),
    isUnsafe: false,
    predicts: false,
  },
  {
    ...httpWay('the inference protocol over HTTP', '/v2/repository/index', {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{}',
    }),
    predicts: false,
  },
  {
    name: 'GraphQL over WebSocket',
    transport: 'websocket',
    path: '/graphql',
    isUnsafe: true,
    predicts: true,
    connect: connectSocket,
  },
  {
    name: 'the inference protocol over gRPC',
    transport: 'grpc',
    path: '/inference.GRPCInferenceService/RepositoryIndex',
    isUnsafe: true,
    predicts: false,
    connect: connectGrpc,
  },
];

function graphqlPost(accept: string): RequestInit {
  return {
    method: 'POST',
    headers: { ...JSON_TYPE, accept },
    body: JSON.stringify({ query: PREDICT }),
  };
}

function httpWay(name: string, path: string, init: RequestInit): Way {
  return {
    name,
    transport: 'http',
    path,
    isUnsafe: true,
    predicts: true,
    connect: (server, headers) =>
      connectHttp(server.url + path, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), ...headers },
      }),
  };
}

function connectHttp(url: string, init: RequestInit): Promise<WayClient> {
  return Promise.resolve({
    ask: async () => {
      const response = await fetch(url, init);
      let text = '';
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
        for await (const { data } of readEvents(response)) text += data;
      } else text = await response.text();
      return { status: response.status, code: codeIn(text) };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** Connects, or is refused. A socket that was closed for want of a credential asks in vain. */
async function connectSocket(
  server: TestServer,
  headers: Readonly<Record<string, string>> = {},
): Promise<WayClient> {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    { headers },
  );
  const refused = new Promise<WayAnswer>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, code: codeIn(text) }));
    });
    socket.on('close', (code) => {
      if (code === 4403) resolve({ status: 401, code: 'UNAUTHENTICATED' });
    });
  });
  const opened = (async () => {
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
  })();
  opened.catch(() => undefined);
  const refusal = await Promise.race([refused, opened]);
  let last = 0;
  return {
    ask: () => {
      if (refusal) return Promise.resolve(refusal);
      const id = String(++last);
      return new Promise<WayAnswer>((resolve, reject) => {
        socket.once('close', () => reject(new Error('the socket has closed')));
        socket.on('message', (data: Buffer) => {
          const text = data.toString('utf8');
          const message = JSON.parse(text) as { type: string; id?: string };
          if (message.id !== id || message.type === 'complete') return;
          const code = codeIn(text);
          const status = code === undefined ? 200 : ERRORS[code as ErrorCode].status;
          resolve({ status, code });
        });
        socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: PREDICT } }));
      });
    },
    async [Symbol.asyncDispose]() {
      if (refusal || socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.terminate();
      await closed;
    },
  };
}

function connectGrpc(
  { grpcPort }: TestServer,
  metadata: Readonly<Record<string, string>> = {},
): Promise<WayClient> {
  if (grpcPort === undefined) throw new Error('the server has no gRPC port');
  const client = new GrpcClient(grpcPort);
  return Promise.resolve({
    ask: async () => {
      try {
        await client.call('RepositoryIndex', {}, { metadata: { ...metadata } });
        return { status: 200, code: undefined };
      } catch (thrown) {
        const [code] = (thrown as GrpcError).metadata.get('error-code').map(String);
        if (code === undefined) throw thrown;
        return { status: ERRORS[code as ErrorCode].status, code };
      }
    },
    [Symbol.asyncDispose]: () => {
      client.close();
      return Promise.resolve();
    },
  });
}

function codeIn(text: string): string | undefined {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1];
}
