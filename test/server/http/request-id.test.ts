import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('the id of a request', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each(['/', '/health', '/nope', '/graphql?query={__typename}', '/docs', '/predict'])(
    'is told in the answer of %s',
    async (path) => {
      const own = await fetch(server.url + path, { headers: { 'x-request-id': 'abc-1' } });
      expect(own.headers.get('x-request-id')).toBe('abc-1');
      const made = await fetch(server.url + path);
      expect(made.headers.get('x-request-id')).toMatch(UUID);
    },
  );

  it.each(['x'.repeat(129), 'a b', 'é'])('is made anew where the given one is odd', async (id) => {
    const { headers } = await rawRequest(server.url, {
      path: '/livez',
      headers: { 'x-request-id': id },
    });
    expect(headers['x-request-id']).toMatch(UUID);
  });
});
