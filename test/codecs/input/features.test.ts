import { describe, expect, it } from 'vitest';
import { FeaturesCodec } from '../../../src/codecs/input/features.ts';
import { parseManifest, type FeaturesManifest } from '../../../src/repository/manifest.ts';
import type { Datatype, Signature, TensorMap } from '../../../src/tensor/tensor.ts';
import { FIXTURES, largestDifference, readExpected, serveModel, SHIPPED } from '../serve-model.ts';

const signature = (...inputs: [name: string, datatype: Datatype, shape: (number | null)[]][]) =>
  ({
    inputs: inputs.map(([name, datatype, shape]) => ({ name, datatype, shape })),
    outputs: [],
  }) satisfies Signature;

const codec = (columns: object[] | undefined, inputs: Signature) =>
  new FeaturesCodec(
    parseManifest({ input: { kind: 'features', columns } }).input as FeaturesManifest,
    inputs,
  );

const encode = async (from: FeaturesCodec, features: object): Promise<TensorMap> => {
  const prepared = from.prepare({ features: features as Record<string, unknown> });
  return (await prepared.encode()).tensors;
};

const one = (width: number, datatype: Datatype = 'FP32') =>
  signature(['x', datatype, [null, width]]);

describe('columns beside each other in one tensor', () => {
  const mixed = codec(
    [
      { name: 'size', type: 'numeric', mean: 10, std: 4, missing: 'mean' },
      { name: 'colour', type: 'categorical', values: ['red', 'green'], unknown: 'ignore' },
      { name: 'level', type: 'categorical', values: [1, 2, 3], encoding: 'index' },
      { name: 'sold', type: 'boolean', missing: true },
    ],
    one(5),
  );

  it('scales numbers and encodes categories in the order of the manifest', async () => {
    const row = { sold: false, level: 3, colour: 'green', size: 12 };
    const { x } = await encode(mixed, row);
    expect(x).toEqual({ datatype: 'FP32', shape: [1, 5], data: Float32Array.of(0.5, 0, 1, 2, 0) });
  });

  it('puts the rule in the place of what is missing, null or left out', async () => {
    const { x } = await encode(mixed, { size: null, colour: 'red', level: 1 });
    expect([...x!.data]).toEqual([0, 1, 0, 0, 1]);
    const unknown = await encode(mixed, { colour: 'blue', level: 1 });
    expect([...unknown.x!.data]).toEqual([0, 0, 0, 0, 1]);
  });

  it('gives one key to one row, however it was written', () => {
    const key = (features: Record<string, unknown>) => mixed.prepare({ features }).key;
    const row = { size: 1, colour: 'red', level: 1 };
    expect(key({ level: 1, colour: 'red', size: 1.0, sold: null })).toBe(key(row));
    expect(key({ ...row, size: 2 })).not.toBe(key(row));
  });

  it('joins rows to a batch', async () => {
    const encoded = await Promise.all(
      [1, 2].map(async (level) => mixed.prepare({ features: { colour: 'red', level } }).encode()),
    );
    expect(mixed.collate(encoded).x).toMatchObject({ shape: [2, 5] });
  });
});

describe('what is wrong is named, with what is allowed', () => {
  const strict = codec(
    [
      { name: 'age', type: 'numeric' },
      { name: 'sex', type: 'categorical', values: ['female', 'male'] },
      { name: 'fit', type: 'boolean' },
    ],
    one(4),
  );
  const right = { age: 1, sex: 'male', fit: true };

  it.each([
    [{ ...right, age: undefined }, 'Column "age" is missing; expected a number.'],
    [{ ...right, age: '1' }, 'Column "age" must be a number; got "1".'],
    [{ ...right, age: [1] }, 'Column "age" must be a number; got [1].'],
    [{ ...right, sex: null }, 'Column "sex" is missing; expected one of "female", "male".'],
    [{ ...right, sex: 'other' }, 'Column "sex" must be one of "female", "male"; got "other".'],
    [{ ...right, fit: 1 }, 'Column "fit" must be true or false; got 1.'],
    [{ ...right, agee: 1 }, 'There is no column "agee"; the model takes "age", "sex", "fit".'],
    [{ ...right, toString: 1 }, 'There is no column "toString"'],
  ])('%j', (row, message) => {
    const prepare = () => strict.prepare({ features: row });
    expect(prepare).toThrow(message);
    expect(prepare).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it('all at once', () => {
    const prepare = () => strict.prepare({ features: { age: 'x', more: 1 } });
    expect(prepare).toThrow(
      'Column "age" must be a number; got "x". Column "sex" is missing; expected one of "female", "male". ' +
        'Column "fit" is missing; expected true or false. There is no column "more"',
    );
  });

  it('does not take what every object has for a column', () => {
    const named = codec([{ name: 'constructor', type: 'numeric' }], one(1));
    expect(() => named.prepare({ features: {} })).toThrow('Column "constructor" is missing');
  });
});

describe('an input for each column', () => {
  const inputs = signature(
    ['age', 'INT64', [null, 1]],
    ['name', 'BYTES', [null, 1]],
    ['fare', 'FP64', [null]],
    ['alone', 'BOOL', [null, 1]],
  );

  it('needs no columns in the manifest', async () => {
    const plain = codec(undefined, inputs);
    const row = { age: 30, name: 'Ada', fare: 7.25, alone: true };
    expect(await encode(plain, row)).toEqual({
      age: { datatype: 'INT64', shape: [1, 1], data: BigInt64Array.of(30n) },
      name: { datatype: 'BYTES', shape: [1, 1], data: ['Ada'] },
      fare: { datatype: 'FP64', shape: [1], data: Float64Array.of(7.25) },
      alone: { datatype: 'BOOL', shape: [1, 1], data: Uint8Array.of(1) },
    });
    expect(() => plain.prepare({ features: { ...row, age: 1.5 } })).toThrow(
      'Column "age" must be a whole number from',
    );
  });

  it('takes categories as texts where the model does', async () => {
    const named = codec(
      [
        { name: 'who', type: 'categorical', values: ['Ada', 'Bob'], tensor: 'name' },
        { name: 'age', type: 'numeric' },
        { name: 'fare', type: 'numeric', missing: 'nan' },
        { name: 'alone', type: 'boolean' },
      ],
      inputs,
    );
    const row = { who: 'Bob', age: 2, alone: false };
    expect(await encode(named, row)).toMatchObject({
      name: { data: ['Bob'] },
      fare: { data: Float64Array.of(NaN) },
    });
    expect(() => named.prepare({ features: { ...row, who: 'Eve' } })).toThrow('"Ada", "Bob"');
  });

  it('serves scikit-learn style exports from a real file', async () => {
    const served = await serveModel(FIXTURES, 'onnx-column-inputs');
    const [answer] = await served.predict({ features: { width: 2, height: 3, colour: 'red' } });
    expect(answer?.prediction).toEqual({ sum: [5], echo: ['red'] });
  });
});

describe('manifests that do not fit the model', () => {
  it.each([
    [
      [{ name: 'a', type: 'numeric' }],
      one(2),
      'make 1 numbers a row, but the model takes FP32 [?, 2]',
    ],
    [[{ name: 'a', type: 'string' }], one(1), '"a" holds texts, but the model takes FP32'],
    [
      [{ name: 'a', type: 'numeric', tensor: 'y' }],
      one(1),
      'model.yaml, input.columns, tensor of "a": the model has no "y"; it has "x"',
    ],
    [undefined, one(3), 'make 1 numbers a row, but the model takes FP32 [?, 3]'],
  ])('%j', (columns, inputs, message) => {
    expect(() => codec(columns, inputs)).toThrow(message);
  });
});

describe('real models', () => {
  it('penguins answers as PyTorch does, with what is missing too', async () => {
    const served = await serveModel(SHIPPED, 'penguins');
    const { cases } = await readExpected('penguins');
    for (const { rows, labels, probabilities } of cases as unknown as {
      rows: Record<string, unknown>[];
      labels: string[];
      probabilities: number[][];
    }[]) {
      const answers = await served.predict(...rows.map((features) => ({ features })));
      expect(answers.map(({ prediction }) => prediction)).toEqual(labels);
      const best = probabilities.map((row) => Math.max(...row));
      const confidences = answers.map(({ confidence }) => confidence!);
      expect(largestDifference(confidences, best)).toBeLessThan(1e-5);
    }
  });

  it('a price has a unit and no confidence', async () => {
    const served = await serveModel(FIXTURES, 'onnx-regression');
    const flat = { area_m2: 50, age_years: 10, has_lift: true };
    const [price, defaults] = await served.predict(
      { features: flat },
      { features: { area_m2: 80 } },
    );
    expect(price).toMatchObject({ prediction: 139_800, confidence: null, scores: null });
    expect(defaults?.prediction).toBe(144_400);
    expect(served.codecs.output).toMatchObject({ kind: 'regression', unit: 'EUR', labels: null });
  });
});

describe('numbers that a tensor cannot hold', () => {
  it.each([
    ['FP32', 3.4e38, 3.5e38],
    ['FP32', -3.4e38, -1e308],
    ['FP16', 65_504, 65_600],
    ['BF16', 3.38e38, 3.4e38],
  ] as const)('are refused: %s holds %d, not %d', (datatype, right, wrong) => {
    const from = codec([{ name: 'size', type: 'numeric' }], one(1, datatype));
    from.prepare({ features: { size: right } });
    expect(() => from.prepare({ features: { size: wrong } })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: `Column "size" must be a number that ${datatype} can hold; got ${wrong}.`,
      }),
    );
  });

  it('are told by what is left of them once they are scaled', () => {
    const small = codec([{ name: 'size', type: 'numeric', mean: 0, std: 1e-10 }], one(1));
    expect(() => small.prepare({ features: { size: 1e30 } })).toThrow('that FP32 can hold');
    const wide = codec([{ name: 'size', type: 'numeric', mean: 0, std: 1e10 }], one(1));
    expect(() => wide.prepare({ features: { size: 1e45 } })).not.toThrow();
    const double = codec([{ name: 'size', type: 'numeric' }], one(1, 'FP64'));
    expect(() => double.prepare({ features: { size: 1e308 } })).not.toThrow();
  });
});
