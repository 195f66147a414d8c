import { describe, expect, test, vi } from 'vitest';
import { parseAccessFile, type AccessFile } from '../../src/access/access-file.ts';
import { createApiKey } from '../../src/access/api-key.ts';
import { Authenticator, type AuthMode } from '../../src/access/authenticator.ts';
import {
  readCredential,
  readPayloadCredential,
  refuseCredentialInUrl,
} from '../../src/access/credential.ts';
import { FailedCredentials, MAX_FAILURES } from '../../src/access/failed-credentials.ts';

const remote = { address: '203.0.113.7', isLoopback: false };
const loopback = { address: '127.0.0.1', isLoopback: true };

function authenticator(mode: AuthMode = 'auto', now?: () => number) {
  return new Authenticator({ mode, ownScopes: new Map<string, string>(), ...(now && { now }) });
}

function fileOf(
  ...keys: {
    id: string;
    key: string;
    sha256: string;
    scopes?: string[];
    expires?: string;
    revoked?: string;
  }[]
): AccessFile {
  const withDefaults = keys.map((given) => ({
    name: 'web',
    scopes: ['predict'],
    ...given,
    // What is stored is its digest.
    key: undefined,
  }));
  return parseAccessFile(JSON.stringify({ keys: withDefaults }));
}

describe('an open server', () => {
  test('lets everybody predict and read, and this machine alone change anything', () => {
    const open = authenticator();
    const stranger = open.authenticate(undefined, remote);
    const operator = open.authenticate(undefined, loopback);
    expect(stranger).toMatchObject({ name: 'anonymous' });
    expect(
      [stranger, operator].map((each) => !(each instanceof Promise) && each.allows('predict', 'a')),
    ).toEqual([true, true]);
    expect(
      [stranger, operator].map(
        (each) => !(each instanceof Promise) && each.allows('models:admin', 'a'),
      ),
    ).toEqual([false, true]);
    expect(
      [stranger, operator].map((each) => !(each instanceof Promise) && each.allows('access:admin')),
    ).toEqual([false, true]);
  });

  test('closes for good with the first key, and ends those without a name', () => {
    const server = authenticator();
    const stranger = server.authenticate(undefined, remote);
    const ended = vi.fn();
    if (!(stranger instanceof Promise)) stranger.onEnd(ended);
    const key = createApiKey();
    server.setKeys(fileOf(key));
    expect(ended).toHaveBeenCalledOnce();
    expect(() => server.authenticate(undefined, loopback)).toThrow(/needed/);
    expect(server.authenticate(key.key, remote)).toMatchObject({ id: key.id, name: 'web' });
    server.setKeys({ keys: [] });
    expect(server.isClosed).toBe(true);
    expect(() => server.authenticate(key.key, remote)).toThrow(/not valid/);
  });

  test('stays closed where all keys are revoked or expired, or the file is gone', () => {
    for (const end of ['revoked', 'expires']) {
      const server = authenticator();
      server.setKeys(fileOf({ ...createApiKey(), [end]: '2001-01-01T00:00:00Z' }));
      expect(server.isClosed).toBe(true);
    }
    const server = authenticator();
    server.setKeys(undefined);
    expect(server.isClosed).toBe(true);
  });

  test('with AUTH=off wants nothing, whatever the file says', () => {
    const server = authenticator('off');
    server.setKeys(fileOf(createApiKey()));
    expect(server.authenticate('anything', remote)).toMatchObject({ view: '*' });
  });
});

describe('keys', () => {
  test('are refused when wrong, revoked or expired, with a reason', () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const server = authenticator('auto', () => now);
    const [good, revoked, other] = [createApiKey(), createApiKey(), createApiKey()];
    server.setKeys(
      fileOf(
        { ...good, expires: '2030-01-02T00:00:00Z' },
        { ...revoked, revoked: '2029-01-01T00:00:00Z' },
      ),
    );
    expect(server.authenticate(good.key, remote)).toMatchObject({ id: good.id });
    expect(() => server.authenticate(revoked.key, remote)).toThrow(/revoked/);
    expect(() => server.authenticate(other.key, remote)).toThrow(/not valid/);
    expect(() =>
      server.authenticate(good.key.slice(0, -1) + (good.key.endsWith('a') ? 'b' : 'a'), remote),
    ).toThrow(/not valid/);
    now = Date.parse('2030-01-02T00:00:00Z');
    expect(() => server.authenticate(good.key, remote)).toThrow(/expired/);
  });

  test('that change end what they had opened; others go on', () => {
    const server = authenticator();
    const [one, two] = [createApiKey(), createApiKey()];
    server.setKeys(fileOf(one, two));
    const [first, second] = [one, two].map(({ key }) => server.authenticate(key, remote));
    server.setKeys(fileOf({ ...one, scopes: ['models:read'] }, two));
    expect(first).toMatchObject({ ended: true });
    expect(second).toMatchObject({ ended: false });
    expect(server.authenticate(two.key, remote)).toBe(second);
  });
});

describe('guessing', () => {
  test('is told to wait after 20 wrong keys a minute; right keys are served', () => {
    const server = authenticator();
    const good = createApiKey();
    server.setKeys(fileOf(good));
    const codes = Array.from({ length: 1000 }, () => {
      try {
        return server.authenticate(createApiKey().key, remote);
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes.slice(0, MAX_FAILURES).every((code) => code === 'UNAUTHENTICATED')).toBe(true);
    expect(codes.slice(MAX_FAILURES).every((code) => code === 'RATE_LIMITED')).toBe(true);
    expect(server.authenticate(good.key, remote)).toMatchObject({ id: good.id });
    expect(() => server.authenticate('wrong', loopback)).toThrow(/not valid/);
  });

  test('counts anew after a minute', () => {
    let now = 0;
    const failures = new FailedCredentials(() => now);
    for (let i = 0; i <= MAX_FAILURES; i++) failures.refuse('192.0.2.1', 'wrong');
    const refused = failures.refuse('192.0.2.1', 'wrong');
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
    now = 60_000;
    expect(failures.refuse('192.0.2.1', 'wrong').code).toBe('UNAUTHENTICATED');
  });
});

describe('credentials', () => {
  test('are read from the two headers', () => {
    expect(readCredential({ authorization: 'Bearer abc' })).toBe('abc');
    expect(readCredential({ authorization: 'bearer  abc' })).toBe('abc');
    expect(readCredential({ 'x-api-key': ' abc ' })).toBe('abc');
    expect(readCredential({})).toBeUndefined();
  });

  test.each([
    [{ authorization: 'Bearer a', 'x-api-key': 'b' }, []],
    [{ authorization: 'Bearer a' }, ['Authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer b']],
    [{ 'x-api-key': 'a, b' }, ['X-API-Key', 'a', 'x-api-key', 'b']],
  ])('two of them are refused: %j', (headers, raw) => {
    expect(() => readCredential(headers, raw)).toThrow(/one credential/);
  });

  test.each([
    'Basic abc',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'abc',
    '',
    'Bearer ä',
    `Bearer ${'a'.repeat(9000)}`,
  ])('are not read from %j', (authorization) => {
    expect(() => readCredential({ authorization })).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }) as Error,
    );
  });

  test('are read from the payload of a socket', () => {
    expect(readPayloadCredential({ authorization: 'Bearer abc' })).toBe('abc');
    expect(readPayloadCredential({ Authorization: 'Bearer abc' })).toBe('abc');
    expect(readPayloadCredential({ apiKey: 'abc' })).toBe('abc');
    expect(readPayloadCredential(undefined)).toBeUndefined();
    expect(readPayloadCredential({ other: 1 })).toBeUndefined();
    expect(() => readPayloadCredential({ apiKey: 7 })).toThrow();
    expect(() => readPayloadCredential({ apiKey: 'a', authorization: 'Bearer a' })).toThrow(/one/);
  });

  test.each([
    'apiKey=x',
    'a=1&api_key=x',
    'access_token=x',
    'TOKEN=x',
    'q=mlapi_abc',
    'x-api-key=a',
  ])('in a URL are refused with a hint: %s', (search) => {
    expect(() => {
      refuseCredentialInUrl(search);
    }).toThrow(/header/);
  });

  test('other parameters of a URL are none', () => {
    refuseCredentialInUrl('query={a}&variables={"key":1}&monkey=1');
  });
});
