import { describe, expect, it } from 'vitest';
import { findBreach } from '../../src/rollout/guard.ts';
import { Trial } from '../../src/rollout/version-stats.ts';

const trial = (answered: number, failed: number, latencyMs = 1): Trial => {
  const result = new Trial();
  for (let i = 0; i < answered; i++) {
    result.answered.add(true);
    result.latency.record(latencyMs);
  }
  for (let i = 0; i < failed; i++) result.answered.add(false);
  return result;
};

describe('the guard of a canary', () => {
  const guard = { minRequests: 10, maxErrorRate: 0.1, maxLatencyRatio: 2, minAgreement: 0.9 };

  it('waits for enough requests', () => {
    expect(findBreach(guard, trial(0, 9), trial(100, 0))).toBeUndefined();
    expect(findBreach(guard, trial(0, 10), trial(100, 0))).toContain('10 of 10 requests failed');
  });

  it('allows what the limits allow', () => {
    expect(findBreach(guard, trial(90, 10, 2), trial(100, 0, 1))).toBeUndefined();
    expect(findBreach(guard, trial(89, 11), trial(100, 0))).toContain('11 %');
    expect(findBreach({ minRequests: 10 }, trial(0, 100), trial(100, 0))).toBeUndefined();
  });

  it('compares latencies once both have enough', () => {
    expect(findBreach(guard, trial(50, 0, 3), trial(9, 0, 1))).toBeUndefined();
    expect(findBreach(guard, trial(50, 0, 3), undefined)).toBeUndefined();
    expect(findBreach(guard, trial(50, 0, 3), trial(50, 0, 1))).toMatch(/p95 latency is 3 ms, 3 t/);
  });

  it('judges by shadowed answers and by outcomes', () => {
    const disagreeing = trial(100, 0);
    for (let i = 0; i < 20; i++) disagreeing.agreement.add(i % 2 === 0);
    expect(findBreach(guard, disagreeing, trial(100, 0))).toMatch(/10 of 20 shadowed.*50 %/);
    const wrong = trial(100, 0);
    for (let i = 0; i < 20; i++) wrong.outcomes.add(i > 4);
    expect(findBreach(guard, wrong, trial(100, 0))).toMatch(/15 of 20 answers turned out right/);
  });
});
