import { describe, expect, test } from 'vitest';
import { ModelCosts, UNMEASURED_COST } from '../../../src/access/cost/model-costs.ts';

function costs(stated: Readonly<Record<string, number>> = {}) {
  const changes: string[] = [];
  const model = new ModelCosts({
    statedMs: (name) => stated[name],
    onChange: (name) => changes.push(name),
  });
  const observe = (batches: number, msPerRow: number) => {
    for (let i = 0; i < batches; i++) model.observe('a', 8, msPerRow * 8);
  };
  return { model, changes, observe };
}

describe('the cost of a row', () => {
  test('is what the manifest states until it is measured', () => {
    const { model, observe } = costs({ a: 0.25 });
    expect(model.weight('a')).toBe(256);
    expect(model.weight('b')).toBe(UNMEASURED_COST);
    observe(64, 2);
    expect(model.weight('a')).toBe(2048);
    expect(model.measuredMs('a')).toBeCloseTo(2, 0);
  });

  test('is a power of two that changes only with a factor of two', () => {
    const { model, changes, observe } = costs();
    observe(64, 0.5);
    expect(model.weight('a')).toBe(512);
    for (const drift of [0.6, 0.7, 0.9, 0.4, 0.3]) observe(4000, drift);
    expect(model.weight('a')).toBe(512);
    expect(changes).toEqual(['a']);
    observe(4000, 1.2);
    expect(model.weight('a')).toBe(1024);
    expect(changes).toEqual(['a', 'a']);
  });

  test('is the median: one slow batch does not count', () => {
    const { model, observe } = costs();
    observe(63, 0.5);
    observe(1, 1000);
    expect(model.weight('a')).toBe(512);
  });

  test('is taken from another replica, unless this one has measured otherwise', () => {
    const { model, changes, observe } = costs();
    model.adopt('a', 4096);
    expect(model.weight('a')).toBe(4096);
    // Whoever has measured it tells it.
    expect(changes).toEqual([]);
    observe(64, 0.5);
    expect(model.weight('a')).toBe(512);
    expect(changes).toEqual(['a']);
    model.adopt('a', 4096);
    expect(model.weight('a')).toBe(512);
    for (const nonsense of [0, -1, NaN, 0.5, 1000, 2 ** 40]) model.adopt('b', nonsense);
    expect(model.weight('b')).toBe(UNMEASURED_COST);
  });
});
