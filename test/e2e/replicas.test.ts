import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SERVER_VERSION } from '../../src/app.ts';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe.runIf(redisServerAvailable)('two replicas on one Redis', () => {
  let redis: RedisServer;
  let one: RunningApp;
  let two: RunningApp;
  beforeAll(async () => {
    redis = await RedisServer.start();
    [one, two] = await Promise.all([
      runApp({ redisUrl: redis.url }),
      runApp({ redisUrl: redis.url }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await redis.stop();
  });

  const ask = (server: RunningApp, text: string) =>
    server.post('/predict', { model: 'banking77', input: text });

  it('share their cache', async () => {
    expect((await ask(one, 'my card has not arrived')).body.cached).toBe(false);
    await vi.waitFor(async () => {
      expect((await ask(two, 'my card has not arrived')).body.cached).toBe(true);
    });
    const { text } = await two.get('/metrics/prometheus');
    expect(text).toMatch(/cache_lookups_total\{[^}]*tier="redis"[^}]*result="hit"[^}]*\} [1-9]/);
  });

  it('are shown together, and one that goes drops out', async () => {
    await Promise.all([ask(one, 'first'), ask(two, 'second')]);
    const cluster = async () => (await one.get('/metrics?scope=cluster')).body;
    await vi.waitFor(async () => expect((await cluster()).replicas).toBe(2), { timeout: 10_000 });
    // The other replica tells its counters once a second.
    await vi.waitFor(
      async () => {
        const single = (await one.get('/metrics')).body;
        expect((await cluster()).total_requests).toBeGreaterThan(single.total_requests);
      },
      { timeout: 10_000 },
    );
    const { data } = await one.graphql<{ metrics: { replicas: number } }>(
      '{ metrics(scope: CLUSTER) { replicas totalRequests p95LatencyMs } }',
    );
    expect(data.metrics.replicas).toBe(2);
    const fleet = await one.graphql<{ replicas: Record<string, unknown>[] }>(
      '{ replicas { id isSelf host serverVersion status ready totalRequests models { name servingVersion } } }',
    );
    expect(fleet.data.replicas.map(({ isSelf }) => isSelf)).toEqual([true, false]);
    for (const replica of fleet.data.replicas) {
      expect(replica).toMatchObject({ ready: true, serverVersion: SERVER_VERSION });
      expect(replica.totalRequests).toBeGreaterThan(0);
      expect(replica.models).toContainEqual({ name: 'banking77', servingVersion: '2' });
    }
    await two.stop();
    await vi.waitFor(async () => expect((await cluster()).replicas).toBe(1), { timeout: 10_000 });
  });

  it('say why they are degraded when Redis dies, go on serving, and recover', async () => {
    await redis.kill();
    await vi.waitFor(async () => {
      // The breaker learns of it from a prediction, which is answered all the same.
      const { status } = await ask(one, `text ${String(Math.random())}`);
      expect(status).toBe(200);
      const { status: health, body } = await one.get('/health');
      expect(health).toBe(200);
      expect(body.status).toBe('degraded');
      expect(body.reasons.join()).toContain('Redis');
    });
    await redis.restart();
    await vi.waitFor(async () => expect((await one.get('/health')).body.status).toBe('healthy'), {
      timeout: 15_000,
    });
  });
});
