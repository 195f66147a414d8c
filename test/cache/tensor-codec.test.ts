import { describe, expect, it } from 'vitest';
import { decodeTensors, encodeTensors } from '../../src/cache/tensor-codec.ts';
import { allocate, DATATYPES, type Tensor, type TensorMap } from '../../src/tensor/tensor.ts';

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function encode(tensors: TensorMap, expiresAt = 0): Buffer {
  const bytes = encodeTensors({ key: 'key', tensors, expiresAt });
  expect(bytes).toBeDefined();
  return bytes!;
}

function bits({ data }: Tensor): unknown {
  return Array.isArray(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

const SAMPLE: TensorMap = {
  scores: { datatype: 'FP32', shape: [1, 3], data: Float32Array.of(0.1, -Infinity, NaN) },
  ids: { datatype: 'INT64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  label: { datatype: 'BYTES', shape: [2, 1], data: ['', 'naïve 🎈'] },
  scalar: { datatype: 'FP64', shape: [], data: Float64Array.of(Math.PI) },
  nothing: { datatype: 'UINT8', shape: [0, 4], data: new Uint8Array() },
};

describe('tensor codec', () => {
  it('gives back what it was given', () => {
    expect(decodeTensors(encode(SAMPLE, 12_345))).toEqual({
      key: 'key',
      tensors: SAMPLE,
      expiresAt: 12_345,
    });
    expect(decodeTensors(encode({}))).toEqual({ key: 'key', tensors: {}, expiresAt: 0 });
  });

  it.each(DATATYPES)('keeps every bit of %s', (datatype) => {
    const data = allocate(datatype, 6);
    const random = randomNumbers(7);
    if (Array.isArray(data)) data.forEach((_, i) => (data[i] = 'x'.repeat(i)));
    else {
      const bytes = new Uint8Array(data.buffer);
      bytes.forEach((_, i) => (bytes[i] = Math.floor(random() * 256)));
    }
    const tensors = { out: { datatype, shape: [2, 3], data } as Tensor };
    const decoded = decodeTensors(encode(tensors))!.tensors;
    expect(decoded.out?.datatype).toBe(datatype);
    expect(bits(decoded.out!)).toEqual(bits(tensors.out));
    expect(decoded).toEqual(tensors);
  });

  it('takes names that mean something to JavaScript', () => {
    const one: Tensor = { datatype: 'INT8', shape: [1], data: Int8Array.of(1) };
    const tensors = Object.fromEntries([
      ['__proto__', one],
      ['constructor', one],
      ['', one],
    ]);
    const decoded = decodeTensors(encode(tensors))!.tensors;
    expect(Object.keys(decoded)).toEqual(['__proto__', 'constructor', '']);
  });

  it('writes only the window that a tensor has on a larger buffer', () => {
    const large = new Float32Array(1_000).map((_, i) => i);
    const window = {
      out: { datatype: 'FP32', shape: [2], data: large.subarray(500, 502) },
    } as const;
    const bytes = encode(window);
    expect(bytes.length).toBeLessThan(70);
    expect([...decodeTensors(bytes)!.tensors.out!.data]).toEqual([500, 501]);
  });

  it('reads from bytes at any alignment, and keeps a copy', () => {
    const bytes = encode(SAMPLE);
    for (let offset = 0; offset < 9; offset++) {
      const shifted = new Uint8Array(bytes.length + offset).subarray(offset);
      shifted.set(bytes);
      const decoded = decodeTensors(shifted);
      shifted.fill(0);
      expect(decoded?.tensors).toEqual(SAMPLE);
    }
  });

  it('has no form for strings that are not Unicode and numbers that are no sizes', () => {
    const text = (data: string[]) => ({ datatype: 'BYTES', shape: [1], data }) as const;
    expect(
      encodeTensors({ key: 'key', tensors: { out: text(['\ud800']) }, expiresAt: 0 }),
    ).toBeUndefined();
    expect(
      encodeTensors({ key: 'key', tensors: { '\ud800': text(['x']) }, expiresAt: 0 }),
    ).toBeUndefined();
    const odd: Tensor = { datatype: 'INT8', shape: [-1], data: Int8Array.of(1) };
    expect(encodeTensors({ key: 'key', tensors: { odd }, expiresAt: 0 })).toBeUndefined();
  });

  it('takes nothing that is cut short or too long', () => {
    const bytes = encode(SAMPLE);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeTensors(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
    expect(decodeTensors(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
  });

  it('takes nothing of another version or of someone else', () => {
    const bytes = encode(SAMPLE);
    const newer = Buffer.from(bytes);
    newer[3] = 2;
    for (const foreign of [newer, Buffer.from('{"scores":[0.1]}'), Buffer.from('OK')]) {
      expect(decodeTensors(foreign)).toBeUndefined();
    }
  });

  it('never throws and never allocates what the bytes do not hold', () => {
    const bytes = encode(SAMPLE);
    const random = randomNumbers(11);
    for (let round = 0; round < 20_000; round++) {
      const damaged = Buffer.from(bytes.subarray(0, Math.ceil(random() * bytes.length)));
      for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      }
      const decoded = decodeTensors(damaged);
      for (const { shape, data } of Object.values(decoded?.tensors ?? {})) {
        expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
      }
    }
    for (let round = 0; round < 5_000; round++) {
      const noise = Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256)));
      bytes.copy(noise, 0, 0, 4);
      decodeTensors(noise);
    }
  });
});
