import { describe, expect, it } from 'vitest';
import { compare, radius } from '../../src/rollout/confidence-sequence.ts';

/** A small generator of uniform numbers (mulberry32), so that the test is the same each time. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('comparison of two versions', () => {
  it('shrinks with the outcomes', () => {
    expect(radius(0, 0.05)).toBe(Number.POSITIVE_INFINITY);
    expect(radius(1000, 0.05)).toBeLessThan(radius(100, 0.05));
    expect(radius(1000, 0.01)).toBeGreaterThan(radius(1000, 0.05));
  });

  it('says nothing before there are outcomes', () => {
    expect(compare({ successes: 0, count: 0 }, { successes: 1, count: 1 })).toEqual({
      difference: null,
      interval: null,
      verdict: 'not yet known',
      moreNeeded: null,
    });
  });

  it('tells better and worse, and until then how many more outcomes are needed', () => {
    const good = { successes: 960, count: 1000 };
    const bad = { successes: 700, count: 1000 };
    expect(compare(good, bad).verdict).toBe('better');
    expect(compare(bad, good).verdict).toBe('worse');
    const open = compare({ successes: 96, count: 100 }, { successes: 90, count: 100 });
    expect(open.verdict).toBe('not yet known');
    const more = open.moreNeeded ?? 0;
    expect(more).toBeGreaterThan(0);
    const later = compare(
      { successes: 0.96 * (100 + more), count: 100 + more },
      { successes: 0.9 * (100 + more), count: 100 + more },
    );
    expect(later.verdict).toBe('better');
  });

  it('stays right when it is looked at after every outcome', () => {
    let wrong = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const next = uniform(run + 1);
      let a = 0;
      let b = 0;
      for (let n = 1; n <= 2000; n++) {
        if (next() < 0.9) a++;
        if (next() < 0.9) b++;
        if (
          compare({ successes: a, count: n }, { successes: b, count: n }).verdict !==
          'not yet known'
        ) {
          wrong++;
          break;
        }
      }
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05);
  });
});
