import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../../src/errors.ts';
import type { MetricsSnapshot } from '../../../../src/services/metrics-snapshot.ts';
import { TEST_CALL } from '../../../support/test-call.ts';
import { type GraphQLSocket, openGraphQLSocket } from '../../../support/api/graphql-socket.ts';
import { startServer, type TestServer } from '../../../support/api/start-server.ts';

const METRICS = 'subscription { metrics { totalRequests } }';

/** The message that tells of so many requests. */
const told = (id: string, totalRequests: number) => ({
  id,
  type: 'next',
  payload: { data: { metrics: { totalRequests } } },
});

describe('subscriptions of several clients to the same', () => {
  let server: TestServer;
  const sockets: GraphQLSocket[] = [];
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) await socket[Symbol.asyncDispose]();
    await server.close();
  });

  const connect = async (): Promise<GraphQLSocket> => {
    const socket = await openGraphQLSocket(server.url);
    sockets.push(socket);
    return socket;
  };

  const emit = (snapshot: Partial<MetricsSnapshot>): void => {
    const whole = { ...server.services.metrics.snapshot(TEST_CALL), ...snapshot };
    for (const listener of server.services.listeners) listener(whole);
  };

  /** Makes one prediction, which the counters tell of. */
  const predict = () => server.post('/predict', { input: 'a' });

  it('are executed once, and each client gets the results under its own id', async () => {
    const [a, b] = [await connect(), await connect()];
    const long = 'ä'.repeat(40_000);
    a.subscribe('1', METRICS);
    b.subscribe('1', METRICS);
    b.subscribe(long, METRICS);
    expect(await a.next()).toEqual(told('1', 0));
    expect([await b.next(), await b.next()]).toEqual([told('1', 0), told(long, 0)]);
    expect(server.services.listeners.size).toBe(1);
    emit({ totalRequests: 5 });
    expect(await a.next()).toEqual(told('1', 5));
    expect([await b.next(), await b.next()]).toEqual([told('1', 5), told(long, 5)]);
  });

  it('tell a late joiner at once how things are now, and nobody else', async () => {
    const [a, b] = [await connect(), await connect()];
    a.subscribe('a', METRICS);
    expect(await a.next()).toEqual(told('a', 0));
    await predict();
    b.subscribe('b', METRICS);
    expect(await b.next()).toEqual(told('b', 1));
    expect(server.services.listeners.size).toBe(1);
    emit({ totalRequests: 2 });
    expect(await a.next()).toEqual(told('a', 2));
    expect(await b.next()).toEqual(told('b', 2));
  });

  it('go on when the first client leaves, and end with the last', async () => {
    const [a, b] = [await connect(), await connect()];
    a.subscribe('a', METRICS);
    await a.next();
    b.subscribe('b', METRICS);
    await b.next();
    a.socket.terminate();
    await once(a.socket, 'close');
    emit({ totalRequests: 3 });
    expect(await b.next()).toEqual(told('b', 3));
    const ended = once(server.services.events, 'unsubscribed');
    b.complete('b');
    await ended;
    expect(server.services.listeners.size).toBe(0);

    b.subscribe('b', METRICS);
    expect(await b.next()).toEqual(told('b', 0));
  });

  it('are not mixed where variables, documents or scopes differ', async () => {
    const subscribed: unknown[] = [];
    server.services.events.on('subscribed', (options) => subscribed.push(options));
    const client = await connect();
    const query =
      'subscription ($ms: Int, $model: String) { metrics(intervalMs: $ms, model: $model) { model } }';
    client.subscribe('1', query, { ms: 100, model: null });
    client.subscribe('2', query, { ms: 200, model: 'sentiment' });
    client.subscribe('3', query, { model: 'sentiment', ms: 200 });
    client.subscribe('4', 'subscription { metrics { model replicas } }');
    const answers = await Promise.all([1, 2, 3, 4].map(() => client.next()));
    const metrics = new Map(
      answers.map(({ id, payload }) => [
        id,
        (payload as { data: { metrics: object } }).data.metrics,
      ]),
    );
    expect(metrics.get('1')).toEqual({ model: null });
    expect(metrics.get('2')).toEqual({ model: 'sentiment' });
    expect(metrics.get('3')).toEqual({ model: 'sentiment' });
    expect(metrics.get('4')).toEqual({ model: null, replicas: 1 });
    expect(subscribed).toHaveLength(3);
  });

  it('are refused each with the same typed error', async () => {
    const [a, b] = [await connect(), await connect()];
    const query = 'subscription { metrics(model: "nope") { totalRequests } }';
    a.subscribe('a', query);
    b.subscribe('b', query);
    for (const [client, id] of [
      [a, 'a'],
      [b, 'b'],
    ] as const) {
      expect(await client.next()).toMatchObject({
        id,
        type: 'next',
        payload: { errors: [{ extensions: { code: 'MODEL_NOT_FOUND' } }] },
      });
      expect(await client.next()).toEqual({ id, type: 'complete' });
    }
  });

  it('fail alone where the execution for newcomers fails', async () => {
    const [a, b, c] = [await connect(), await connect(), await connect()];
    a.subscribe('a', METRICS);
    await a.next();
    const broken = vi.spyOn(server.services.metrics, 'subscribe').mockImplementationOnce(() => {
      throw new ServiceError('OVERLOADED', 'Not now.');
    });
    b.subscribe('b', METRICS);
    expect(await b.next()).toMatchObject({
      id: 'b',
      type: 'error',
      payload: [{ message: 'Not now.', extensions: { code: 'OVERLOADED' } }],
    });
    broken.mockRestore();
    c.subscribe('c', METRICS);
    await c.next();
    emit({ totalRequests: 4 });
    expect(await a.next()).toEqual(told('a', 4));
    expect(await c.next()).toEqual(told('c', 4));
  });

  it('reach all with the error of the execution that they share', async () => {
    const [a, b] = [await connect(), await connect()];
    vi.spyOn(server.services.metrics, 'subscribe').mockImplementation(() => {
      throw new TypeError('secret');
    });
    for (const client of [a, b]) {
      client.subscribe('1', METRICS);
      const message = await client.next();
      expect(message).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      });
      expect(JSON.stringify(message)).not.toContain('secret');
    }
    vi.restoreAllMocks();
    a.subscribe('1', METRICS);
    expect(await a.next()).toEqual(told('1', 0));
  });

  it.each([125, 126, 65_535, 65_536])('send messages of %i bytes whole', async (length) => {
    const client = await connect();
    const id = 'x'.repeat(length - JSON.stringify(told('', 0)).length);
    client.subscribe(id, METRICS);
    const message = await client.next();
    expect(message).toEqual(told(id, 0));
    expect(JSON.stringify(message)).toHaveLength(length);
  });

  it('hide what goes wrong in an event from all, and log it once', async () => {
    const [a, b] = [await connect(), await connect()];
    for (const client of [a, b]) {
      client.subscribe('1', 'subscription { metrics { avgLatencyMs } }');
      await client.next();
    }
    const latency = {
      get avgMs(): number {
        throw new TypeError('secret');
      },
    };
    emit({ latency: latency as MetricsSnapshot['latency'] });
    for (const client of [a, b]) {
      const message = await client.next();
      expect(message).toMatchObject({
        type: 'next',
        payload: {
          data: { metrics: { avgLatencyMs: null } },
          errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
        },
      });
      expect(JSON.stringify(message)).not.toContain('secret');
    }
    expect(server.log.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('end for everyone when the server shuts down', async () => {
    const clients = [await connect(), await connect(), await connect()];
    for (const client of clients) {
      client.subscribe('1', METRICS);
      await client.next();
    }
    const codes = clients.map(async ({ socket }) => (await once(socket, 'close'))[0] as number);
    await server.http.stopAccepting();
    await server.http.closeSockets();
    expect(await Promise.all(codes)).toEqual([1001, 1001, 1001]);
    expect(server.services.listeners.size).toBe(0);
  });

  it('do not wait for a client that does not read, which gets the newest result alone', async () => {
    const [quick, slow] = [await connect(), await connect()];
    const query = 'subscription { metrics { totalRequests model } }';
    for (const client of [quick, slow]) {
      client.subscribe('1', query);
      await client.next();
    }
    const totalOf = ({ payload }: { payload?: unknown }) =>
      (payload as { data: { metrics: { totalRequests: number } } }).data.metrics.totalRequests;
    slow.socket.pause();
    // Far more than the operating system keeps for a connection.
    const rounds = 30;
    const model = 'X'.repeat(1_000_000);
    for (let totalRequests = 1; totalRequests <= rounds; totalRequests++) {
      emit({ totalRequests, model });
      expect(totalOf(await quick.next())).toBe(totalRequests);
    }
    slow.socket.resume();
    const totals: number[] = [];
    while (totals.at(-1) !== rounds) totals.push(totalOf(await slow.next()));
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
    expect(totals.length).toBeLessThan(rounds);
  });

  it('count each against the limit of open subscriptions', async () => {
    await using small = await startServer({ maxSubscriptions: 2 });
    await using client = await openGraphQLSocket(small.url);
    for (const id of ['1', '2']) {
      client.subscribe(id, METRICS);
      await client.next();
    }
    client.subscribe('3', METRICS);
    expect(await client.next()).toMatchObject({
      id: '3',
      payload: { errors: [{ extensions: { code: 'OVERLOADED' } }] },
    });
    expect(await client.next()).toEqual({ id: '3', type: 'complete' });
    client.complete('1');
    client.subscribe('4', METRICS);
    expect(await client.next()).toMatchObject({ id: '4', payload: { data: {} } });
  });
});
