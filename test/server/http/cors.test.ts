import { describe, expect, it } from 'vitest';
import { isAllowedOrigin } from '../../../src/server/graphql/websocket-origin.ts';
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
    [undefined, undefined, true],
    ['http://localhost:8000', undefined, true],
    ['https://evil.example', undefined, false],
    ['null', undefined, false],
    ['https://app.example', 'https://app.example', true],
    ['https://evil.example', 'https://app.example', false],
    ['https://evil.example', '*', true],
  ])('over WebSocket: origin %s where %s is configured → %s', (origin, allowed, expected) => {
    expect(isAllowedOrigin(origin, 'localhost:8000', allowed)).toBe(expected);
  });
});
