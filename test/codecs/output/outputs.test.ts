import { describe, expect, it } from 'vitest';
import { ClassificationCodec } from '../../../src/codecs/output/classification.ts';
import { createOutput } from '../../../src/codecs/output/create-output.ts';
import { EmbeddingCodec } from '../../../src/codecs/output/embedding.ts';
import { toHalf } from '../../../src/tensor/half.ts';
import { MultiLabelCodec } from '../../../src/codecs/output/multi-label.ts';
import { RawOutputsCodec } from '../../../src/codecs/output/raw-outputs.ts';
import { RegressionCodec } from '../../../src/codecs/output/regression.ts';
import { largest } from '../../../src/codecs/output/scores.ts';
import { parseManifest } from '../../../src/repository/manifest.ts';
import type { Datatype, Tensor, TensorMap } from '../../../src/tensor/tensor.ts';
import { FIXTURES, largestDifference, readExpected, serveModel } from '../serve-model.ts';

const floats = (...numbers: number[]): Tensor => ({
  datatype: 'FP32',
  shape: [1, numbers.length],
  data: Float32Array.from(numbers),
});

const input = { rows: 1, tensors: {}, group: '' };

const inferenceFailed = expect.objectContaining({ code: 'INFERENCE_FAILED' }) as Error;

describe('classification', () => {
  const labels = ['a', 'b', 'c'];
  const codec = (activation: 'none' | 'softmax' | 'sigmoid', names: readonly string[] = labels) =>
    new ClassificationCodec({ tensor: 'y', activation, labels: names });

  it('makes probabilities of logits, of any size', () => {
    const softmax = codec('softmax');
    const y = { y: floats(Math.log(1), Math.log(7), Math.log(2)) };
    expect(softmax.prediction(y)).toBe('b');
    expect(softmax.confidence(y)).toBeCloseTo(0.7, 6);
    const scores = softmax.scores(y, 2);
    expect(scores.map(({ label }) => label)).toEqual(['b', 'c']);
    expect(scores[1]?.score).toBeCloseTo(0.2, 6);
    expect(softmax.confidence({ y: floats(10_000, 0, -10_000) })).toBe(1);
    expect(softmax.scores(y, 99)).toHaveLength(3);
    expect(softmax.scores(y, 0)).toEqual([]);
  });

  it('takes probabilities as they are', () => {
    const y = { y: floats(0.25, 0.5, 0.25) };
    expect(codec('none').confidence(y)).toBe(0.5);
    expect(codec('none').scores(y, 3)).toEqual([
      { label: 'b', score: 0.5 },
      { label: 'a', score: 0.25 },
      { label: 'c', score: 0.25 },
    ]);
  });

  it('tells two classes apart by one number', () => {
    const names = ['ham', 'spam'];
    const logit = codec('sigmoid', names);
    expect(logit.prediction({ y: floats(2) })).toBe('spam');
    expect(logit.confidence({ y: floats(-2) })).toBeCloseTo(0.8808, 4);
    expect(logit.scores({ y: floats(-2) }, 5).map(({ label }) => label)).toEqual(['ham', 'spam']);
    const probability = codec('none', names);
    expect(probability.scores({ y: floats(0.25) }, 1)).toEqual([{ label: 'ham', score: 0.75 }]);
    expect(logit.postprocess({ y: floats(2) })).toEqual({ y: floats(2) });
  });

  it('reads half precision and whole numbers', () => {
    const data = Uint16Array.from([0, 2, 1], toHalf);
    expect(codec('softmax').prediction({ y: { datatype: 'FP16', shape: [1, 3], data } })).toBe('b');
    const whole: Tensor = { datatype: 'INT64', shape: [1, 3], data: BigInt64Array.of(0n, 2n, 9n) };
    expect(codec('softmax').prediction({ y: whole })).toBe('c');
  });

  it('refuses answers that JSON cannot hold or that have no label', () => {
    const softmax = codec('softmax');
    for (const bad of [
      [NaN, 0, 0],
      [Infinity, 0, 0],
      [-Infinity, -Infinity, -Infinity],
      [0, 1],
    ]) {
      expect(() => softmax.postprocess({ y: floats(...bad) })).toThrow(inferenceFailed);
    }
    // One class ruled out is a common way to mask.
    const masked = { y: floats(-Infinity, 1, 0) };
    expect(softmax.scores(softmax.postprocess(masked), 3).at(-1)).toEqual({ label: 'a', score: 0 });
    expect(() => codec('none').postprocess(masked)).toThrow(inferenceFailed);
  });

  it('leaves alone what was not asked for', () => {
    expect(codec('softmax').postprocess({ other: floats(NaN) })).toEqual({ other: floats(NaN) });
  });
});

describe('multi-label', () => {
  it('predicts the labels over the threshold, likeliest first', async () => {
    const served = await serveModel(FIXTURES, 'onnx-multilabel');
    const { cases } = await readExpected('onnx-multilabel');
    const [first] = cases;
    const { x } = first!.inputs;
    const probabilities = first!.probabilities as number[][];
    const labels = served.codecs.output.labels!;
    for (const [row, expected] of probabilities.entries()) {
      const data = x!.data.slice(row * 4, row * 4 + 4) as number[];
      const [answer] = await served.predict({
        tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 4], data }],
      });
      const order = largest(expected, expected.length);
      expect(answer?.prediction).toEqual(
        order.filter((at) => expected[at]! >= 0.5).map((at) => labels[at]),
      );
      expect(answer?.confidence).toBeCloseTo(Math.max(...expected), 5);
      expect(answer?.scores?.map(({ label }) => label)).toEqual(
        order.slice(0, 3).map((at) => labels[at]),
      );
    }
  });

  it('may predict nothing', () => {
    const options = {
      tensor: 'y',
      activation: 'none',
      threshold: 0.5,
      labels: ['a', 'b'],
    } as const;
    const codec = new MultiLabelCodec(options);
    const y = { y: floats(0.25, 0.125) };
    expect(codec.prediction(y)).toEqual([]);
    expect(codec.confidence(y)).toBe(0.25);
    expect(() => codec.postprocess({ y: floats(NaN, 0) })).toThrow(inferenceFailed);
    expect(() => codec.postprocess({ y: floats(1) })).toThrow(inferenceFailed);
  });
});

describe('regression', () => {
  const codec = new RegressionCodec({ tensor: 'y', unit: 'EUR' });

  it('is a number, or a list where there are several', () => {
    expect(codec.prediction({ y: floats(1.5) })).toBe(1.5);
    expect(codec.prediction({ y: floats(1.5, 2) })).toEqual([1.5, 2]);
    expect([codec.confidence(), codec.scores()]).toEqual([null, null]);
    expect(() => codec.postprocess({ y: floats(NaN) })).toThrow(inferenceFailed);
    expect(() => codec.postprocess({ y: floats(Infinity) })).toThrow(inferenceFailed);
  });
});

describe('embedding', () => {
  const tokens: Tensor = {
    datatype: 'FP32',
    shape: [1, 3, 2],
    data: Float32Array.of(1, 2, 3, 4, 100, 100),
  };
  const vector = (
    options: { pooling: 'none' | 'mean' | 'cls'; normalize?: boolean },
    from: object,
  ) => {
    const codec = new EmbeddingCodec({ tensor: 'y', normalize: false, ...options });
    return Array.from(codec.prediction(codec.postprocess({ y: tokens }, { ...input, ...from })));
  };

  it('pools the tokens that are no padding', () => {
    expect(vector({ pooling: 'mean' }, { tokens: 2 })).toEqual([2, 3]);
    expect(vector({ pooling: 'cls' }, { tokens: 2 })).toEqual([1, 2]);
    const mask: Tensor = { datatype: 'INT64', shape: [1, 3], data: BigInt64Array.of(0n, 1n, 0n) };
    expect(vector({ pooling: 'mean' }, { tensors: { attention_mask: mask } })).toEqual([3, 4]);
    expect(vector({ pooling: 'mean' }, {})).toHaveLength(2);
    expect(vector({ pooling: 'none' }, {})).toHaveLength(6);
  });

  it('scales to length 1, but for zeros', () => {
    const codec = new EmbeddingCodec({ tensor: 'y', pooling: 'none', normalize: true });
    const of = (...numbers: number[]) =>
      Array.from(codec.prediction(codec.postprocess({ y: floats(...numbers) }, input)));
    expect(largestDifference(of(3, 4), [0.6, 0.8])).toBeLessThan(1e-6);
    expect(of(0, 0)).toEqual([0, 0]);
    expect(() => of(1, NaN)).toThrow(inferenceFailed);
  });

  it('pools and scales what a real model gives', async () => {
    const pooled = await serveModel(FIXTURES, 'onnx-token-embedding');
    const { cases } = await readExpected('onnx-token-embedding');
    const { inputs, pooled: expected } = cases[0]!;
    const { mean } = expected as { mean: number[][] };
    for (const [row, wanted] of mean.entries()) {
      const tensors = Object.entries(inputs).map(([name, { datatype, data }]) => ({
        name,
        datatype,
        shape: [1, 4],
        data: data.slice(row * 4, row * 4 + 4),
      }));
      const [answer] = await pooled.predict({ tensors });
      expect(largestDifference(answer!.prediction as number[], wanted)).toBeLessThan(1e-5);
    }
    const scaled = await serveModel(FIXTURES, 'onnx-embedding');
    const x = { name: 'x', datatype: 'FP32' as const, shape: [1, 4], data: [1, 2, 3, 4] };
    const [answer] = await scaled.predict({ tensors: [x] });
    expect(Math.hypot(...(answer!.prediction as number[]))).toBeCloseTo(1, 6);
  });
});

describe('raw tensors', () => {
  const raw = (outputs: TensorMap) =>
    new RawOutputsCodec({ inputs: [], outputs: [] }).prediction(outputs);
  const tensor = (datatype: Datatype, data: Tensor['data']): Tensor => ({
    datatype,
    shape: [data.length],
    data,
  });

  it('are plain JSON, whatever their type', () => {
    expect(
      raw({
        half: tensor('FP16', Uint16Array.of(0x3c00, 0x7c00)),
        brain: tensor('BF16', Uint16Array.of(0x3f80, 0xc000)),
        big: tensor('INT64', BigInt64Array.of(5n, -(2n ** 60n))),
        flag: tensor('BOOL', Uint8Array.of(0, 1)),
        text: tensor('BYTES', ['é']),
        float: tensor('FP64', Float64Array.of(0.5, NaN)),
        byte: tensor('UINT8', Uint8Array.of(255)),
      }),
    ).toEqual({
      half: [1, null],
      brain: [1, -2],
      big: [5, '-1152921504606846976'],
      flag: [false, true],
      text: ['é'],
      float: [0.5, null],
      byte: [255],
    });
  });

  it('are the data alone where there is one output', () => {
    expect(raw({ y: floats(1, 2) })).toEqual([1, 2]);
  });
});

describe('what a manifest asks of a model', () => {
  const signature = (...outputs: [name: string, shape: (number | null)[], type?: Datatype][]) => ({
    inputs: [],
    outputs: outputs.map(([name, shape, datatype = 'FP32' as const]) => ({
      name,
      shape,
      datatype,
    })),
  });
  const create = (
    output: object,
    outputs: ReturnType<typeof signature>,
    labels: string[] | null = null,
  ) => createOutput(parseManifest({ output }).output, outputs, labels);
  const kind = 'classification';

  it('finds the output that is meant', () => {
    const needed = (output: object, outputs: ReturnType<typeof signature>) =>
      create(output, outputs).needed;
    const sklearn = signature(['label', [null], 'INT64'], ['probs', [null, 3]]);
    expect(needed({ kind }, sklearn)).toEqual(['probs']);
    expect(needed({ kind }, signature(['x', [null, 2]], ['logits', [null, 2]]))).toEqual([
      'logits',
    ]);
    const encoder = signature(['last_hidden_state', [null, null, 4]], ['pooler_output', [null, 4]]);
    expect(needed({ kind: 'embedding' }, encoder)).toEqual(['last_hidden_state']);
    expect(needed({ kind: 'tensors' }, encoder)).toHaveLength(2);
  });

  it('tells the activation from the name', () => {
    const confidence = (name: string) =>
      create({ kind }, signature([name, [null, 2]])).confidence({ [name]: floats(0, 0) });
    expect([confidence('logits'), confidence('y')]).toEqual([0.5, 0]);
  });

  it('numbers the classes where there are no labels', () => {
    expect(create({ kind }, signature(['y', [null, 3]])).labels).toEqual(['0', '1', '2']);
    expect(create({ kind }, signature(['y', [null, 1]])).labels).toEqual(['0', '1']);
    const open = create({ kind }, signature(['y', []]));
    expect(open.prediction(open.postprocess({ y: floats(0, 5) }, input))).toBe('1');
  });

  it.each([
    [
      { kind },
      signature(['a', [null, 2]], ['b', [null, 2]]),
      'output.tensor: choose one of "a", "b"',
    ],
    [
      { kind, tensor: 'z' },
      signature(['a', [null, 2]]),
      'output.tensor: the model has no "z"; it has "a"',
    ],
    [
      { kind },
      signature(['a', [null, 2]]),
      'output.labels: 3 labels, but output "a" [?, 2] has 2 classes',
    ],
    [{ kind }, signature(['a', [null, 2], 'BYTES']), 'output.tensor: "a" holds texts, not numbers'],
    [
      { kind: 'embedding', pooling: 'mean' },
      signature(['a', [null, 2]]),
      'output.pooling: mean needs the shape [rows, tokens, size], but output "a" is [?, 2]',
    ],
  ])('%j', (output, outputs, message) => {
    expect(() => create(output, outputs, ['p', 'q', 'r'])).toThrow(`model.yaml, ${message}`);
  });
});
