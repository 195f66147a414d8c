import { once, EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryLimiter } from '../../../src/access/limits/memory-limiter.ts';
import { RateLimits, rateHeaders, rateLimited } from '../../../src/access/limits/rate-limits.ts';
import { RedisLimiter } from '../../../src/access/limits/redis-limiter.ts';
import { parseRate, type Rate } from '../../../src/access/rate.ts';
import { loadConfig } from '../../../src/config.ts';
import { createRedisLink } from '../../../src/redis/create-redis-link.ts';
import { RedisServer, redisServerAvailable } from '../../support/redis-server.ts';

function rateOf(text: string): Rate {
  const rate = parseRate(text);
  if (!rate) throw new Error(`${text} is no rate`);
  return rate;
}

describe('limits in memory', () => {
  test('take all of a charge or nothing of it', () => {
    const limiter = new MemoryLimiter(() => 0);
    const rate = rateOf('10/minute');
    expect(limiter.take('a', rate, 8)).toEqual({ granted: true, remaining: 2, resetMs: 60_000 });
    expect(limiter.take('a', rate, 3)).toMatchObject({ granted: false, remaining: 2 });
    expect(limiter.take('a', rate, 2)).toMatchObject({ granted: true, remaining: 0 });
    expect(limiter.take('b', rate, 10)).toMatchObject({ granted: true });
  });

  test('begin anew when their window has ended', () => {
    let now = 0;
    const limiter = new MemoryLimiter(() => now);
    const rate = rateOf('10/second');
    limiter.take('a', rate, 10);
    now = 999;
    expect(limiter.take('a', rate, 1)).toMatchObject({ granted: false, resetMs: 1 });
    now = 1_000;
    expect(limiter.take('a', rate, 10)).toMatchObject({ granted: true, resetMs: 1_000 });
  });

  test('carry a debt of compute into the windows that follow', () => {
    let now = 0;
    const limiter = new MemoryLimiter(() => now);
    const rate = rateOf('100ms/second');
    expect(limiter.take('a', rate, 0)).toMatchObject({ granted: true });
    limiter.charge('a', rate, 250);
    expect(limiter.take('a', rate, 0)).toMatchObject({ granted: false, remaining: -150 });
    now = 1_000;
    expect(limiter.take('a', rate, 0)).toMatchObject({ granted: false, remaining: -50 });
    now = 2_000;
    expect(limiter.take('a', rate, 0)).toMatchObject({ granted: true, remaining: 50 });
  });
});

describe('rates of principals', () => {
  test('refuse for good what is over the whole rate', () => {
    const limits = new RateLimits(new MemoryLimiter(() => 0), rateOf('10/minute'));
    expect(() => limits.take({ id: 'a', rate: undefined }, 11)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', retryAfterSeconds: undefined }) as Error,
    );
    expect(limits.take({ id: 'a', rate: undefined }, 10)).toMatchObject({
      allowance: { granted: true },
    });
  });

  test('of a key go before RATE_LIMIT', () => {
    const limits = new RateLimits(new MemoryLimiter(() => 0), rateOf('1/minute'));
    expect(limits.take({ id: 'a', rate: rateOf('5/minute') }, 5)).toMatchObject({
      allowance: { granted: true },
    });
    expect(
      new RateLimits(new MemoryLimiter()).take({ id: 'a', rate: undefined }, 5),
    ).toBeUndefined();
  });

  test('are told in headers, and when to come back', async () => {
    const limits = new RateLimits(new MemoryLimiter(() => 0), rateOf('10/minute'));
    const state = await limits.take({ id: 'a', rate: undefined }, 4);
    if (!state) throw new Error('no rate');
    expect(rateHeaders(state)).toEqual({
      'RateLimit-Policy': '"rows";q=10;w=60',
      RateLimit: '"rows";r=6;t=60',
    });
    expect(rateLimited(state)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
  });

  test('of compute wait for as many windows as the debt has', () => {
    const allowance = { granted: false, remaining: -250, resetMs: 500 };
    const error = rateLimited({ rate: rateOf('100ms/second'), allowance });
    expect(error.retryAfterSeconds).toBe(3);
  });
});

describe.skipIf(!redisServerAvailable)('limits in Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  async function replica(purpose: string) {
    const states = new EventEmitter();
    const up = once(states, 'up');
    const config = loadConfig({ REDIS_URL: server.url, REDIS_TIMEOUT_MS: '1000' });
    const link = createRedisLink(config, purpose, (state) => states.emit(state));
    await up;
    return { limiter: new RedisLimiter({ link, keyPrefix: 'test:' }), states };
  }

  test('hold for all replicas together, to the row', async () => {
    const replicas = await Promise.all([replica('one'), replica('two')]);
    const rate = rateOf('100/hour');
    const taken = await Promise.all(
      Array.from({ length: 150 }, async (_, i) => replicas[i % 2]?.limiter.take('shared', rate, 1)),
    );
    expect(taken.filter((allowance) => allowance?.granted)).toHaveLength(100);
    expect(taken.at(-1)?.resetMs).toBeGreaterThan(3_500_000);
    for (const { limiter } of replicas) limiter.close();
  });

  test('refuse a batch whole, and let a smaller one of the same turn through', async () => {
    const { limiter } = await replica('batch');
    const rate = rateOf('10/hour');
    const taken = await Promise.all(
      [7, 5, 3, 1].map(async (rows) => limiter.take('batch', rate, rows)),
    );
    expect(taken.map(({ granted }) => granted)).toEqual([true, false, true, false]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([3, 3, 0, 0]);
    limiter.close();
  });

  test('charge compute late, and remember the debt', async () => {
    const { limiter } = await replica('late');
    const rate = rateOf('100ms/hour');
    expect((await limiter.take('late', rate, 0)).granted).toBe(true);
    limiter.charge('late', rate, 150.5);
    expect(await limiter.take('late', rate, 0)).toMatchObject({ granted: false, remaining: -50.5 });
    limiter.close();
  });

  test('take a part of a large rate ahead, and never grant more than the rate', async () => {
    const replicas = await Promise.all([replica('ahead-a'), replica('ahead-b')]);
    const rate = rateOf('30000/hour');
    let granted = 0;
    let atOnce = 0;
    let refusals = 0;
    while (refusals < 2) {
      refusals = 0;
      for (const { limiter } of replicas) {
        const taken = limiter.take('ahead', rate, 1);
        if (!(taken instanceof Promise)) atOnce++;
        const allowance = await taken;
        if (allowance.granted) granted++;
        else refusals++;
        expect(allowance.remaining).toBeGreaterThanOrEqual(0);
      }
    }
    expect(granted).toBeLessThanOrEqual(30_000);
    // What the two have taken and not used is lost: a hundredth of what was left, at most.
    expect(granted).toBeGreaterThan(29_400);
    // Of the last 10,000 each is asked for.
    expect(atOnce).toBeGreaterThan(19_000);
    for (const { limiter } of replicas) limiter.close();
  });

  test('go on in memory from what was known when Redis goes away', async () => {
    const { limiter, states } = await replica('down');
    const rate = rateOf('10/hour');
    await limiter.take('down', rate, 9);
    const down = once(states, 'down');
    await server.kill();
    await down;
    const taken = [limiter.take('down', rate, 1), limiter.take('down', rate, 1)];
    expect(taken).toMatchObject([{ granted: true }, { granted: false }]);
    limiter.close();
    await server.restart();
  });
});
