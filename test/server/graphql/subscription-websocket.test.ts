import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TEST_CALL } from '../../support/test-call.ts';
import { openGraphQLSocket } from '../../support/api/graphql-socket.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('GraphQL over WebSocket', () => {
  let server: TestServer;
  let client: Client;
  beforeEach(async () => {
    server = await startServer({ maxSocketOperations: 2, maxBodyBytes: 10_000 });
    client = createClient({ url: socketUrl(), webSocketImpl: WebSocket, retryAttempts: 0 });
  });
  afterEach(async () => {
    await client.dispose();
    await server.close();
  });

  const socketUrl = () => `${server.url.replace('http', 'ws')}/graphql`;
  const METRICS = { query: 'subscription { metrics { totalRequests } }' };

  /** Opens a socket by hand. */
  const open = async (
    options: { protocol?: string; origin?: string; path?: string } = {},
  ): Promise<{ socket: WebSocket; closed: Promise<[number, Buffer]> }> => {
    const { protocol = 'graphql-transport-ws', origin, path = '' } = options;
    const socket = new WebSocket(socketUrl() + path, protocol, origin ? { origin } : {});
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    closed.catch(() => undefined);
    await once(socket, 'open');
    return { socket, closed };
  };

  /** Waits until the server has taken the introduction. */
  const introduce = async (socket: WebSocket): Promise<void> => {
    const acknowledged = once(socket, 'message');
    socket.send('{"type":"connection_init"}');
    await acknowledged;
  };

  it('sends snapshots and ends on the server when the client completes', async () => {
    const results = client.iterate(METRICS);
    expect((await results.next()).value).toEqual({ data: { metrics: { totalRequests: 0 } } });
    const snapshot = { ...server.services.metrics.snapshot(TEST_CALL), totalRequests: 3 };
    for (const listener of server.services.listeners) listener(snapshot);
    expect((await results.next()).value).toEqual({ data: { metrics: { totalRequests: 3 } } });
    const ended = once(server.services.events, 'unsubscribed');
    await results.return?.();
    await ended;
    expect(server.services.listeners.size).toBe(0);
  });

  it('ends every subscription when the socket breaks off', async () => {
    const subscribed = once(server.services.events, 'subscribed');
    const { socket } = await open();
    await introduce(socket);
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: METRICS }));
    await subscribed;
    const ended = once(server.services.events, 'unsubscribed');
    socket.terminate();
    await ended;
    expect(server.services.listeners.size).toBe(0);
  });

  it('answers queries and mutations, with the same errors as HTTP', async () => {
    const good = client.iterate({
      query: 'mutation { predict(input: {text: "a"}) { prediction } }',
    });
    expect((await good.next()).value).toEqual({ data: { predict: { prediction: 'positive' } } });
    const bad = client.iterate({ query: 'mutation { predict(input: {text: ""}) { prediction } }' });
    expect((await bad.next()).value).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it.each([
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['subscription { metrics(intervalMs: 1) { timestamp } }', 'BAD_USER_INPUT'],
  ])('refuses %s with its code alone', async (query, code) => {
    const failure = (await client
      .iterate({ query })
      .next()
      .then(
        ({ value }) => (value as { errors: unknown }).errors,
        (thrown: unknown) => thrown,
      )) as { extensions: unknown }[];
    expect(failure[0]?.extensions).toEqual({ code });
  });

  it('hides and logs what is unexpected', async () => {
    server.services.state.beforePredict = () => {
      throw new TypeError('secret');
    };
    const results = client.iterate({ query: 'mutation { predict(input: {text: "a"}) { id } }' });
    const result: unknown = await results.next();
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(server.log.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('refuses more subscriptions on one socket than are allowed', async () => {
    const first = client.iterate(METRICS);
    const second = client.iterate(METRICS);
    await Promise.all([first.next(), second.next()]);
    await expect(client.iterate(METRICS).next()).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
  });

  it('aborts what runs when the socket closes', async () => {
    const aborted = new Promise<void>((resolve) => {
      server.services.state.beforePredict = ({ signal }) =>
        new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => {
            resolve();
            reject(new Error('gone'));
          });
          server.services.events.emit('waiting');
        });
    });
    const waiting = once(server.services.events, 'waiting');
    const { socket } = await open();
    await introduce(socket);
    const payload = { query: 'mutation { predict(input: {text: "a"}) { id } }' };
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
    await waiting;
    socket.terminate();
    await aborted;
  });

  it.each([
    ['a message that is too large', 'x'.repeat(10_001), 1009],
    ['what is no message', 'hello', 4400],
    [
      'a subscription before the introduction',
      '{"type":"subscribe","id":"1","payload":{"query":"{__typename}"}}',
      4401,
    ],
  ])('closes on %s', async (_name, message, code) => {
    const { socket, closed } = await open();
    socket.send(message);
    expect((await closed)[0]).toBe(code);
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it.each([
    ['another path', { path: '/x' }, 404],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
  ])('refuses %s', async (_name, options, status) => {
    await expect(open(options)).rejects.toThrow(String(status));
  });

  it('says 1001 at once when the server goes away, to a subscription too, which is not complete', async () => {
    await using client = await openGraphQLSocket(server.url);
    client.subscribe('1', 'subscription { metrics { timestamp } }');
    expect((await client.next()).type).toBe('next');
    const received: string[] = [];
    client.socket.on('message', (data: Buffer) => received.push(data.toString()));
    const closed = once(client.socket, 'close');
    await server.http.stopAccepting();
    expect((await closed)[0]).toBe(1001);
    expect(received.filter((message) => message.includes('complete'))).toEqual([]);
  });

  it('answers what it has begun before it says 1001, and begins nothing new', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.services.state.beforePredict = () => held;
    await using client = await openGraphQLSocket(server.url);
    let predictions = 0;
    server.services.events.on('predict', () => predictions++);
    const started = once(server.services.events, 'predict');
    client.subscribe('1', 'mutation { predict(input: {text: "a"}) { prediction } }');
    await started;
    await server.http.stopAccepting();
    const closed = once(client.socket, 'close');
    client.subscribe('2', 'mutation { predict(input: {text: "b"}) { prediction } }');
    const pong = once(client.socket, 'pong');
    client.socket.ping();
    // It has read what was sent before.
    await pong;
    release();
    expect(await client.next()).toMatchObject({ type: 'next', id: '1' });
    expect(await client.next()).toMatchObject({ type: 'complete', id: '1' });
    expect((await closed)[0]).toBe(1001);
    await expect(client.next()).rejects.toThrow('closed');
    expect(predictions).toBe(1);
  });

  it('says 1001 when the server goes away, and takes no more', async () => {
    const { closed } = await open();
    await server.http.stopAccepting();
    await server.http.drain();
    await server.http.closeSockets();
    expect((await closed)[0]).toBe(1001);
    await expect(open()).rejects.toThrow();
  });
});
