import { describe, expect, it } from 'vitest';
import { UsageMeter } from '../../src/access/usage-meter.ts';

describe('usage', () => {
  it('is bounded, loses nothing, and has labels that never go down', () => {
    const usage = new UsageMeter();
    const before = new Map<string, number>();
    for (let i = 0; i < 3_000; i++) {
      usage.used({ id: `key${i}`, name: `key ${i}` }, 2);
      usage.used({ id: `address:10.0.${i >> 8}.${i & 255}`, name: 'anonymous' }, 1);
      if (i % 100 > 0) continue;
      for (const { id, rows } of usage.labelled.values()) {
        expect(rows).toBeGreaterThanOrEqual(before.get(id) ?? 0);
        before.set(id, rows);
      }
    }
    const sum = (all: Iterable<{ rows: number }>) =>
      Array.from(all).reduce((rows, each) => rows + each.rows, 0);
    expect(usage.list().length).toBeLessThanOrEqual(1_001);
    expect(sum(usage.list())).toBe(9_000);
    expect(usage.labelled.size).toBeLessThanOrEqual(102);
    expect(sum(usage.labelled.values())).toBe(9_000);
    expect(usage.labelled.get('addresses')?.rows).toBe(3_000);
  });
});
