import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('the target of a request', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it.each([
    ['http://x/livez', '"status"'],
    ['http://models.example:8080/models', '"sentiment"'],
    ['HTTP://X/models?unknown=1', '"sentiment"'],
    ['https://x/graphql?query={__typename}', '"__typename":"Query"'],
    ['http://x/v2', '"name":"ml-inference-api"'],
  ])('may be in absolute form, as a proxy sends it: %s', async (path, expected) => {
    const { status, text } = await rawRequest(server.url, {
      path,
      headers: { accept: 'application/json' },
    });
    expect(text).toContain(expected);
    expect(status).toBe(200);
  });

  it.each([
    'http://',
    'http://[',
    'http://a b/',
    'ftp://x/models',
    '*',
    'models',
    'http://x:99999/',
  ])('that makes no URL is bad input: %s', async (path) => {
    const { status, headers, text } = await rawRequest(server.url, {
      path: path.replaceAll(' ', '\u00a0'),
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'BAD_USER_INPUT' } });
    expect(headers['x-request-id']).toBeTruthy();
    expect(text).not.toMatch(/\bat |node_modules|src\//);
  });

  it.each(['//livez', '/livez/', '/%6civez', '/./livez', '/x/../livez', '/LIVEZ'])(
    'reaches no handler by another spelling of its path: %s',
    async (path) => {
      expect((await rawRequest(server.url, { path })).status).toBe(404);
    },
  );

  it('is never logged as a defect', () => {
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});
