import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const PREDICT = {
  method: 'POST',
  path: '/predict',
  headers: { 'content-type': 'application/json' },
  chunks: ['{"input":"a"}'],
};

/** Makes predictions wait until they are let go. */
function holdPredictions(server: TestServer): { started: Promise<unknown>; release: () => void } {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  server.services.state.beforePredict = () => held;
  return { started: once(server.services.events, 'predict'), release };
}

describe('a graceful shutdown', () => {
  it.each([
    ['REST', PREDICT],
    [
      'GraphQL',
      {
        ...PREDICT,
        path: '/graphql',
        chunks: ['{"query":"mutation { predict(input: {text: \\"a\\"}) { id } }"}'],
      },
    ],
  ])('answers what it has accepted over %s, then closes', async (_name, request) => {
    await using server = await startServer();
    const agent = new Agent({ keepAlive: true });
    const { started, release } = holdPredictions(server);
    const answer = rawRequest(server.url, { ...request, agent });
    await started;
    expect(server.http.inFlight).toBe(1);

    server.http.stopAccepting();
    await expect(rawRequest(server.url, { path: '/health' })).rejects.toThrow('ECONNREFUSED');
    let drained = false;
    const draining = server.http.drain().then(() => (drained = true));
    await Promise.resolve();
    expect(drained).toBe(false);

    release();
    const { status, headers } = await answer;
    expect(status).toBe(200);
    expect(headers.connection).toBe('close');
    await draining;
    expect(server.http.inFlight).toBe(0);
    agent.destroy();
  });

  it('answers a mutation over WebSocket before it closes', async () => {
    await using server = await startServer();
    const { started, release } = holdPredictions(server);
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const results = client.iterate({
      query: 'mutation { predict(input: {text: "a"}) { prediction } }',
    });
    const answer = results.next();
    await started;
    server.http.stopAccepting();
    const drained = server.http.drain();
    release();
    expect((await answer).value).toEqual({ data: { predict: { prediction: 'positive' } } });
    await drained;
    await client.dispose();
  });

  it('answers a request whose body comes after the shutdown has begun', async () => {
    await using server = await startServer();
    const { started, release } = holdPredictions(server);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (part: string) => (received += part));
    // Its headers have come before the shutdown began, its body has not.
    socket.write(
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"input"',
    );
    await vi.waitFor(() => expect(server.http.inFlight).toBe(1));
    server.http.stopAccepting();
    socket.write(':"a"}');
    await started;
    const closed = once(socket, 'close');
    release();
    await closed;
    expect(received).toContain('HTTP/1.1 200 OK');
    expect(received.toLowerCase()).toContain('connection: close');
  });

  it.each([
    ['/models', 200],
    ['/health', 200],
  ])(
    'answers %s with %i to a connection that opens its first request late',
    async (path, status) => {
      await using server = await startServer();
      const { started, release } = holdPredictions(server);
      const busy = server.post('/predict', { input: 'a' });
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let received = '';
      socket.setEncoding('utf8').on('data', (part: string) => (received += part));
      // A request has begun, so that the connection is not idle when the shutdown starts.
      socket.write(`GET ${path} HTTP/1.1\r\n`);
      await started;
      await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
      server.http.stopAccepting();
      const closed = once(socket, 'close');
      socket.write('Host: localhost\r\n\r\n');
      await closed;
      expect(received).toContain(`HTTP/1.1 ${status} `);
      expect(received.toLowerCase()).toContain('connection: close');
      release();
      expect((await busy).status).toBe(200);
    },
  );

  it('closes at once where nothing runs, and twice does no harm', async () => {
    const server = await startServer();
    await fetch(`${server.url}/health`);
    await server.close();
    await server.close();
  });
});
