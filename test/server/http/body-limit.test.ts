import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const MAX_BYTES = 1_000;

describe('the limit of the request body', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ maxBodyBytes: MAX_BYTES });
  });
  afterAll(() => server.close());

  const JSON_TYPE = { 'content-type': 'application/json' };

  it.each(['/predict', '/predict/batch', '/graphql'])(
    'answers %s with 413 where the length says so',
    async (path) => {
      const response = await server.post(path, { input: 'a'.repeat(MAX_BYTES) });
      expect(response.status).toBe(413);
      expect(JSON.stringify(await response.json())).toContain('PAYLOAD_TOO_LARGE');
    },
  );

  it.each(['/predict', '/graphql'])(
    'answers %s with 413 where no length is given',
    async (path) => {
      const { status, text } = await rawRequest(server.url, {
        method: 'POST',
        path,
        headers: JSON_TYPE,
        chunks: ['{"input":"', 'a'.repeat(MAX_BYTES / 2), 'a'.repeat(MAX_BYTES / 2), '"}'],
      });
      expect(status).toBe(413);
      expect(text).toContain('PAYLOAD_TOO_LARGE');
    },
  );

  it('takes a body of exactly the limit, in chunks or at once', async () => {
    const body = JSON.stringify({ input: 'a'.repeat(MAX_BYTES - 12) });
    expect(body).toHaveLength(MAX_BYTES);
    expect((await server.post('/predict', body)).status).toBe(200);
    const { status } = await rawRequest(server.url, {
      method: 'POST',
      path: '/predict',
      headers: JSON_TYPE,
      chunks: [body.slice(0, 500), body.slice(500)],
    });
    expect(status).toBe(200);
  });

  it('reads 20 MB to their end without keeping them, and answers the next request', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(1_000_000, 0x61);
    const { status } = await rawRequest(server.url, {
      method: 'POST',
      path: '/predict',
      headers: JSON_TYPE,
      chunks: new Array<Buffer>(20).fill(chunk),
    });
    expect(status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(15_000_000);
    expect((await server.post('/predict', { input: 'a' })).status).toBe(200);
  });

  it('refuses before the body is sent where the client asks first', async () => {
    const { status } = await rawRequest(server.url, {
      method: 'POST',
      path: '/predict',
      headers: { ...JSON_TYPE, expect: '100-continue', 'content-length': '5000' },
      chunks: ['a'.repeat(5_000)],
    });
    expect(status).toBe(413);
  });

  it('is nothing to log as a defect', () => {
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});
