import { describe, expect, test } from 'vitest';
import { createApiKey, hashApiKey, idOfApiKey, sameDigest } from '../../src/access/api-key.ts';
import { parseExpiry, parseTime } from '../../src/access/expiry.ts';
import { Grant } from '../../src/access/grant.ts';
import { formatRate, parseRate } from '../../src/access/rate.ts';

describe('API keys', () => {
  test('have an id and 256 random bits, and only their SHA-256 is to be stored', () => {
    const { id, key, sha256 } = createApiKey();
    expect(key).toMatch(/^mlapi_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
    expect(idOfApiKey(key)).toBe(id);
    expect(hashApiKey(key).toString('hex')).toBe(sha256);
    expect(createApiKey().key).not.toBe(key);
  });

  test.each(['', 'mlapi_', 'mlapi_x_y', 'sk-123', `mlapi_${'a'.repeat(12)}_${'b'.repeat(44)}`])(
    'are not %j',
    (text) => {
      expect(idOfApiKey(text)).toBeUndefined();
    },
  );

  test('are compared as digests of one length', () => {
    expect(sameDigest(hashApiKey('a'), hashApiKey('a'))).toBe(true);
    expect(sameDigest(hashApiKey('a'), hashApiKey('b'))).toBe(false);
    expect(sameDigest(hashApiKey('a'), Buffer.alloc(3))).toBe(false);
  });
});

describe('rates', () => {
  test.each([
    ['600/minute', { unit: 'rows', quota: 600, windowSeconds: 60 }],
    ['5/second', { unit: 'rows', quota: 5, windowSeconds: 1 }],
    ['600ms/minute', { unit: 'compute', quota: 600, windowSeconds: 60 }],
    ['1/hour', { unit: 'rows', quota: 1, windowSeconds: 3600 }],
    ['86400000ms/day', { unit: 'compute', quota: 86_400_000, windowSeconds: 86_400 }],
  ] as const)('reads %s and writes it back', (text, rate) => {
    expect(parseRate(text)).toEqual(rate);
    expect(formatRate(rate)).toBe(text);
  });

  test.each([
    '',
    '600',
    '600/min',
    '0/minute',
    '-1/minute',
    '1.5/minute',
    '600 ms/minute',
    '6/week',
  ])('refuses %j', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });
});

describe('ends of credentials', () => {
  const now = new Date('2030-01-01T00:00:00Z');

  test.each([
    ['30s', '2030-01-01T00:00:30.000Z'],
    ['15m', '2030-01-01T00:15:00.000Z'],
    ['12h', '2030-01-01T12:00:00.000Z'],
    ['30d', '2030-01-31T00:00:00.000Z'],
    ['2031-02-03T04:05:06Z', '2031-02-03T04:05:06.000Z'],
    ['2031-02-03T04:05:06+02:00', '2031-02-03T02:05:06.000Z'],
    ['2031-02-03', '2031-02-03T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseExpiry(text, now)?.toISOString()).toBe(expected);
  });

  test.each(['', '30', '0d', '-1d', '1w', '2029-12-31T23:59:59Z', '2031-02-30', 'tomorrow'])(
    'refuses %j',
    (text) => {
      expect(parseExpiry(text, now)).toBeUndefined();
    },
  );

  test('reads times of the past where they are only read', () => {
    expect(parseTime('2001-02-03T04:05:06.789Z')?.getTime()).toBe(981_173_106_789);
  });
});

describe('grants', () => {
  test('allow a scope for the named models only', () => {
    const grant = Grant.of(['predict', 'models:read'], ['a', 'b']);
    expect(grant.allows('predict', 'a')).toBe(true);
    expect(grant.allows('predict', 'c')).toBe(false);
    expect(grant.allows('models:admin', 'a')).toBe(false);
    expect(grant.has('predict')).toBe(true);
    expect(grant.hasForAll('predict')).toBe(false);
  });

  test('want the scope of a model besides', () => {
    expect(Grant.of(['predict']).allows('predict', 'a', 'medical')).toBe(false);
    expect(Grant.of(['predict', 'medical']).allows('predict', 'a', 'medical')).toBe(true);
    expect(Grant.of(['medical']).allows('predict', 'a', 'medical')).toBe(false);
    expect(Grant.ALL.allows('predict', 'a', 'medical')).toBe(true);
  });

  test('of a list without models allow nothing', () => {
    expect(Grant.of(['predict'], []).allows('predict', 'a')).toBe(false);
    expect(Grant.NONE.has('predict')).toBe(false);
  });

  test('show the same exactly where their fingerprints are equal', () => {
    const one = Grant.of(['predict', 'models:read'], ['b', 'a']);
    expect(one.fingerprint).toBe(Grant.of(['models:read', 'predict'], ['a', 'b']).fingerprint);
    expect(one.fingerprint).not.toBe(Grant.of(['models:read', 'predict'], ['a']).fingerprint);
    expect(one.fingerprint).not.toBe(Grant.of(['models:read', 'predict']).fingerprint);
  });
});
