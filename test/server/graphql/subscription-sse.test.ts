import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_CALL } from '../../support/test-call.ts';
import { readEvents } from '../../support/api/sse.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const HEADERS = { 'content-type': 'application/json', accept: 'text/event-stream' };

describe('the metrics subscription over SSE', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ maxSubscriptions: 2 });
  });
  afterEach(() => server.close());

  const subscribe = (query: string, signal?: AbortSignal) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });

  const emit = (totalRequests: number): void => {
    const snapshot = { ...server.services.metrics.snapshot(TEST_CALL), totalRequests };
    for (const listener of server.services.listeners) listener(snapshot);
  };

  it('sends a snapshot at once and then each new one', async () => {
    const response = await subscribe('subscription { metrics { totalRequests } }');
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const events = readEvents(response);
    expect((await events.next()).value?.data).toBe('{"data":{"metrics":{"totalRequests":0}}}');
    emit(7);
    expect((await events.next()).value?.data).toBe('{"data":{"metrics":{"totalRequests":7}}}');
    await events.return(undefined);
  });

  it('hands on model and interval, one second unless told otherwise', async () => {
    const subscribed: unknown[] = [];
    server.services.events.on('subscribed', (options) => subscribed.push(options));
    for (const field of ['metrics', 'metrics(model: "sentiment", intervalMs: 100)']) {
      const events = readEvents(await subscribe(`subscription { ${field} { timestamp } }`));
      await events.next();
      await events.return(undefined);
    }
    expect(subscribed).toEqual([
      { model: undefined, intervalMs: 1000, scope: 'REPLICA' },
      { model: 'sentiment', intervalMs: 100, scope: 'REPLICA' },
    ]);
  });

  it('ends on the server when the client goes away while nothing is sent', async () => {
    const client = new AbortController();
    const response = await subscribe('subscription { metrics { timestamp } }', client.signal);
    await readEvents(response).next();
    expect(server.services.listeners.size).toBe(1);
    const ended = once(server.services.events, 'unsubscribed');
    client.abort();
    await ended;
    expect(server.services.listeners.size).toBe(0);
  });

  it('gives a slow client the newest snapshot and no backlog', async () => {
    const response = await subscribe('subscription { metrics { totalRequests } }');
    const events = readEvents(response);
    await events.next();
    for (let i = 1; i <= 5_000; i++) emit(i);
    const seen: number[] = [];
    for await (const { data } of events) {
      const { totalRequests } = (
        JSON.parse(data) as { data: { metrics: { totalRequests: number } } }
      ).data.metrics;
      seen.push(totalRequests);
      if (totalRequests === 5_000) break;
    }
    expect(seen.length).toBeLessThan(5);
  });

  it.each([
    ['intervalMs: 99', 'BAD_USER_INPUT'],
    ['intervalMs: 60001', 'BAD_USER_INPUT'],
    ['model: "nope"', 'MODEL_NOT_FOUND'],
  ])('refuses %s', async (argument, code) => {
    const response = await subscribe(`subscription { metrics(${argument}) { timestamp } }`);
    const { value } = await readEvents(response).next();
    expect(JSON.parse(value?.data ?? '')).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(server.services.listeners.size).toBe(0);
  });

  it('refuses more subscriptions than are allowed, and gives places back', async () => {
    const query = 'subscription { metrics { timestamp } }';
    const open = [readEvents(await subscribe(query)), readEvents(await subscribe(query))];
    for (const events of open) await events.next();
    const refused = await readEvents(await subscribe(query)).next();
    expect(JSON.parse(refused.value?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 5 } }],
    });
    const ended = once(server.services.events, 'unsubscribed');
    await open[0]?.return(undefined);
    await ended;
    const { value } = await readEvents(await subscribe(query)).next();
    expect(value?.data).toContain('timestamp');
  });

  it('ends with a complete event when the server shuts down', async () => {
    const events = readEvents(await subscribe('subscription { metrics { timestamp } }'));
    await events.next();
    expect(server.http.inFlight).toBe(0);
    await server.http.stopAccepting();
    await server.http.drain();
    const closing = server.http.closeSockets();
    expect((await events.next()).value?.event).toBe('complete');
    expect((await events.next()).done).toBe(true);
    await closing;
    expect(server.services.listeners.size).toBe(0);
  });
});
