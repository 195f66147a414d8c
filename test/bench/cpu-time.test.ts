import { describe, expect, it } from 'vitest';
import { cpuTimeMs, parseStat } from '../../bench/cpu-time.ts';

describe('processor time', () => {
  it('reads parent and ticks, whatever the process is called', () => {
    const line = '42 (a) b (c)) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 9 9 20 0 1 0 100';
    expect(parseStat(line)).toEqual({ parent: 7, ticks: 200 });
    expect(parseStat('')).toBeNull();
  });

  it('knows nothing of a process that is not there', () => {
    expect(cpuTimeMs(2 ** 30)).toBeNull();
  });
});
