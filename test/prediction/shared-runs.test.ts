import { describe, expect, it } from 'vitest';
import { SharedRun } from '../../src/prediction/shared-run.ts';
import { SharedRuns } from '../../src/prediction/shared-runs.ts';

describe('the table of shared runs', () => {
  it('does what a Map does, for keys that share a bucket too', () => {
    const table = new SharedRuns();
    const map = new Map<string, SharedRun>();
    const keys = Array.from({ length: 60 }, (_, i) => `${'abc'[i % 3]}x${i}`);
    let state = 1;
    for (let step = 0; step < 5_000; step++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      const key = keys[(state >> 8) % keys.length] ?? '';
      if (state & 0x10000) {
        const run = new SharedRun({});
        table.set(key, run);
        map.set(key, run);
      } else {
        const run = map.get(key);
        if (run) table.delete(key, run);
        map.delete(key);
      }
      expect(table.size).toBe(map.size);
    }
    for (const key of keys) expect(table.get(key)).toBe(map.get(key));
  });

  it('does not remove the run that took a place for the one that lost it', () => {
    const table = new SharedRuns();
    const [lost, took] = [new SharedRun({}), new SharedRun({})];
    table.set('key', lost);
    table.set('key', took);
    table.delete('key', lost);
    expect(table.get('key')).toBe(took);
    expect(table.size).toBe(1);
  });
});
