import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('REST routing', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('answers an unknown path with 404 and what there is', async () => {
    for (const path of ['/nope', '/predict/', '/predict/batch/x', '/models/a/b', '/Predict']) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(404);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect(error.code).toBe('NOT_FOUND');
      expect(error.message).toContain('/predict/batch');
    }
  });

  it.each([
    ['GET', '/predict', 'POST'],
    ['PUT', '/predict/batch', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/models/sentiment', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow', async (method, path, allow) => {
    const response = await fetch(server.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await fetch(`${server.url}/health`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json'])(
    'refuses a body sent as %s',
    async (type) => {
      const response = await server.post('/predict', { input: 'a' }, { 'content-type': type });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    },
  );

  it.each(['application/json; charset=utf-8', 'application/vnd.api+json', 'Application/JSON'])(
    'takes a body sent as %s',
    async (type) => {
      const response = await server.post('/predict', { input: 'a' }, { 'content-type': type });
      expect(response.status).toBe(200);
    },
  );

  it('refuses compressed bodies and invalid JSON', async () => {
    const compressed = await server.post('/predict', '{}', { 'content-encoding': 'gzip' });
    expect(compressed.status).toBe(415);
    const invalid = await server.post('/predict', '{"input": "secret');
    expect(invalid.status).toBe(400);
    expect(await invalid.json()).toEqual({
      error: { code: 'BAD_USER_INPUT', message: 'The body is not valid JSON.' },
    });
  });
});
