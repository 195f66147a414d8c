import { describe, expect, it } from 'vitest';
import { compareRatios, formatComparisons } from '../../bench/guard.ts';

describe('guard of the benchmark', () => {
  it('fails on a loss of more than 10 %, and only then', () => {
    const before = { a: 2, b: 2, c: 2 };
    const now = { a: 1.81, b: 1.79, c: 3 };
    const verdicts = compareRatios(before, now).map(({ key, failed }) => [key, failed]);
    expect(verdicts).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });

  it('compares only what both runs have', () => {
    expect(compareRatios({ a: 1, b: 1 }, { b: 1, c: 1 }).map(({ key }) => key)).toEqual(['b']);
  });

  it('prints the worst first, and says when there was nothing to compare', () => {
    const text = formatComparisons(compareRatios({ gain: 1, loss: 2 }, { gain: 2, loss: 1 }));
    expect(text).toBe('loss  2.00 → 1.00   -50.0 %  LOST\n' + 'gain  1.00 → 2.00  +100.0 %  ok');
    expect(formatComparisons([])).toContain('nothing is proven');
  });
});
