import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TextTokenizer } from '../../../src/codecs/text/tokenizer.ts';
import { FIXTURES, readExpected } from '../serve-model.ts';
import { processorTimeOf } from '../../support/processor-time.ts';

interface ExpectedTokens {
  readonly tokenizer: string;
  readonly maxTokens: number;
  readonly texts: { text: string; ids: number[]; truncated: number[] }[];
}

const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as object;

async function load(tokenizer: string, maxTokens: number): Promise<TextTokenizer> {
  const file = path.join(FIXTURES, '..', tokenizer);
  return new TextTokenizer({
    tokenizer: await readJson(file),
    config: await readJson(path.join(path.dirname(file), 'tokenizer_config.json')),
    maxTokens,
  });
}

describe.each(['tokens-wordpiece', 'tokens-byte-bpe'])('%s', async (name) => {
  const expected = await readExpected<ExpectedTokens>(name);
  const whole = await load(expected.tokenizer, 100_000);
  const cut = await load(expected.tokenizer, expected.maxTokens);

  it.each(expected.texts)('$text', ({ text, ids, truncated }) => {
    expect([...whole.encode(text)]).toEqual(ids);
    expect([...cut.encode(text)]).toEqual(truncated);
  });
});

describe('TextTokenizer', () => {
  it('knows the id of padding', async () => {
    const wordpiece = await load('models/hf-text-classification/1/tokenizer.json', 32);
    const bpe = await load('models/hf-embeddings/1/tokenizer.json', 32);
    expect([wordpiece.padId, bpe.padId]).toEqual([0, 1]);
  });

  it('keeps the special tokens however much is cut', async () => {
    const tokenizer = await load('models/hf-text-classification/1/tokenizer.json', 3);
    expect([...tokenizer.encode('the film was great')]).toEqual([2, 82, 3]);
    await expect(load('models/hf-text-classification/1/tokenizer.json', 2)).rejects.toThrow(
      '2 tokens leave no room for a text between 2 special ones',
    );
  });

  it('refuses what is no tokenizer', () => {
    expect(() => new TextTokenizer({ tokenizer: {}, config: {}, maxTokens: 8 })).toThrow();
  });

  it.each(['hf-text-classification', 'hf-embeddings'])(
    'reads only as much of a long text as it keeps, with the same result: %s',
    async (model) => {
      const file = `models/${model}/1/tokenizer.json`;
      const cut = await load(file, 32);
      const whole = await load(file, 1_000_000);
      const pieces = [
        'the film ',
        'unforgettables',
        '日本語',
        '🐧',
        ' .',
        '   ',
        "isn't ",
        'é',
        '[SEP]',
        'ÅNG',
      ];
      // A small generator with a seed: the same texts each time.
      let seed = 7;
      const next = (below: number) => {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        return seed % below;
      };
      for (let i = 0; i < 200; i++) {
        let text = '';
        while (text.length < 3_000) text += pieces[next(pieces.length)]!.repeat(1 + next(40));
        const ids = [...whole.encode(text)];
        expect([...cut.encode(text)]).toEqual([...ids.slice(0, 31), ids.at(-1)]);
      }
    },
  );

  it('does not hold the main thread for long, whatever is sent', async () => {
    const tokenizer = await load('models/hf-embeddings/1/tokenizer.json', 32);
    const hostile = ['a', ' ', 'the ', ' .', '🐧', '日', 'xyz', '\u0301'];
    for (const piece of hostile) {
      const text = piece.repeat(10_000 / piece.length);
      tokenizer.encode(text);
      const ms = await processorTimeOf(() => {
        expect(tokenizer.encode(text).length).toBeLessThanOrEqual(32);
      });
      expect(ms).toBeLessThan(200);
    }
  });
});
