import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRedisLink } from '../../src/redis/create-redis-link.ts';
import { RedisReplicaStore } from '../../src/redis/replica-store.ts';
import { loadConfig } from '../../src/config.ts';
import { ClusterMetrics } from '../../src/telemetry/cluster-metrics.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import type { MetricsSnapshot } from '../../src/services/metrics-snapshot.ts';
import { decodeReplicaPage, encodeReplicaPage } from '../../src/telemetry/replica-page.ts';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';

function predict(metrics: Metrics, model: string, latencies: readonly number[]): void {
  const recorder = metrics.recorder(model, '1');
  for (const ms of latencies) {
    recorder.started();
    recorder.succeeded(ms);
  }
}

const RANGE = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('metrics of a replica that stands alone', () => {
  it('are its own', async () => {
    const metrics = new Metrics();
    predict(metrics, 'a', [1, 2, 3]);
    const cluster = new ClusterMetrics({ metrics });
    expect(await cluster.snapshot('a')).toEqual({
      ...metrics.snapshot('a'),
      timestamp: expect.any(Number) as number,
      uptimeSeconds: expect.any(Number) as number,
      throughput: expect.any(Number) as number,
    });
    expect((await cluster.snapshot()).replicas).toBe(1);
    await cluster.close();
  });
});

describe('page of a replica', () => {
  it('gives back what it was given', () => {
    const metrics = new Metrics();
    predict(metrics, 'a', RANGE(1, 500));
    const recorder = metrics.recorder('a', '1');
    recorder.started();
    recorder.failed('OVERLOADED', 1);
    recorder.batch(7, 1);
    recorder.cacheHit('redis', 0.1);
    const totals = metrics.totals('a');
    const bytes = encodeReplicaPage({ uptimeSeconds: 5, models: new Map([['a', totals]]) });
    expect(bytes.length).toBeLessThan(1_500);
    const page = decodeReplicaPage(bytes);
    expect(page?.uptimeSeconds).toBe(5);
    const frame = { timestamp: 0, uptimeSeconds: 0, model: 'a', replicas: 1 };
    expect(page?.models.get('a')?.toSnapshot(frame)).toEqual(totals.toSnapshot(frame));
  });

  it.each(['', 'nonsense', '{"version":2}', '{"version":1,"uptime":1,"models":[{}]}'])(
    'is not made of %j',
    (text) => {
      expect(decodeReplicaPage(Buffer.from(text))).toBeUndefined();
    },
  );
});

describe.skipIf(!redisServerAvailable)('metrics of many replicas', () => {
  let server: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
    // One test takes the server away.
    admin.on('error', () => undefined);
  });
  beforeEach(() => admin.flushall());
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  async function replica(replicaId: string, expireAfterMs = 60_000) {
    const metrics = new Metrics();
    const link = createRedisLink(loadConfig({ REDIS_URL: server.url }), 'metrics');
    await vi.waitFor(() => expect(link.up).toBe(true));
    const store = new RedisReplicaStore({ link, keyPrefix: 'mlapi:' });
    const options = { metrics, store, replicaId, expireAfterMs, publishEveryMs: 60_000 };
    const cluster = new ClusterMetrics(options);
    onTestFinished(() => cluster.close());
    return { metrics, cluster, link };
  }

  const replicasOf = (cluster: ClusterMetrics, count: number) =>
    vi.waitFor(async () => expect((await cluster.snapshot()).replicas).toBe(count), {
      timeout: 5_000,
    });

  it('sum up counters and merge histograms', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    predict(one.metrics, 'a', RANGE(1, 101));
    predict(two.metrics, 'a', RANGE(901, 1_001));
    predict(two.metrics, 'b', [5]);
    two.metrics.recorder('a', '1').started();
    two.metrics.recorder('a', '1').failed('OVERLOADED', 1);
    two.metrics.recorder('a', '1').watchQueue(() => 9);
    await two.cluster.publish();
    const snapshot = await one.cluster.snapshot('a');
    expect(snapshot).toMatchObject({
      model: 'a',
      replicas: 2,
      totalRequests: 201,
      successfulRequests: 200,
      errors: { OVERLOADED: 1 },
      queuedRows: 9,
    });
    // The mean of both medians would be 500: nothing was ever that slow or that fast.
    expect(snapshot.latency.p50Ms).toBeLessThan(103);
    expect(snapshot.latency.p95Ms).toBeGreaterThan(960);
    expect(snapshot.latency.avgMs).toBeCloseTo(500.5);
    expect((await one.cluster.snapshot()).totalRequests).toBe(202);
  });

  it('show a model that only another replica serves', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    predict(two.metrics, 'b', [5, 6]);
    await two.cluster.publish();
    expect(await one.cluster.snapshot('b')).toMatchObject({ totalRequests: 2, replicas: 2 });
  });

  it('count this replica live, not as it was when it last published', async () => {
    const one = await replica('one');
    await one.cluster.publish();
    predict(one.metrics, 'a', [1]);
    expect(await one.cluster.snapshot()).toMatchObject({ totalRequests: 1, replicas: 1 });
  });

  it('lose a replica that vanishes when its page expires', async () => {
    const [one, two] = [await replica('one'), await replica('two', 300)];
    await two.cluster.publish();
    await replicasOf(one.cluster, 2);
    await replicasOf(one.cluster, 1);
    await vi.waitFor(async () => expect(await admin.smembers('mlapi:{replicas}')).toEqual([]));
  });

  it('lose a replica that leaves at once', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    await two.cluster.publish();
    await replicasOf(one.cluster, 2);
    await two.cluster.close();
    expect(await admin.keys('mlapi:{replicas}*')).toEqual([]);
    await replicasOf(one.cluster, 1);
  });

  it('skip the page of a replica that speaks another form', async () => {
    const one = await replica('one');
    await admin.sadd('mlapi:{replicas}', 'newer');
    await admin.set('mlapi:{replicas}:newer', '{"version":99}');
    expect((await one.cluster.snapshot()).replicas).toBe(1);
  });

  it('publish by themselves', async () => {
    const metrics = new Metrics();
    const link = createRedisLink(loadConfig({ REDIS_URL: server.url }), 'metrics');
    const store = new RedisReplicaStore({ link, keyPrefix: 'mlapi:' });
    const cluster = new ClusterMetrics({ metrics, store, replicaId: 'self', publishEveryMs: 20 });
    await vi.waitFor(async () => expect(await admin.exists('mlapi:{replicas}:self')).toBe(1));
    await cluster.close();
  });

  it('stream to subscribers', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    predict(two.metrics, 'a', [1, 2]);
    await two.cluster.publish();
    const first = await new Promise<MetricsSnapshot>((resolve) => {
      onTestFinished(one.cluster.subscribe({ intervalMs: 1_000 }, resolve));
    });
    expect(first).toMatchObject({ replicas: 2, totalRequests: 2 });
  });

  it('are those of this replica alone while Redis is down', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    predict(one.metrics, 'a', [1]);
    await two.cluster.publish();
    await replicasOf(one.cluster, 2);
    await server.kill();
    await replicasOf(one.cluster, 1);
    expect((await one.cluster.snapshot()).totalRequests).toBe(1);
    await one.cluster.publish();
    await server.restart();
    await vi.waitFor(() => expect(two.link.up && one.link.up).toBe(true), { timeout: 10_000 });
    await two.cluster.publish();
    await replicasOf(one.cluster, 2);
  });
});
