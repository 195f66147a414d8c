import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../support/api/start-server.ts';

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
};

describe('cross-origin requests', () => {
  it('get no permission unless it is configured', async () => {
    await using server = await startServer();
    for (const path of ['/graphql', '/predict']) {
      const response = await fetch(server.url + path, PREFLIGHT);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('get permission for the configured origin on every API', async () => {
    await using server = await startServer({ corsOrigin: 'https://app.example' });
    for (const path of ['/graphql', '/predict']) {
      const preflight = await fetch(server.url + path, PREFLIGHT);
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Content-Type');
    }
    const answer = await server.post('/predict', { input: 'a' }, { origin: 'https://app.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it.each([
    [undefined, undefined, 101],
    ['same host', undefined, 101],
    ['https://evil.example', undefined, 403],
    ['null', undefined, 403],
    ['https://app.example', 'https://app.example', 101],
    ['https://evil.example', 'https://app.example', 403],
    ['https://evil.example', '*', 101],
  ])('over WebSocket: origin %s where %s is configured → %s', async (origin, allowed, status) => {
    await using server = await startServer({ corsOrigin: allowed });
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      ['graphql-transport-ws'],
      origin === undefined ? {} : { origin: origin === 'same host' ? server.url : origin },
    );
    const answered = await new Promise((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(answered).toBe(status);
    socket.on('error', () => undefined);
    socket.terminate();
  });
});
