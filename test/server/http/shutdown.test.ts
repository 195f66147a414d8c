import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type LogLine, type TestServer } from '../../support/api/start-server.ts';

const PREDICT = {
  method: 'POST',
  path: '/predict',
  headers: { 'content-type': 'application/json' },
  chunks: ['{"input":"a"}'],
};

const isRequestOf = (path: string) => (line: LogLine) => line.path === path;

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

    await server.http.stopAccepting();
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
    await server.http.stopAccepting();
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
    await server.http.stopAccepting();
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
      await server.http.stopAccepting();
      const closed = once(socket, 'close');
      socket.write('Host: localhost\r\n\r\n');
      await closed;
      expect(received).toContain(`HTTP/1.1 ${status} `);
      expect(received.toLowerCase()).toContain('connection: close');
      release();
      expect((await busy).status).toBe(200);
    },
  );

  it('answers all requests that were sent one behind the other, the last with Connection: close', async () => {
    await using server = await startServer();
    const { started, release } = holdPredictions(server);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (part: string) => (received += part));
    const get = 'GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n';
    socket.write(
      `POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"input":"a"}${get}`,
    );
    await started;
    await server.http.stopAccepting();
    const closed = once(socket, 'close');
    socket.write(get + get);
    await vi.waitFor(() => expect(server.http.inFlight).toBe(4));
    release();
    await closed;
    expect(received.match(/HTTP\/1.1 200 OK/g)).toHaveLength(4);
    expect(received.toLowerCase().match(/connection: close/g)).toHaveLength(1);
    expect(received.toLowerCase().lastIndexOf('http/1.1')).toBeLessThan(
      received.toLowerCase().indexOf('connection: close'),
    );
  });

  it('leaves connections open that are idle until they have been silent for DRAIN_QUIET_MS', async () => {
    await using server = await startServer({ drainQuietMs: 600_000, shutdownTimeoutMs: 3_600_000 });
    const agent = new Agent({ keepAlive: true });
    await rawRequest(server.url, { path: '/models', agent });
    await server.http.stopAccepting();
    const drained = server.http.drain();
    const { status, headers } = await rawRequest(server.url, { path: '/models', agent });
    expect(status).toBe(200);
    expect(headers.connection).toBe('close');
    // Nobody is left who could ask: there is nothing to wait for.
    await drained;
    agent.destroy();
  });

  it('closes connections that stay idle', async () => {
    await using server = await startServer({ drainQuietMs: 100 });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.resume().write('GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await server.http.stopAccepting();
    await server.http.drain();
    await server.http.closeSockets();
    await closed;
  });

  it('reads and drops what comes after the last answer of a connection, which stays whole', async () => {
    await using server = await startServer();
    const { started, release } = holdPredictions(server);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    socket.setEncoding('utf8').on('data', (part: string) => {
      received += part;
      // As clients do that do not look at the header.
      socket.write('GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100));
    });
    socket.write(
      'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"input":"a"}',
    );
    await started;
    await server.http.stopAccepting();
    const ended = once(socket, 'end');
    release();
    await ended;
    expect(received.match(/HTTP\/1.1 /g)).toHaveLength(1);
    expect(errors).toEqual([]);
    expect(server.log.filter(isRequestOf('/models'))).toEqual([]);
  });

  it('accepts and answers who has connected by the time it is told to stop', async () => {
    await using server = await startServer();
    const port = Number(new URL(server.url).port);
    const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    const answers = sockets.map(async (socket) => {
      socket.write('GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n');
      let received = '';
      for await (const part of socket) received += String(part);
      return received.slice(0, 15);
    });
    // The kernel has connected them all before this turn of the event loop ends.
    const stopped = server.http.stopAccepting();
    expect(await Promise.all(answers)).toEqual(sockets.map(() => 'HTTP/1.1 200 OK'));
    await stopped;
  });

  it('closes at once where nothing runs, and twice does no harm', async () => {
    const server = await startServer();
    await fetch(`${server.url}/health`);
    await server.close();
    await server.close();
  });
});
