import { describe, expect, it } from 'vitest';
import { comparePairs } from '../../bench/revision/pairs.ts';

describe('pairs of runs', () => {
  it('tell the median of their ratios and its interval', () => {
    const before = Array.from({ length: 20 }, () => 100);
    const after = Array.from({ length: 20 }, (_, at) => 80 + at);
    // For 20 pairs the sign test leaves out the five smallest and the five largest.
    expect(comparePairs(before, after)).toEqual({ ratio: 0.895, low: 0.85, high: 0.94, pairs: 20 });
  });

  it('take the whole range where there are few', () => {
    const after = [90, 91, 92, 93, 94, 95];
    const before = after.map(() => 100);
    expect(comparePairs(before, after)).toEqual({ ratio: 0.925, low: 0.9, high: 0.95, pairs: 6 });
  });

  it('are not judged where they are too few, or where a run gave nothing', () => {
    expect(() => comparePairs([1, 1, 1, 1, 1], [1, 1, 1, 1, 1])).toThrow(RangeError);
    expect(() => comparePairs([0, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1])).toThrow(RangeError);
  });

  it('judge each pair by itself: what slows both cancels out', () => {
    const before = [100, 50, 100, 20, 100, 70, 10];
    const { ratio, low, high } = comparePairs(
      before,
      before.map((rate) => rate / 2),
    );
    expect([ratio, low, high]).toEqual([0.5, 0.5, 0.5]);
  });
});
