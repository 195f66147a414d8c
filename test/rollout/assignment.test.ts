import { describe, expect, it } from 'vitest';
import { pickVersion, placeOf } from '../../src/rollout/assignment.ts';

const keys = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
const assign = (percent: number) =>
  keys.map((key) => pickVersion([{ version: '2', percent }], '1', placeOf('split', 'm', key)));

describe('assignment of requests to versions', () => {
  it.each([1, 10, 37.5, 90])('gives %s percent of 20,000 keys within one point', (percent) => {
    const share = assign(percent).filter((version) => version === '2').length / keys.length;
    expect(Math.abs(share * 100 - percent)).toBeLessThan(1);
  });

  it('is the same for the same key, everywhere', () => {
    expect(assign(10)).toEqual(assign(10));
    // Written down, so that a change of the hash is seen: replicas of two releases must agree.
    expect(placeOf('split', 'banking77', 'user-1')).toBeCloseTo(PLACE_OF_USER_1, 12);
  });

  it('keeps the first ten percent when ten become twenty', () => {
    const before = assign(10);
    const after = assign(20);
    for (const [i, version] of before.entries()) if (version === '2') expect(after[i]).toBe('2');
  });

  it('places a key independently in split and shadow, and in each model', () => {
    const both = keys.filter(
      (key) => placeOf('split', 'm', key) < 0.5 && placeOf('shadow', 'm', key) < 0.5,
    );
    expect(Math.abs(both.length / keys.length - 0.25)).toBeLessThan(0.01);
  });
});

const PLACE_OF_USER_1 = 0.6138455243099159;
