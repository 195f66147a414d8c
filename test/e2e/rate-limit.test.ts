import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createApiKey } from '../../src/access/api-key.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const NAMES = ['rest', 'graphql', 'socket', 'large', 'compute'] as const;
const PREDICT =
  'mutation { predict(input: {text: "Where is my card?"}, model: "banking77") { id } }';

describe('a rate', { timeout: 60_000 }, () => {
  let home: string;
  let server: RunningApp;
  const keys = Object.fromEntries(NAMES.map((name) => [name, createApiKey()]));
  const as = (name: (typeof NAMES)[number]) => ({ 'x-api-key': keys[name]?.key ?? '' });
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'rates-'));
    const accessFile = path.join(home, 'access.yaml');
    const written = Object.entries(keys).map(([name, { id, sha256 }]) => ({
      ...{ id, sha256, name, scopes: ['predict', 'models:read'] },
      rate: name === 'compute' ? '1ms/day' : '3/hour',
    }));
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    server = await runApp({ accessFile, cacheMaxBytes: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await rm(home, { recursive: true });
  });

  const ask = async (name: (typeof NAMES)[number], query: string) => {
    const { status, headers, text } = await server.post('/graphql', { query }, as(name));
    const { data, errors } = JSON.parse(text) as {
      data: Record<string, unknown> | null;
      errors?: { extensions: Record<string, unknown> }[];
    };
    return { status, headers, data, extensions: errors?.map(({ extensions }) => extensions) };
  };
  const LIMITED = {
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number) as number,
    details: { limit: 3, remaining: 0, unit: 'rows' },
  };

  it('is told in headers, and over it in the error, over REST', async () => {
    const input = { input: 'Where is my card?', model: 'banking77' };
    const first = await server.post('/predict', input, as('rest'));
    expect(first.headers.get('ratelimit-policy')).toBe('"rows";q=3;w=3600');
    expect(first.headers.get('ratelimit')).toMatch(/^"rows";r=2;t=3(600|5\d\d)$/);
    const batch = { inputs: ['a', 'b', 'c'], model: 'banking77' };
    const refused = await server.post('/predict/batch', batch, as('rest'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    // Refused whole: what is left may still be used.
    expect(refused.headers.get('ratelimit')).toContain('r=2');
    expect((await server.post('/predict', input, as('rest'))).status).toBe(200);
  });

  it('is told in headers and extensions over GraphQL, field by field', async () => {
    const aliases = 'abcd'
      .split('')
      .map((name) => `${name}: banking77(text: "card ${name}") { confidence }`)
      .join(' ');
    const { status, headers, data, extensions } = await ask('graphql', `{ ${aliases} }`);
    // Three fields have their answers: the request as a whole is not refused.
    expect(status).toBe(200);
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toHaveLength(3);
    expect(extensions).toEqual([LIMITED]);
    expect(headers.get('ratelimit')).toContain('r=0');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000);
    const alone = await ask('graphql', PREDICT);
    expect(alone.data).toBeNull();
    expect(alone.extensions).toEqual([LIMITED]);
    expect(alone.headers.get('retry-after')).not.toBeNull();
  });

  it('is told in extensions over a WebSocket', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    const payload = { apiKey: keys.socket?.key };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    const results: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const ended = new Promise((resolve) => {
        const read = (data: Buffer): void => {
          const message = JSON.parse(data.toString()) as { type: string; payload?: unknown };
          if (message.type === 'next') results.push(message.payload);
          if (message.type !== 'complete') return;
          socket.off('message', read);
          resolve(undefined);
        };
        socket.on('message', read);
      });
      const id = String(i);
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: PREDICT } }));
      await ended;
    }
    socket.terminate();
    expect(results.slice(0, 3).every((result) => !JSON.stringify(result).includes('errors'))).toBe(
      true,
    );
    expect(results[3]).toMatchObject({ errors: [{ extensions: LIMITED }] });
  });

  it('is never enough for a batch that is larger than all of it', async () => {
    const batch = { inputs: ['a', 'b', 'c', 'd'], model: 'banking77' };
    const { status, body, headers } = await server.post('/predict/batch', batch, as('large'));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'BAD_USER_INPUT', details: { limit: 3 } });
    expect(headers.get('retry-after')).toBeNull();
  });

  it('of compute is charged after the run, and may leave a debt', async () => {
    const batch = { inputs: Array.from({ length: 64 }, (_, i) => `card ${i}`), model: 'banking77' };
    const first = await server.post('/predict/batch', batch, as('compute'));
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"compute-ms";q=1;w=86400');
    const refused = await server.post(
      '/predict',
      { input: 'a', model: 'banking77' },
      as('compute'),
    );
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toContain('r=0');
  });
});
