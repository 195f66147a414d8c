import { describe, expect, it } from 'vitest';
import { LatencyHistogram, RELATIVE_ERROR } from '../../src/telemetry/latency-histogram.ts';

/** Numbers between 0 and 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Log-normal latencies: what servers see. */
function latencies(count: number, seed = 1): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () =>
    Math.exp(1 + Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())),
  );
}

describe('latency histogram', () => {
  it('says nothing before the first duration', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.percentile(0.5)).toBeNull();
    expect(histogram.avgMs).toBeNull();
    expect(histogram.cumulative([1, 10])).toEqual([0, 0]);
  });

  it('tells percentiles within its relative error', () => {
    const values = latencies(20_000);
    const sorted = [...values].sort((a, b) => a - b);
    const histogram = histogramOf(values);
    for (const q of [0, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
      const exact = sorted[Math.floor(q * (sorted.length - 1))]!;
      const told = histogram.percentile(q)!;
      expect(Math.abs(told - exact) / exact, `q=${q}`).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(histogram.avgMs).toBeCloseTo(mean, 9);
  });

  it.each([0.001, 0.5, 1, 77, 5_000, 3_600_000])('keeps a lone %s ms exact', (ms) => {
    expect(histogramOf([ms]).percentile(0.99)).toBe(ms);
  });

  it('takes durations that no clock should give', () => {
    const histogram = histogramOf([-1, 0, NaN, 1e-9, 1e300, Infinity]);
    expect(histogram.count).toBe(6);
    expect(histogram.percentile(0)).toBe(0.001);
    expect(histogram.percentile(1)).toBe(86_400_000);
    expect(Number.isFinite(histogram.sumMs)).toBe(true);
  });

  it('merges into what one histogram of all durations would be', () => {
    const [mine, theirs] = [latencies(5_000, 2), latencies(300, 3).map((ms) => ms * 40)];
    const merged = histogramOf(mine);
    merged.add(histogramOf(theirs));
    const together = histogramOf([...mine, ...theirs]);
    for (const q of [0.5, 0.95, 0.99]) expect(merged.percentile(q)).toBe(together.percentile(q));
    expect(merged.count).toBe(5_300);
  });

  it('counts cumulatively up to bounds', () => {
    const histogram = histogramOf([1, 2, 4, 8, 1_000]);
    expect(histogram.cumulative([0.1, 1.5, 3, 20, 2_000])).toEqual([0, 1, 2, 4, 5]);
  });

  it('survives its binary form', () => {
    const histogram = histogramOf(latencies(10_000));
    const bytes = histogram.toBytes();
    expect(bytes.length).toBeLessThan(1_000);
    const read = LatencyHistogram.fromBytes(bytes)!;
    expect(read.count).toBe(histogram.count);
    expect(read.sumMs).toBe(histogram.sumMs);
    for (const q of [0, 0.5, 0.99, 1]) expect(read.percentile(q)).toBe(histogram.percentile(q));
    expect(LatencyHistogram.fromBytes(new LatencyHistogram().toBytes())?.count).toBe(0);
  });

  it('refuses bytes that are not its own and never throws', () => {
    const bytes = histogramOf(latencies(100)).toBytes();
    expect(LatencyHistogram.fromBytes(new Uint8Array())).toBeUndefined();
    expect(LatencyHistogram.fromBytes(bytes.with(0, 99))).toBeUndefined();
    expect(LatencyHistogram.fromBytes(bytes.subarray(0, 20))).toBeUndefined();
    const random = randomNumbers(4);
    for (let round = 0; round < 2_000; round++) {
      const damaged = bytes.slice(0, 1 + Math.floor(random() * bytes.length));
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      const read = LatencyHistogram.fromBytes(damaged);
      if (read && read.count > 0) expect(Number.isFinite(read.percentile(0.5)!)).toBe(true);
    }
  });
});
