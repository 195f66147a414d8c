import { describe, expect, it } from 'vitest';
import { median, pairedRatio, quantile, spread, steadyRate } from '../../bench/stats.ts';

describe('statistics of the benchmark', () => {
  it('takes the middle value, or the mean of the two middle ones', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('does not change what it is given', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('takes quantiles by the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(quantile(values, 0.5)).toBe(50);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile(values, 1)).toBe(100);
    expect(quantile([7], 0.01)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('counts a steady rate, whole batches in full', () => {
    const lumps = [100, 100, 300, 300, 500, 500, 700, 700, 900, 900];
    expect(steadyRate(lumps, 1000)).toBe(10);
    expect(steadyRate([], 1000)).toBe(0);
    expect(steadyRate([500], 1000)).toBe(2);
  });

  it('pairs ratios by round, so that a slow round cancels out', () => {
    expect(pairedRatio([100, 10, 90], [50, 5, 45])).toEqual({ median: 2, min: 2, max: 2 });
    expect(pairedRatio([100, 30], [50])).toEqual({ median: 2, min: 2, max: 2 });
    expect(pairedRatio([], [])).toBeNull();
    expect(pairedRatio([1], [0])).toBeNull();
  });
});
