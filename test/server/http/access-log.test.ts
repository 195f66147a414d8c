import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('the access log', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const line = (path: string) =>
    vi.waitFor(() => {
      const found = server.log.filter((entry) => entry.path === path);
      expect(found).toHaveLength(1);
      return found[0];
    });

  it('has one line for each request, without its input', async () => {
    await server.post('/predict', { input: 'my secret' }, { 'x-request-id': 'r1' });
    expect(await line('/predict')).toMatchObject({
      level: 30,
      msg: 'request',
      requestId: 'r1',
      method: 'POST',
      status: 200,
      ms: expect.any(Number) as number,
    });
    expect(JSON.stringify(server.log)).not.toContain('secret');
  });

  it('names the GraphQL operation', async () => {
    await server.graphql('query Check { health { status } }');
    expect(await line('/graphql')).toMatchObject({ operation: 'Check', status: 200 });
  });

  it('keeps the query string out and probes at debug', async () => {
    await fetch(`${server.url}/metrics?model=sentiment`);
    expect(await line('/metrics')).toMatchObject({ level: 20 });
  });

  it.each([
    ['/predict', { input: 'a' }],
    ['/graphql', { query: 'mutation { predict(input: {text: "a"}) { id } }' }],
  ])('tells of a client that left before its answer: %s', async (path, body) => {
    const client = new AbortController();
    server.services.state.beforePredict = ({ signal }) =>
      new Promise<void>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('gone')));
        client.abort();
      });
    const answer = fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: client.signal,
    });
    await expect(answer).rejects.toThrow();
    expect(await line(path)).toMatchObject({ msg: 'request', aborted: true });
  });

  it('has one line for what the hot way leaves to the plugins', async () => {
    await server.graphql('{ nothing }');
    expect(await line('/graphql')).toMatchObject({ msg: 'request' });
  });
});
