import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTPayload,
} from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KeySet } from '../../src/access/key-set.ts';
import { JWT_ALGORITHMS, TokenVerifier } from '../../src/access/token-verifier.ts';

interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** An identity provider as far as tokens need one: discovery and keys over real HTTP. */
class Provider {
  readonly #server: Server;
  readonly keys = new Map<string, Pair>();
  fetches = 0;
  discoveredIssuer: string | undefined;
  broken = false;

  constructor() {
    this.#server = createServer((req, res) => {
      void this.#answer(req.url ?? '').then((body) => {
        res.writeHead(this.broken ? 503 : 200, { 'content-type': 'application/json' });
        res.end(JSON.stringify(body));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(url: string): Promise<object> {
    if (url.endsWith('openid-configuration')) {
      return { issuer: this.discoveredIssuer ?? this.issuer, jwks_uri: `${this.issuer}/jwks` };
    }
    this.fetches++;
    const keys = Array.from(this.keys, async ([kid, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      kid,
      use: 'sig',
    }));
    return { keys: await Promise.all(keys) };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let one: Pair;
let two: Pair;
let provider: Provider;
let keys: KeySet;

beforeAll(async () => {
  one = await generateKeyPair('RS256', { extractable: true });
  two = await generateKeyPair('ES256', { extractable: true });
});

beforeEach(async () => {
  provider = new Provider();
  provider.keys.set('one', one);
  await provider.listen();
});

afterEach(async () => {
  keys.close();
  await provider.close();
});

function sign(
  claims: JWTPayload = {},
  given: { kid?: string; key?: CryptoKey; alg?: string; expires?: string | null } = {},
): Promise<string> {
  const { kid = 'one', key = one.privateKey, alg = 'RS256', expires = '5m' } = given;
  const token = new SignJWT({ scope: 'predict models:read', ...claims })
    .setProtectedHeader({ alg, kid })
    .setIssuer(claims.iss ?? provider.issuer)
    .setAudience((claims.aud as string | undefined) ?? 'mlapi')
    .setSubject(claims.sub ?? 'ada');
  if (expires !== null) token.setExpirationTime(expires);
  return token.sign(key);
}

async function verifier(
  options: { now?: () => number; clock?: () => number; jwksUrl?: string } = {},
) {
  keys = new KeySet({
    ...(options.jwksUrl === undefined ? { issuer: provider.issuer } : { jwksUrl: options.jwksUrl }),
    ...(options.clock && { now: options.clock }),
  });
  await keys.start();
  return new TokenVerifier({
    keys,
    issuer: provider.issuer,
    audience: 'mlapi',
    algorithms: JWT_ALGORITHMS,
    clockSkewSeconds: 5,
    scopesClaim: 'scope',
    modelsClaim: 'models',
    ...(options.now && { now: options.now }),
  });
}

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'UNAUTHENTICATED',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('good tokens', () => {
  test('give scopes and models, and are checked once', async () => {
    const tokens = await verifier();
    const token = await sign({ models: ['a'] });
    const first = await tokens.verify(token);
    expect(first.subject).toBe('ada');
    expect(first.grant.allows('predict', 'a')).toBe(true);
    expect(first.grant.allows('predict', 'b')).toBe(false);
    expect(tokens.verify(token)).toBe(first);
  });

  test('without a scope allow nothing', async () => {
    const tokens = await verifier();
    expect((await tokens.verify(await sign({ scope: undefined }))).grant.scopes).toEqual([]);
  });

  test('are found by the URL of the keys alone', async () => {
    const tokens = await verifier({ jwksUrl: `${provider.issuer}/jwks` });
    expect((await tokens.verify(await sign())).subject).toBe('ada');
  });
});

describe('bad tokens', () => {
  test('are refused with the reason, and never with their content', async () => {
    const tokens = await verifier();
    const now = Math.floor(Date.now() / 1000);
    const hmac = new TextEncoder().encode(await exportSPKI(one.publicKey));
    const cases: [string | Promise<string>, RegExp][] = [
      [sign({}, { expires: '-1m' }), /expired/],
      [sign({}, { expires: null }), /lacks the claim exp/],
      [sign({ nbf: now + 60 }), /not valid yet/],
      [sign({ iat: now + 60 }), /issued in the future/],
      [sign({ aud: 'others' }), /not meant for this server \(aud\)/],
      [sign({ iss: 'https://evil.example' }), /not meant for this server \(iss\)/],
      [sign({ models: 'a' }), /models/],
      [sign({}, { key: two.privateKey, alg: 'ES256' }), /not valid/],
      [sign({}, { kid: 'unknown' }), /not valid/],
      [
        new SignJWT({ scope: 'predict' })
          .setProtectedHeader({ alg: 'HS256', kid: 'one' })
          .setExpirationTime('5m')
          .sign(hmac),
        /algorithm/,
      ],
      [
        new UnsecuredJWT({ scope: 'predict' }).setExpirationTime('5m').encode(),
        /not valid|algorithm/,
      ],
      ['a.b.c', /not valid/],
      ['', /not valid/],
    ];
    for (const [token, reason] of cases) {
      await expect((async () => tokens.verify(await token))()).rejects.toThrow(refusal(reason));
    }
    const [head, , signature] = (await sign()).split('.');
    const forged = Buffer.from('{"scope":"models:admin","sub":"x"}').toString('base64url');
    await expect((async () => tokens.verify(`${head}.${forged}.${signature}`))()).rejects.toThrow(
      refusal(/not valid/),
    );
  });

  test('that were good end on time', async () => {
    let now = Date.now();
    const tokens = await verifier({ now: () => now });
    const token = await sign();
    await tokens.verify(token);
    now += 5 * 60_000 + 6_000;
    expect(() => tokens.verify(token)).toThrow(/expired/);
  });
});

describe('keys of the provider', () => {
  test('rotate: an unknown one is fetched at once, and then at most every 30 seconds', async () => {
    let clock = 0;
    const tokens = await verifier({ clock: () => clock });
    provider.keys.set('two', two);
    const next = await sign({}, { kid: 'two', key: two.privateKey, alg: 'ES256' });
    expect((await tokens.verify(next)).subject).toBe('ada');
    expect(provider.fetches).toBe(2);
    const strange = await sign({}, { kid: 'strange' });
    for (let i = 0; i < 5; i++) {
      await expect((async () => tokens.verify(strange))()).rejects.toThrow(/not valid/);
    }
    expect(provider.fetches).toBe(2);
    clock = 30_000;
    await expect((async () => tokens.verify(strange))()).rejects.toThrow(/not valid/);
    expect(provider.fetches).toBe(3);
  });

  test('are asked for once by all that need a new one at the same time', async () => {
    const tokens = await verifier();
    provider.keys.set('two', two);
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        sign({ sub: `user ${i}` }, { kid: 'two', key: two.privateKey, alg: 'ES256' }),
      ),
    );
    await Promise.all(many.map(async (token) => tokens.verify(token)));
    expect(provider.fetches).toBe(2);
  });

  test('go on counting while the provider is away', async () => {
    const tokens = await verifier();
    provider.broken = true;
    expect((await tokens.verify(await sign())).subject).toBe('ada');
    await expect((async () => tokens.verify(await sign({}, { kid: 'new' })))()).rejects.toThrow(
      refusal(/not valid/),
    );
  });

  test('that could never be had make tokens wait, not wrong', async () => {
    provider.broken = true;
    const tokens = await verifier();
    await expect((async () => tokens.verify(await sign()))()).rejects.toThrow(
      expect.objectContaining({ code: 'OVERLOADED' }) as Error,
    );
  });

  test('of another issuer are not taken', async () => {
    provider.discoveredIssuer = 'https://evil.example';
    const tokens = await verifier();
    expect(provider.fetches).toBe(0);
    await expect((async () => tokens.verify(await sign()))()).rejects.toThrow(/right now/);
  });
});
