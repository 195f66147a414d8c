import { describe, expect, it } from 'vitest';
import { HashedNgrams } from '../../../src/codecs/text/hashed-ngrams.ts';
import { processorTimeOf } from '../../support/processor-time.ts';

const encoder = new HashedNgrams({ buckets: 32_768 });
const encode = (text: string, by = encoder) => [...by.encode(by.normalise(text))];

describe('normalise', () => {
  it('sets aside case, punctuation, apostrophes and repeated white space', () => {
    expect(encoder.normalise("  I CAN'T\tpay -- why?\n")).toBe('i cant pay why');
  });

  it('makes typographic and plain writing equal', () => {
    expect(encoder.normalise('I can’t get “ﬁve” £')).toBe(encoder.normalise('i cant get five £'));
  });

  it('keeps letters of every script, and emoji', () => {
    expect(encoder.normalise('Où est 我的卡 😀?')).toBe('où est 我的卡 😀');
  });

  it('drops NUL and lone halves of surrogate pairs', () => {
    expect(encoder.normalise('a\0b \ud83d c\udc00')).toBe('a b c');
  });

  it.each([
    '',
    'Hello, World!',
    'İstanbul ﬁ ½ Å',
    '\u0301\u0345 ͅ',
    "'' ` ’",
    'a\u200bb\ufeff',
    'ẛ̣',
  ])('changes nothing when applied a second time: %j', (text) => {
    const once = encoder.normalise(text);
    expect(encoder.normalise(once)).toBe(once);
  });
});

describe('encode', () => {
  it('gives the buckets that the shipped weights were trained with', () => {
    // A change of these numbers makes every trained model worthless: do not update them lightly.
    expect(encode('card?')).toMatchInlineSnapshot(`
      [
        7598,
        13063,
        20537,
        3929,
        4786,
        23386,
        15206,
        2780,
        31726,
        23407,
      ]
    `);
  });

  it('does not depend on what was encoded before, nor on the instance', () => {
    const first = encode('where is my card');
    encode('a much longer question that leaves other codes in the scratch memory');
    expect(encode('where is my card')).toEqual(first);
    expect(encode('where is my card', new HashedNgrams({ buckets: 32_768 }))).toEqual(first);
  });

  it('leaves the answer untouched by later calls', () => {
    const answer = encoder.encode('first');
    const copy = [...answer];
    encoder.encode('second and longer');
    expect([...answer]).toEqual(copy);
  });

  it.each(['', '   ', '?!…', '\0', '\ud800', "'"])('answers bucket 0 alone for %j', (text) => {
    expect(encode(text)).toEqual([0]);
  });

  it('keeps every other bucket between 1 and the last one', () => {
    const small = new HashedNgrams({ buckets: 5, wordSkips: 2 });
    const buckets = encode('the quick brown fox jumps over the lazy dog', small);
    expect(new Set(buckets)).toEqual(new Set([1, 2, 3, 4]));
  });

  it('yields one feature for each n-gram of each kind', () => {
    const count = (options: object) =>
      encode('ab cd', new HashedNgrams({ buckets: 99, charNgrams: [0, 0], ...options })).length;
    expect(count({ wordNgrams: [1, 1] })).toBe(2);
    expect(count({ wordNgrams: [1, 2] })).toBe(3);
    expect(count({ wordNgrams: [2, 9] })).toBe(1);
    // " ab cd " has five runs of three characters, of which two cross from one word to the next.
    expect(count({ wordNgrams: [0, 0], charNgrams: [3, 3] })).toBe(5);
    expect(count({ wordNgrams: [0, 0], charNgrams: [3, 3], charScope: 'word' })).toBe(4);
  });

  it('joins words at most so many words apart into skip-grams', () => {
    const count = (wordSkips: number) =>
      encode(
        'a b c d',
        new HashedNgrams({ buckets: 99, wordNgrams: [1, 1], charNgrams: [0, 0], wordSkips }),
      ).length;
    expect([count(0), count(1), count(2)]).toEqual([4, 6, 7]);
  });

  it('tells apart words in another order, and other seeds', () => {
    expect(encode('card lost')).not.toEqual(encode('lost card'));
    expect(encode('card', new HashedNgrams({ buckets: 32_768, seed: 1 }))).not.toEqual(
      encode('card'),
    );
  });

  it('spreads n-grams evenly', () => {
    const buckets = 64;
    const spread = new Int32Array(buckets);
    const words = new HashedNgrams({ buckets, wordNgrams: [1, 1], charNgrams: [0, 0] });
    for (let i = 0; i < 6300; i++) spread[words.encode(`word${i}`)[0] ?? 0]! += 1;
    expect(spread[0]).toBe(0);
    expect(Math.min(...spread.subarray(1))).toBeGreaterThan(60);
    expect(Math.max(...spread)).toBeLessThan(140);
  });

  it('never yields more than the bound', () => {
    const bounded = new HashedNgrams({ buckets: 99, maxNgrams: 10 });
    expect(encode('more than ten n-grams are in this text', bounded)).toHaveLength(10);
  });

  it('takes a text of a million characters in its stride', async () => {
    const text = 'word '.repeat(100_000) + 'x'.repeat(500_000);
    const ms = await processorTimeOf(() => {
      expect(encode(text)).toHaveLength(16_384);
    });
    expect(ms).toBeLessThan(2_000);
  });
});

describe('options', () => {
  it.each([
    { buckets: 1 },
    { buckets: 2.5 },
    { buckets: 10, wordNgrams: [2, 1] as const },
    { buckets: 10, charNgrams: [0, 3] as const },
    { buckets: 10, wordSkips: -1 },
    { buckets: 10, maxNgrams: 0 },
  ])('refuses %j', (options) => {
    expect(() => new HashedNgrams(options)).toThrow(RangeError);
  });
});
