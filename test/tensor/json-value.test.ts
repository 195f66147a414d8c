import { describe, expect, it } from 'vitest';
import { tensorDataToJson, toJsonValue } from '../../src/tensor/json-value.ts';

describe('tensor data as JSON', () => {
  it.each([
    ['BOOL', new Uint8Array([0, 1]), [false, true]],
    ['FP16', new Uint16Array([0x3c00, 0xc000, 0x7c00, 0x0001]), [1, -2, 'Infinity', 2 ** -24]],
    ['BF16', new Uint16Array([0x3f80, 0xc000]), [1, -2]],
    ['INT64', new BigInt64Array([7n, 2n ** 60n]), [7, (2n ** 60n).toString()]],
    ['FP32', new Float32Array([0.5]), [0.5]],
    ['BYTES', ['a', 'b'], ['a', 'b']],
  ] as const)('writes %s as plain values', (datatype, data, expected) => {
    const tensor = { datatype, shape: [data.length], data: data as never };
    expect(tensorDataToJson(tensor)).toEqual(expected);
  });

  it.each([
    ['FP16', new Uint16Array([0x7e00]), 'NaN'],
    ['BF16', new Uint16Array([0xff80]), '-Infinity'],
    ['FP32', new Float32Array([NaN]), 'NaN'],
    ['FP64', new Float64Array([Infinity]), 'Infinity'],
  ] as const)('writes %s that JSON has no number for by its name', (datatype, data, expected) => {
    expect(tensorDataToJson({ datatype, shape: [1], data })).toEqual([expected]);
  });
});

describe('a prediction as JSON', () => {
  it('turns typed arrays and big integers into plain values, also inside of arrays', () => {
    expect(toJsonValue(new Float32Array([1, 2]))).toEqual([1, 2]);
    expect(toJsonValue([new Int32Array([1]), 2n])).toEqual([[1], 2]);
    expect(toJsonValue('label')).toBe('label');
    expect(toJsonValue(NaN)).toBe('NaN');
    expect(toJsonValue(new Float32Array([1, -Infinity]))).toEqual([1, '-Infinity']);
    expect(toJsonValue(null)).toBeNull();
  });
});
