import { describe, expect, it } from 'vitest';
import { agrees, isRight, toAnswer } from '../../src/rollout/agreement.ts';

describe('agreement of two versions', () => {
  it.each([
    ['classification', 'a', 'a', true],
    ['classification', 'a', 'b', false],
    ['multi-label', ['a', 'b'], ['b', 'a'], true],
    ['multi-label', ['a'], ['a', 'b'], false],
    ['multi-label', [], [], true],
    ['regression', 100, 100.9, true],
    ['regression', 100, 102, false],
    ['regression', 0, 0, true],
    ['regression', [1, 2], [1, 2.5], false],
    ['regression', 1, Number.NaN, false],
    ['embedding', [1, 0], [2, 0.01], true],
    ['embedding', [1, 0], [0, 1], false],
    ['classification', 'a', ['a'], false],
  ] as const)('%s: %j and %j: %s', (kind, a, b, expected) => {
    expect(agrees(kind, a, b)).toBe(expected);
  });

  it('reads typed arrays and leaves raw tensors alone', () => {
    expect(toAnswer('embedding', new Float32Array([1, 2]))).toEqual([1, 2]);
    expect(toAnswer('tensors', [1])).toBeUndefined();
    expect(toAnswer('regression', null)).toBeUndefined();
  });
});

describe('outcomes', () => {
  it.each([
    ['classification', 'a', 'a', true],
    ['classification', 'a', 'b', false],
    ['multi-label', ['a', 'b'], ['b', 'a'], true],
    ['regression', 105, 100, true],
    ['regression', 115, 100, false],
  ] as const)('%s: predicted %j, actually %j: %s', (kind, predicted, actual, right) => {
    expect(isRight(kind, predicted, actual)).toBe(right);
  });

  it.each([
    ['classification', 1],
    ['multi-label', 'a'],
    ['regression', 'a'],
    ['regression', null],
    ['embedding', [1]],
  ] as const)('must be of the kind that is predicted: %s, %j', (kind, actual) => {
    expect(() => isRight(kind, 'a', actual)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
