import { describe, expect, it } from 'vitest';
import { fromBfloat, fromHalf, toBfloat, toHalf } from '../../../src/tensor/half.ts';
import { TensorsCodec } from '../../../src/codecs/input/tensors.ts';
import type { TensorInput } from '../../../src/services/model-input.ts';
import type { Datatype, Signature, TensorSpec } from '../../../src/tensor/tensor.ts';

const batched: Signature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [null, 2] },
    { name: 'n', datatype: 'INT64', shape: [null] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [null, 1] }],
};

const x = (shape: number[], data: unknown[]): TensorInput => ({
  name: 'x',
  datatype: 'FP32',
  shape,
  data,
});
const n = (shape: number[], data: unknown[]): TensorInput => ({
  name: 'n',
  datatype: 'INT64',
  shape,
  data,
});

const prepare = (signature: Signature, ...tensors: TensorInput[]) =>
  new TensorsCodec(signature).prepare({ tensors });

const lone = (datatype: Datatype, shape: TensorSpec['shape'] = [null]): Signature => ({
  inputs: [{ name: 'x', datatype, shape }],
  outputs: [{ name: 'y', datatype, shape }],
});

describe('shapes', () => {
  it('takes one row without its axis, and several with it', async () => {
    const one = await prepare(batched, x([2], [1, 2]), n([], [3])).encode();
    expect(one).toMatchObject({ rows: 1, group: 'x[2]n[]' });
    expect(one.tensors.x).toEqual({
      datatype: 'FP32',
      shape: [1, 2],
      data: Float32Array.of(1, 2),
    });
    const two = await prepare(
      batched,
      n([2], [3, 4]),
      x(
        [2, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).encode();
    expect(two).toMatchObject({ rows: 2, group: 'x[2]n[]' });
    const joined = new TensorsCodec(batched).collate([one, two]);
    expect(joined.x).toMatchObject({ shape: [3, 2], data: Float32Array.of(1, 2, 1, 2, 3, 4) });
    expect(joined.n).toMatchObject({ shape: [3], data: BigInt64Array.of(3n, 3n, 4n) });
  });

  it('keeps apart what cannot share a batch', async () => {
    const open = lone('FP32', [null, null]);
    const groups = [x([1, 2], [1, 2]), x([1, 3], [1, 2, 3])].map(
      async (tensor) => (await prepare(open, tensor).encode()).group,
    );
    expect(new Set(await Promise.all(groups)).size).toBe(2);
  });

  it('takes no rows, and inputs of unlike first axes, and lets them go alone', async () => {
    const empty = await prepare(batched, x([0, 2], []), n([0], [])).encode();
    expect(empty).toMatchObject({ rows: 1, group: null });
    expect(empty.tensors.x).toMatchObject({ shape: [0, 2], data: new Float32Array() });
    const unlike = await prepare(batched, x([2, 2], [1, 2, 3, 4]), n([1], [1])).encode();
    expect(unlike).toMatchObject({ rows: 1, group: null });
  });

  it('counts a vector as one, however long it is', async () => {
    const vector = await prepare(lone('FP32'), x([3], [1, 2, 3])).encode();
    expect(vector).toMatchObject({ rows: 3, isOne: true });
  });

  it('takes any shape where the model declares none, and a scalar only where it does', async () => {
    const unranked: Signature = {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [], unranked: true }],
      outputs: [],
    };
    for (const shape of [[], [1], [2, 1], [1, 0, 3], [1, 1, 1, 1, 2]]) {
      const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 1);
      const encoded = await prepare(unranked, x(shape, data)).encode();
      expect(encoded.tensors.x?.shape).toEqual(shape);
    }
    const scalar: Signature = { inputs: [{ name: 'x', datatype: 'FP32', shape: [] }], outputs: [] };
    expect(() => prepare(scalar, x([1], [1]))).toThrow('expected FP32 []');
  });

  it('lets an optional input be left out', async () => {
    const [first, second] = batched.inputs;
    const optional: Signature = { inputs: [first!, { ...second!, optional: true }], outputs: [] };
    const encoded = await prepare(optional, x([1, 2], [1, 2])).encode();
    expect(Object.keys(encoded.tensors)).toEqual(['x']);
  });

  it('refuses several rows where the answer is of one', () => {
    const codec = new TensorsCodec(batched, { answers: 'one' });
    const two = [x([2, 2], [1, 2, 3, 4]), n([2], [1, 2])];
    expect(() => codec.prepare({ tensors: two })).toThrow(
      'This model answers one row at a time; 2 were sent. Send a batch instead.',
    );
    expect(() => codec.prepare({ tensors: [x([2], [1, 2]), n([1], [1])] })).not.toThrow();
  });

  it('tells apart equal data of different shapes by their keys', () => {
    const open = lone('FP32', [null, null]);
    const key = (shape: number[]) => prepare(open, x(shape, [1, 2, 3, 4])).key;
    expect(key([2, 2])).not.toEqual(key([4, 1]));
    expect(key([2, 2])).toEqual(key([2, 2]));
  });
});

describe('what is wrong is told', () => {
  const right = n([1], [1]);
  it.each([
    [[x([2], [1, 2])], 'Tensor "n" is missing; expected INT64 [?].'],
    [[right], 'Tensor "x" is missing; expected FP32 [?, 2].'],
    [
      [{ ...x([2], [1, 2]), datatype: 'FP64' as const }, right],
      'Tensor "x" has datatype FP64; expected FP32.',
    ],
    [[x([3], [1, 2, 3]), right], 'Tensor "x" has shape [3]; expected FP32 [?, 2].'],
    [[x([1, 1, 2], [1, 2]), right], 'Tensor "x" has shape [1, 1, 2]; expected FP32 [?, 2].'],
    [[x([2], [1]), right], 'Tensor "x" has 1 elements; its shape needs 2.'],
    [[x([1_000_000_000, 2], [1]), right], 'Tensor "x" has 1 elements; its shape needs 2000000000.'],
    [[x([2], [1, 2]), right, right], 'Tensor "n" was sent twice.'],
    [
      [x([2], [1, 2]), right, { ...right, name: 'm' }],
      'There is no tensor "m"; the model takes "x", "n".',
    ],
    [[x([2], [1, '2']), right], 'Tensor "x": element 1 is not a valid FP32.'],
    [[x([2], [1, null]), right], 'Tensor "x": element 1 is not a valid FP32.'],
  ])('%#: %s', (tensors, message) => {
    const attempt = () => prepare(batched, ...tensors);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it.each<[Datatype, unknown[], unknown[]]>([
    ['BOOL', [true, false, 1, 0], ['true', 2, null]],
    ['UINT8', [0, 255], [-1, 256, 1.5, '1']],
    ['UINT16', [65_535], [65_536]],
    ['UINT32', [4_294_967_295], [-1]],
    ['UINT64', [0, '18446744073709551615'], [-1, '18446744073709551616', '1e3', 1.5]],
    ['INT8', [-128, 127], [128]],
    ['INT16', [-32_768], [32_768]],
    ['INT32', [-2_147_483_648], [2_147_483_648]],
    ['INT64', [1, '-9223372036854775808'], ['9223372036854775808', 2 ** 53, ' 1', {}]],
    ['FP16', [0.5, 'NaN', '-Infinity'], ['0.5', 'nan', null]],
    ['BF16', [0.5, 'Infinity'], [true, '+Infinity']],
    ['FP32', [0.1, 'NaN', 'Infinity', '-Infinity'], ['', 'toString', null]],
    ['FP64', [0.1, '-Infinity'], [[]]],
    ['BYTES', ['', 'é'], [1, null]],
  ])('%s', (datatype, good, bad) => {
    const send = (value: unknown) => () =>
      prepare(lone(datatype), { name: 'x', datatype, shape: [1], data: [value] });
    for (const value of good) expect(send(value)).not.toThrow();
    for (const value of bad) expect(send(value)).toThrow(/^Tensor "x"/);
  });
});

describe('16-bit floating point', () => {
  it('is exact for every half and every bfloat16', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const half = fromHalf(bits);
      if (!Number.isNaN(half)) expect(toHalf(half)).toBe(bits);
      const brain = fromBfloat(bits);
      if (!Number.isNaN(brain)) expect(toBfloat(brain)).toBe(bits);
    }
    expect(fromHalf(toHalf(NaN))).toBeNaN();
    expect(fromBfloat(toBfloat(NaN))).toBeNaN();
  });

  it('rounds half to even, and what is too large to infinity', () => {
    expect(fromHalf(toHalf(1 + 2 ** -11))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(fromHalf(toHalf(65_519))).toBe(65_504);
    expect(fromHalf(toHalf(65_520))).toBe(Infinity);
    expect(fromHalf(toHalf(2 ** -25))).toBe(0);
    expect(fromHalf(toHalf(3 * 2 ** -26))).toBe(2 ** -24);
    expect(fromBfloat(toBfloat(1 + 2 ** -8))).toBe(1);
    expect(fromBfloat(toBfloat(-3.4e38))).toBe(-Infinity);
  });
});

describe('numbers that a tensor cannot hold', () => {
  it.each([
    ['FP32', 1e308],
    ['FP32', -3.5e38],
    ['FP16', 70_000],
    ['BF16', 1e39],
    ['FP64', Infinity],
  ] as const)('are refused: %s, %d', (datatype, value) => {
    const send = () =>
      prepare(lone(datatype), { name: 'x', datatype, shape: [2], data: [1, value] });
    expect(send).toThrow(`element 1 is not a valid ${datatype}`);
  });
});
