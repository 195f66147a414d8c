import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../console/src/api/types.ts';
import { History } from '../../console/src/charts/history.ts';

function snapshot(seconds: number, counts: Partial<Metrics>): Metrics {
  return {
    timestamp: seconds * 1000,
    totalRequests: 0,
    failedRequests: 0,
    cacheHits: 0,
    cacheMisses: 0,
    cacheHitRate: 0,
    p50LatencyMs: null,
    p95LatencyMs: null,
    p99LatencyMs: null,
    throughput: 0,
    inFlight: 0,
    queuedRows: 0,
    batches: 0,
    avgBatchSize: null,
    batchSizes: [],
    ...counts,
  };
}

describe('the history of the charts', () => {
  it('makes rates of counters, and none before the second snapshot', () => {
    const history = new History();
    history.push(snapshot(1, { totalRequests: 100 }));
    history.push(snapshot(2, { totalRequests: 130 }));
    history.push(snapshot(4, { totalRequests: 140 }));
    expect(history.columns().requestsPerSecond).toEqual([null, 30, 5]);
  });

  it('leaves a gap where the server was restarted', () => {
    const history = new History();
    history.push(snapshot(1, { totalRequests: 100, cacheHits: 90, cacheMisses: 10 }));
    history.push(snapshot(5, { totalRequests: 2, cacheHits: 1, cacheMisses: 1 }));
    history.push(snapshot(6, { totalRequests: 4, cacheHits: 3, cacheMisses: 1 }));
    expect(history.columns().requestsPerSecond).toEqual([null, null, 2]);
    expect(history.columns().hitRate).toEqual([null, null, 1]);
  });

  it('takes the hit rate over the last ten seconds', () => {
    const history = new History();
    for (let second = 0; second <= 20; second += 1) {
      const hits = second <= 10 ? 0 : second - 10;
      history.push(snapshot(second, { totalRequests: second, cacheHits: hits, cacheMisses: 10 }));
    }
    expect(history.columns().hitRate.at(-1)).toBe(1);
  });

  it('forgets what the charts no longer show', () => {
    const history = new History();
    for (let second = 0; second < 1000; second += 1) history.push(snapshot(second, {}));
    expect(history.columns().time.length).toBeLessThan(100);
    expect(history.latest?.timestamp).toBe(999_000);
  });
});
