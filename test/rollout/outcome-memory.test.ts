import { describe, expect, it } from 'vitest';
import { OutcomeMemory } from '../../src/rollout/outcome-memory.ts';
import { MAX_LABELS, VersionStats } from '../../src/rollout/version-stats.ts';

describe('the memory of predictions', () => {
  it('forgets the oldest, and what is too old', () => {
    let now = 0;
    const memory = new OutcomeMemory<string>({ maxEntries: 3, maxAgeMs: 100, now: () => now });
    const ids = Array.from({ length: 5 }, (_, i) => memory.remember('model', i));
    expect(ids.map((id) => memory.get(id)?.answer)).toEqual([undefined, undefined, 2, 3, 4]);
    now = 101;
    const fresh = memory.remember('model', 9);
    expect(ids.map((id) => memory.get(id))).toEqual(Array(5).fill(undefined));
    expect(memory.get(fresh)).toMatchObject({ source: 'model', answer: 9 });
  });

  it('makes ids that are UUIDs, each another one, and knows no others', () => {
    const memory = new OutcomeMemory<string>({ maxEntries: 2_000 });
    const ids = Array.from({ length: 2_000 }, (_, i) => memory.remember('model', i));
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.map((id) => memory.get(id)?.answer)).toEqual(ids.map((_, i) => i));
    const [id = ''] = ids;
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const changed = Array.from(id, (char, at) => {
      const other = char === '0' ? '1' : '0';
      return id.slice(0, at) + other + id.slice(at + 1);
    });
    for (const other of ['', 'x', id.slice(1), id.toUpperCase() + 'g', ...changed]) {
      expect(memory.get(other)).toBeUndefined();
    }
  });

  it('counts the first report of an outcome only, also where a place is taken anew', () => {
    const memory = new OutcomeMemory<string>({ maxEntries: 1 });
    for (const answer of ['a', 'b']) {
      const id = memory.remember('model', answer);
      expect([memory.get(id)?.report(), memory.get(id)?.report()]).toEqual([true, false]);
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
