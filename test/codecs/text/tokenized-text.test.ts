import { beforeAll, describe, expect, it } from 'vitest';
import {
  FIXTURES,
  largestDifference,
  readExpected,
  serveModel,
  type ServedModel,
} from '../serve-model.ts';

describe('a Hugging Face text classifier without model.yaml', () => {
  let served: ServedModel;
  beforeAll(async () => {
    served = await serveModel(FIXTURES, 'hf-text-classification');
  });

  it('answers with the labels of config.json', async () => {
    const { cases } = await readExpected('hf-text-classification');
    const { texts, labels, probabilities } = cases[0] as unknown as {
      texts: string[];
      labels: string[];
      probabilities: number[][];
    };
    expect(served.codecs.output.labels).toEqual(['NEGATIVE', 'NEUTRAL', 'POSITIVE']);
    const together = await served.predict(...texts.map((text) => ({ text })));
    expect(together.map(({ prediction }) => prediction)).toEqual(labels);
    for (const [row, { confidence, scores }] of together.entries()) {
      const wanted = [...probabilities[row]!].sort((a, b) => b - a);
      expect(
        largestDifference(
          scores!.map(({ score }) => score),
          wanted,
        ),
      ).toBeLessThan(1e-5);
      expect(confidence).toBeCloseTo(wanted[0]!, 5);
      // Alone a text is padded less, which must not change its answer.
      const [alone] = await served.predict({ text: texts[row]! });
      expect(alone?.confidence).toBeCloseTo(confidence!, 5);
    }
  });

  it('pads to multiples of eight, with a mask and token types', async () => {
    const { input } = served.codecs;
    const encode = async (text: string) => input.prepare({ text }).encode();
    const batch = input.collate([
      await encode('The film was great.'),
      await encode('the film was great the film was great the film'),
    ]);
    expect(Object.keys(batch)).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
    expect(batch.input_ids).toMatchObject({ datatype: 'INT64', shape: [2, 16] });
    const padding = (length: number) => new Array<bigint>(length).fill(0n);
    expect([...(batch.input_ids!.data as BigInt64Array)].slice(0, 16)).toEqual([
      ...[2n, 82n, 85n, 83n, 87n, 7n, 3n],
      ...padding(9),
    ]);
    expect(Array.from(batch.attention_mask!.data as BigInt64Array, Number)).toEqual([
      ...[1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
    ]);
    expect(new Set(batch.token_type_ids!.data as BigInt64Array)).toEqual(new Set([0n]));
  });

  it('never goes over the tokens that the model takes', async () => {
    const { input } = served.codecs;
    const long = await input.prepare({ text: 'the film '.repeat(500) }).encode();
    expect(input.collate([long]).input_ids?.shape).toEqual([1, 32]);
    await expect(served.predict({ text: 'the film '.repeat(500) })).resolves.toHaveLength(1);
  });

  it('refuses blank texts, long texts and other kinds of input', () => {
    const { input } = served.codecs;
    const prepare = (given: object) => () => input.prepare(given);
    expect(prepare({ text: ' \n' })).toThrow('text must not be empty.');
    expect(prepare({ text: 'x'.repeat(10_001) })).toThrow('at most 10000 are allowed');
    expect(prepare({ image: 'x' })).toThrow('takes an input of kind "text", but "image" was sent');
  });

  it('can make a sample of its own', async () => {
    const sample = await served.codecs.input.sample!();
    const outputs = await served.model.run(served.codecs.input.collate([sample]), ['logits']);
    expect(outputs.logits?.shape).toEqual([1, 3]);
  });
});

describe('a Hugging Face encoder without model.yaml', () => {
  it('answers with the mean of its tokens, whoever else is in the batch', async () => {
    const served = await serveModel(FIXTURES, 'hf-embeddings');
    const { cases } = await readExpected('hf-embeddings');
    const known = cases as unknown as { text: string; pooled: { mean: number[] } }[];
    const answers = await served.predict(...known.map(({ text }) => ({ text })));
    for (const [i, { pooled }] of known.entries()) {
      expect(largestDifference(answers[i]!.prediction as number[], pooled.mean)).toBeLessThan(1e-5);
      expect(answers[i]).toMatchObject({ confidence: null, scores: null });
      expect(answers[i]?.outputs.last_hidden_state?.shape).toEqual([1, 16]);
    }
  });
});
