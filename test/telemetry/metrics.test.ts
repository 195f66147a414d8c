import { afterEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '../../src/telemetry/metrics.ts';
import type { MetricsSnapshot } from '../../src/services/metrics-snapshot.ts';

const START = 1_700_000_000_000;

function metricsAt(): { metrics: Metrics; clock: { now: number } } {
  const clock = { now: START };
  return { metrics: new Metrics({ now: () => clock.now }), clock };
}

function predict(metrics: Metrics, model: string, version: string, times: number, ms = 10): void {
  const recorder = metrics.recorder(model, version);
  for (let i = 0; i < times; i++) {
    recorder.started();
    recorder.succeeded(ms);
  }
}

describe('metrics snapshot', () => {
  it('is all zeros for a model that never counted', () => {
    const { metrics } = metricsAt();
    expect(metrics.snapshot('nobody')).toMatchObject({
      timestamp: START,
      uptimeSeconds: 0,
      model: 'nobody',
      replicas: 1,
      totalRequests: 0,
      cacheHitRate: 0,
      latency: { avgMs: null, p50Ms: null, p95Ms: null, p99Ms: null },
      throughput: 0,
      avgBatchSize: null,
      errors: {},
    });
  });

  it('counts outcomes, errors by code and what is in flight', () => {
    const { metrics } = metricsAt();
    predict(metrics, 'a', '1', 3);
    const recorder = metrics.recorder('a', '1');
    recorder.started();
    recorder.failed('OVERLOADED', 0.2);
    recorder.started();
    recorder.failed('OVERLOADED', 0.2);
    recorder.started();
    expect(metrics.snapshot('a')).toMatchObject({
      totalRequests: 6,
      successfulRequests: 3,
      failedRequests: 2,
      inFlight: 1,
      errors: { OVERLOADED: 2 },
      // Refusals are quick; they must not make the model look fast.
      latency: { avgMs: 10 },
    });
  });

  it('tells the hit rate over both tiers', () => {
    const { metrics } = metricsAt();
    const recorder = metrics.recorder('a', '1');
    recorder.cacheHit('memory', 0.1);
    recorder.cacheHit('redis', 0.1);
    recorder.cacheHit('memory', 0.1);
    recorder.cacheMiss('memory', 0.1);
    expect(metrics.snapshot()).toMatchObject({
      cacheHits: 3,
      cacheMisses: 1,
      cacheHitRate: 0.75,
    });
  });

  it('sorts batches into bars by rows', () => {
    const { metrics } = metricsAt();
    const recorder = metrics.recorder('a', '1');
    for (const rows of [1, 2, 3, 32, 33, 5_000]) recorder.batch(rows, 4);
    const { batchSizes, batches, avgBatchSize } = metrics.snapshot();
    expect(batches).toBe(6);
    expect(avgBatchSize).toBeCloseTo(5_071 / 6);
    expect(batchSizes.filter(({ count }) => count > 0)).toEqual([
      { upTo: 1, count: 1 },
      { upTo: 2, count: 1 },
      { upTo: 4, count: 1 },
      { upTo: 32, count: 1 },
      { upTo: 64, count: 1 },
      { upTo: null, count: 1 },
    ]);
  });

  it('adds up the models when none is named', () => {
    const { metrics } = metricsAt();
    predict(metrics, 'a', '1', 2);
    predict(metrics, 'a', '2', 3);
    predict(metrics, 'b', '1', 4);
    metrics.recorder('a', '1').watchQueue(() => 5);
    metrics.recorder('b', '1').watchQueue(() => 7);
    expect(metrics.snapshot('a')).toMatchObject({ totalRequests: 5, queuedRows: 5, model: 'a' });
    expect(metrics.snapshot()).toMatchObject({ totalRequests: 9, queuedRows: 12, model: null });
  });

  it('gives the same recorder for the same model version', () => {
    const { metrics } = metricsAt();
    expect(metrics.recorder('a', '1')).toBe(metrics.recorder('a', '1'));
    expect(metrics.recorder('a', '2')).not.toBe(metrics.recorder('a', '1'));
  });

  it('keeps the totals of a forgotten version, and what it still finishes', () => {
    const { metrics } = metricsAt();
    predict(metrics, 'a', '1', 2);
    const recorder = metrics.recorder('a', '1');
    recorder.started();
    metrics.forget('a', '1');
    expect(metrics.snapshot('a')).toMatchObject({ totalRequests: 3, inFlight: 1 });
    recorder.succeeded(10);
    predict(metrics, 'a', '2', 1);
    for (let again = 0; again < 2; again++) {
      expect(metrics.snapshot('a')).toMatchObject({
        totalRequests: 4,
        successfulRequests: 4,
        inFlight: 0,
      });
    }
  });

  it('measures throughput over the last ten seconds', () => {
    const { metrics, clock } = metricsAt();
    for (let second = 0; second < 20; second++) {
      predict(metrics, 'a', '1', 50);
      clock.now += 1_000;
    }
    expect(metrics.snapshot().throughput).toBeCloseTo(50);
    clock.now += 5_000;
    expect(metrics.snapshot().throughput).toBeLessThan(50);
    clock.now += 5_000;
    expect(metrics.snapshot().throughput).toBe(0);
  });

  it('shows the latencies of the last minute, not those since the start', async () => {
    const { metrics, clock } = metricsAt();
    predict(metrics, 'a', '1', 10_000, 5);
    clock.now += 45_000;
    predict(metrics, 'a', '1', 1, 5);
    expect(metrics.snapshot('a').latency.p50Ms).toBeCloseTo(5, 0);
    clock.now += 60_000;
    expect(metrics.snapshot('a').latency).toEqual({
      avgMs: null,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
    });
    predict(metrics, 'a', '1', 20, 800);
    for (const model of ['a', undefined]) {
      const { latency, totalRequests } = metrics.snapshot(model);
      expect(latency.avgMs).toBeCloseTo(800);
      expect(latency.p50Ms).toBeGreaterThan(780);
      expect(totalRequests).toBe(10_021);
    }
    // Prometheus makes its own windows of the totals.
    const { body } = await metrics.prometheus('prometheus');
    expect(body).toMatch(/request_duration_seconds_count\{[^}]*outcome="success"\} 10021/);
    metrics.close();
  });

  it('keeps the latencies of a forgotten version for as long', () => {
    const { metrics, clock } = metricsAt();
    predict(metrics, 'a', '1', 5, 100);
    metrics.forget('a', '1');
    expect(metrics.snapshot('a').latency.avgMs).toBeCloseTo(100);
    clock.now += 20_000;
    expect(metrics.snapshot('a').latency.avgMs).toBeCloseTo(100);
    clock.now += 60_000;
    expect(metrics.snapshot('a').latency.avgMs).toBeNull();
  });

  it('does not take the first second for a tenth of the load', () => {
    const { metrics, clock } = metricsAt();
    predict(metrics, 'a', '1', 100);
    clock.now += 1_000;
    expect(metrics.snapshot().throughput).toBeCloseTo(100);
  });
});

describe('metrics subscription', () => {
  afterEach(() => vi.useRealTimers());

  it('calls at once and then at intervals, until it ends', async () => {
    vi.useFakeTimers();
    const metrics = new Metrics();
    const seen: MetricsSnapshot[] = [];
    const end = metrics.subscribe({ intervalMs: 100 }, (snapshot) => seen.push(snapshot));
    expect(seen).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(250);
    expect(seen).toHaveLength(3);
    end();
    end();
    await vi.advanceTimersByTimeAsync(500);
    expect(seen).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shares one timer and one snapshot between a thousand subscribers', async () => {
    vi.useFakeTimers();
    const metrics = new Metrics();
    const seen: MetricsSnapshot[] = [];
    const ends = Array.from({ length: 1_000 }, () =>
      metrics.subscribe({ model: 'a', intervalMs: 100 }, (snapshot) => seen.push(snapshot)),
    );
    metrics.subscribe({ intervalMs: 100 }, () => undefined);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(0);
    seen.length = 0;
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toHaveLength(1_000);
    expect(new Set(seen).size).toBe(1);
    for (const end of ends) end();
    expect(vi.getTimerCount()).toBe(1);
    metrics.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('drops a listener that throws and goes on with the others', async () => {
    vi.useFakeTimers();
    const metrics = new Metrics();
    const broken = vi.fn(() => {
      throw new Error('gone');
    });
    const sound = vi.fn();
    metrics.subscribe({ intervalMs: 100 }, broken);
    metrics.subscribe({ intervalMs: 100 }, sound);
    await vi.advanceTimersByTimeAsync(300);
    expect(broken).toHaveBeenCalledTimes(1);
    expect(sound).toHaveBeenCalledTimes(4);
    metrics.close();
  });

  it('tells nothing to one who left before the first snapshot', async () => {
    const metrics = new Metrics();
    const listener = vi.fn();
    metrics.subscribe({ intervalMs: 100 }, listener)();
    await Promise.resolve();
    await Promise.resolve();
    expect(listener).not.toHaveBeenCalled();
  });
});
