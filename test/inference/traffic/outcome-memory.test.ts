import { describe, expect, it } from 'vitest';
import { OutcomeMemory } from '../../../src/inference/traffic/outcome-memory.ts';
import { MAX_LABELS, VersionStats } from '../../../src/inference/traffic/version-stats.ts';

describe('the memory of predictions', () => {
  it('forgets the oldest, and what is too old', () => {
    let now = 0;
    const memory = new OutcomeMemory<number>({ maxEntries: 3, maxAgeMs: 100, now: () => now });
    const ids = Array.from({ length: 5 }, (_, i) => memory.remember(i));
    expect(ids.map((id) => memory.get(id))).toEqual([undefined, undefined, 2, 3, 4]);
    now = 101;
    const fresh = memory.remember(9);
    expect(ids.map((id) => memory.get(id))).toEqual(Array(5).fill(undefined));
    expect(memory.get(fresh)).toBe(9);
  });

  it('makes ids that are UUIDs, and knows no others', () => {
    const memory = new OutcomeMemory<number>({ maxEntries: 3 });
    const id = memory.remember(1);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    for (const other of ['', 'x', id.slice(1), `0${id.slice(1, -1)}`, id.replace(/.$/, 'f')]) {
      expect(memory.get(other)).toBeUndefined();
    }
  });
});

describe('the figures of a version', () => {
  it('count labels one by one up to a limit', () => {
    const stats = new VersionStats();
    for (let i = 0; i < MAX_LABELS + 5; i++) stats.predicted(`label ${i}`, 0.5);
    stats.predicted('label 7', 1);
    stats.predicted(['label 7', 'another'], null);
    stats.predicted(3.5, null);
    expect(stats.predictions).toHaveLength(MAX_LABELS);
    expect(stats.predictions[0]).toEqual({ label: 'label 7', count: 3 });
    expect(stats.otherPredictions).toBe(6);
    expect(stats.meanConfidence).toBeCloseTo(0.5, 2);
  });

  it('count a trial from its beginning', () => {
    const stats = new VersionStats();
    stats.answered(5, false);
    stats.failed();
    stats.beginTrial();
    stats.answered(5, true);
    expect(stats.total.answered).toMatchObject({ count: 3, successes: 2 });
    expect(stats.trial.answered).toMatchObject({ count: 1, successes: 1 });
    expect(stats.trial.latency.count).toBe(0);
  });
});
