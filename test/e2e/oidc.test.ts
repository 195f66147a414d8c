import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { runApp, type RunningApp } from '../support/running-app.ts';

const API = 'urn:ml-inference-api';
const SECRET = 'the-secret-of-the-client';

/** A key pair that a provider signs with. */
async function signingKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
}

describe('tokens of an OpenID provider', { timeout: 60_000 }, () => {
  let provider: Server;
  let issuer: string;
  let answer: RequestListener;
  let server: RunningApp;
  const life = { seconds: 600 };
  const fetches = { keys: 0 };
  let keys: { first: JWK; second: JWK; third: JWK };

  /** Goes on as a provider of these keys, which signs with the first one. */
  const signWith = (...keys: readonly JWK[]): void => {
    const { seconds } = life;
    const made = new Provider(issuer, {
      clients: [
        {
          client_id: 'robot',
          client_secret: SECRET,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      jwks: { keys: [...keys] },
      scopes: ['predict', 'models:read', 'metrics:read'],
      ttl: { ClientCredentials: seconds },
      extraTokenClaims: () => ({ models: ['penguins'] }),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context: unknown, audience: string) => ({
            scope: 'predict models:read metrics:read',
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: seconds,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
    answer = made.callback();
  };

  const token = async (scope = 'predict models:read', resource = API): Promise<string> => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`robot:${SECRET}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }),
    });
    const { access_token: text } = (await response.json()) as { access_token?: string };
    if (text === undefined) throw new Error(`no token: ${response.status}`);
    return text;
  };

  const INPUT = { features: { island: 'Biscoe', body_mass_g: 5100 } };
  const predict = async (bearer: string, model = 'penguins') => {
    const body = { input: INPUT, model };
    return server.post('/predict', body, { authorization: `Bearer ${bearer}` });
  };

  beforeAll(async () => {
    provider = createServer((req, res) => {
      if (req.url === '/jwks') fetches.keys++;
      answer(req, res);
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const [first, second, third] = await Promise.all(['1', '2', '3'].map(signingKey));
    if (!first || !second || !third) throw new Error('no keys');
    keys = { first, second, third };
    signWith(first);
    server = await runApp({ jwtIssuer: issuer, jwtAudience: API, jwtClockSkewSeconds: 0 });
  });
  afterAll(async () => {
    await server.stop();
    provider.closeAllConnections();
    provider.close();
  });

  it('let in whom the issuer names, for what the token says', async () => {
    const bearer = await token();
    expect((await predict(bearer)).status).toBe(200);
    expect((await predict(bearer, 'banking77')).body.error.code).toBe('MODEL_NOT_FOUND');
    const { text } = await server.get('/models', { authorization: `Bearer ${bearer}` });
    expect(text).toContain('penguins');
    expect(text).not.toContain('banking77');
    expect((await predict(await token('models:read'))).status).toBe(403);
    expect((await predict(await token('predict', 'urn:another-api'))).status).toBe(401);
    const [head = '', body = ''] = bearer.split('.');
    expect((await predict(`${head}.${body}.${'A'.repeat(342)}`)).status).toBe(401);
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const unsigned = [{ alg: 'none', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    expect((await predict(`${unsigned.join('.')}.`)).status).toBe(401);
  });

  it('go on while the provider changes its keys under load', async () => {
    const { first, second, third } = keys;
    let bearer = await token();
    const before = fetches.keys;
    const statuses = new Map<number, number>();
    let sent = 0;
    const load = async (): Promise<void> => {
      while (sent < 600) {
        sent++;
        const { status } = await predict(bearer);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const loads = Array.from({ length: 8 }, load);
    await expect.poll(() => sent, { timeout: 30_000, interval: 5 }).toBeGreaterThan(150);
    // Tokens name a key that the server does not know yet; the last one is still published.
    signWith(second, third, first);
    bearer = await token();
    await expect.poll(() => sent, { timeout: 30_000, interval: 5 }).toBeGreaterThan(350);
    // As most providers do it: the key was published before it is used.
    signWith(third, second);
    bearer = await token();
    await Promise.all(loads);
    expect(Object.fromEntries(statuses)).toEqual({ 200: 600 });
    expect(fetches.keys - before).toBe(1);
  });

  it('end a WebSocket with 4403 when they end, and are refused from then on', async () => {
    life.seconds = 2;
    signWith(keys.third);
    const bearer = await token();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, [
      'graphql-transport-ws',
    ]);
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${bearer}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toContain('connection_ack');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4403);
    expect((await predict(bearer)).status).toBe(401);
  });

  it('count while the provider is away, but not those of a key that nobody knows', async () => {
    life.seconds = 600;
    signWith(keys.third);
    const bearer = await token();
    signWith(await signingKey('stranger'));
    const strange = await token();
    answer = (_req, res) => res.writeHead(503).end();
    expect((await predict(bearer)).status).toBe(200);
    expect((await predict(strange)).status).toBe(401);
  });
});
