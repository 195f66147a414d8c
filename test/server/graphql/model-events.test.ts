import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { readEvents } from '../../support/api/sse.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const QUERY = `subscription ($model: String) {
  modelEvents(model: $model) { kind model version message timestamp }
}`;

describe('the subscription modelEvents', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const emit = (model: string, message: string) =>
    server.services.emitter.emit({ kind: 'LOADED', model, version: '2', message });
  const listeners = (count: number) =>
    vi.waitFor(() => expect(server.services.emitter.listeners).toBe(count));
  const overSse = (variables: object, signal?: AbortSignal) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: QUERY, variables }),
      ...(signal && { signal }),
    });

  it('goes over WebSocket, of one model or of all, and is cleaned up', async () => {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const all = client.iterate<{ modelEvents: { message: string } }>({ query: QUERY });
    const one = client.iterate<{ modelEvents: { message: string } }>({
      query: QUERY,
      variables: { model: 'broken' },
    });
    const next = [all.next(), one.next()];
    await listeners(2);
    emit('sentiment', 'first');
    emit('broken', 'second');
    const [first, second] = (await Promise.all(next)).map(
      ({ value }) => (value as ExecutionResult<{ modelEvents: { message: string } }>).data,
    );
    expect(first?.modelEvents).toMatchObject({
      kind: 'LOADED',
      model: 'sentiment',
      version: '2',
      message: 'first',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
    expect(second?.modelEvents.message).toBe('second');
    await all.return?.();
    await listeners(1);
    await client.dispose();
    await listeners(0);
  });

  it('goes over SSE, and is cleaned up when the client goes away', async () => {
    const gone = new AbortController();
    const response = await overSse({}, gone.signal);
    await listeners(1);
    emit('sentiment', 'over SSE');
    const { value } = await readEvents(response).next();
    expect(value?.data).toContain('"message":"over SSE"');
    gone.abort();
    await listeners(0);
  });

  it('gives a client that reads slowly the latest', async () => {
    const response = await overSse({});
    await listeners(1);
    for (let i = 0; i < 20_000; i++) emit('sentiment', `event ${i} ${'x'.repeat(200)}`);
    const seen: number[] = [];
    for await (const { data } of readEvents(response)) {
      seen.push(Number(/event (\d+)/.exec(data)?.[1]));
      if (seen.at(-1) === 19_999) break;
    }
    expect(seen.length).toBeLessThan(2_000);
    expect(seen.at(-1)).toBe(19_999);
  });

  it('refuses a model that is not there', async () => {
    const text = await (await overSse({ model: 'nope' })).text();
    expect(text).toContain('MODEL_NOT_FOUND');
    expect(server.services.emitter.listeners).toBe(0);
  });
});
