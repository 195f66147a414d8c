import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../bench/scaling/simulate.ts';
import {
  measuredTable,
  readMeasured,
  scenarioOf,
  simulatedTable,
} from '../../bench/scaling/tables.ts';

const measured = readMeasured();

const small = (change: Partial<Parameters<typeof simulate>[0]> = {}) =>
  simulate({
    ...scenarioOf(measured, { replicas: 10, redis: false, rollingUpdate: false }),
    requests: 20_000,
    ...change,
  });

describe('the simulation of many replicas', () => {
  it('gives the same figures for the same seed, others for another', () => {
    expect(small()).toEqual(small());
    expect(small({ seed: 1 })).not.toEqual(small({ seed: 2 }));
  });

  it('is M/D/1 where nothing is cached and service takes always as long', () => {
    const { utilization, p50Ms, hitRate } = small({
      replicas: 1,
      inputs: 1_000_000,
      cacheEntries: 0,
      missMs: [1],
      hitMs: 0,
      ratePerReplica: 500,
    });
    expect(hitRate).toBe(0);
    // Half of the time busy; half of the requests wait for nothing.
    expect(utilization).toBeCloseTo(0.5, 1);
    expect(p50Ms).toBeGreaterThanOrEqual(1);
    expect(p50Ms).toBeLessThan(1.3);
  });

  it('has Redis raise the share of hits, and save most of what a rolling update costs', () => {
    const without = small();
    const shared = small({ redis: true });
    expect(shared.hitRate).toBeGreaterThan(without.hitRate);
    const lost = without.hitRate - small({ rollingUpdate: true }).hitRate;
    const lostShared = shared.hitRate - small({ redis: true, rollingUpdate: true }).hitRate;
    expect(lost).toBeGreaterThan(lostShared);
  });

  it('is what docs/scaling.md shows (npx tsx bench/scaling/main.ts)', () => {
    const page = readFileSync('docs/scaling.md', 'utf8');
    expect(page).toContain(measuredTable(measured));
    const [, , ...rows] = simulatedTable(measured, [10]).split('\n');
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(page).toContain(row);
  }, 120_000);
});
