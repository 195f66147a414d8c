import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../src/json/exact-json.ts';
import { writeJsonData } from '../../src/inference-protocol/json-tensor.ts';
import { decodeRaw, encodeRaw } from '../../src/inference-protocol/raw-tensor.ts';
import { readJsonData } from '../../src/inference-protocol/read-json-data.ts';
import { countElements } from '../../src/inference-protocol/shape.ts';
import {
  escapeElement,
  needsEscape,
  unescapeElement,
} from '../../src/runtimes/engines/onnx-bytes.ts';
import { toBytesElement } from '../../src/tensor/bytes-element.ts';

const bytesOf = (element: string | Uint8Array) => Buffer.from(element as string);

describe('raw tensors', () => {
  it('are little-endian, row-major', () => {
    expect(encodeRaw({ datatype: 'INT32', data: Int32Array.of(1, -2) }).toString('hex')).toBe(
      '01000000feffffff',
    );
    expect(decodeRaw('x', 'UINT16', 2, Buffer.from('01020304', 'hex'))).toEqual(
      Uint16Array.of(0x0201, 0x0403),
    );
  });

  it('hold each of BYTES as its length and its bytes, whatever these are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (elements) => {
        const data = elements.map(toBytesElement);
        const raw = encodeRaw({ datatype: 'BYTES', data });
        const back = decodeRaw('x', 'BYTES', elements.length, raw) as (string | Uint8Array)[];
        expect(back.map((it) => [...bytesOf(it)])).toEqual(elements.map((it) => [...it]));
      }),
    );
  });

  it.each([
    ['too few bytes', 'FP32', 2, '0000803f'],
    ['too many bytes', 'FP32', 1, '0000803f00'],
    ['a BOOL of 2', 'BOOL', 1, '02'],
    ['an element cut short', 'BYTES', 1, '0500000061'],
    ['bytes after the last element', 'BYTES', 1, '010000006162'],
    ['a length that lies', 'BYTES', 1, 'ffffffff61'],
    ['fewer elements than announced', 'BYTES', 2, '0100000061'],
  ] as const)('refuses %s', (_name, datatype, count, hex) => {
    expect(() => decodeRaw('Input "x"', datatype, count, Buffer.from(hex, 'hex'))).toThrow(
      /^Input "x"/,
    );
  });
});

describe('tensors in JSON', () => {
  it('keep every digit of 64-bit integers', () => {
    const text = '{"data":[9223372036854775807,-9223372036854775808,"12345678901234567890 x",1.5]}';
    const { data } = parseExactJson(Buffer.from(text)) as { data: unknown[] };
    expect(data).toEqual([
      9223372036854775807n,
      -9223372036854775808n,
      '12345678901234567890 x',
      1.5,
    ]);
    const read = readJsonData('x', 'INT64', 2, data.slice(0, 2));
    expect(writeJsonData('x', { datatype: 'INT64', shape: [2], data: read })).toBe(
      '[9223372036854775807,-9223372036854775808]',
    );
  });

  it('read all other numbers as JSON has them', () => {
    const numbers =
      '[0.05882352963089943,-1.2345678901234567e-5,1e-1234567890123456,1.5E+0000000000000001]';
    expect(parseExactJson(Buffer.from(numbers))).toEqual(JSON.parse(numbers));
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const text = JSON.stringify(values);
        // What is whole and beyond 2^53 is kept exactly instead.
        const read = (parseExactJson(Buffer.from(text)) as unknown[]).map(Number);
        expect(read).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keep numbers apart from the texts that look like them', () => {
    const text = '["12345678901234567890",12345678901234567890,"\\"12345678901234567890"]';
    expect(parseExactJson(Buffer.from(text))).toEqual([
      '12345678901234567890',
      12345678901234567890n,
      '"12345678901234567890',
    ]);
  });

  it('name numbers that are not finite, and read these names, with quotes and without', () => {
    const data = Float32Array.of(1.5, NaN, Infinity, -Infinity);
    const text = writeJsonData('x', { datatype: 'FP32', shape: [4], data });
    expect(text).toBe('[1.5,"NaN","Infinity","-Infinity"]');
    const bare = parseExactJson(
      Buffer.from('{"a":[1.5,NaN,Infinity,-Infinity],"b":"NaN, \\"Infinity"}'),
    );
    expect(bare).toEqual({ a: JSON.parse(text) as unknown, b: 'NaN, "Infinity' });
    expect(readJsonData('x', 'FP32', 4, (bare as { a: unknown[] }).a)).toEqual(data);
    expect(() => parseExactJson(Buffer.from('[NaN'))).toThrow(SyntaxError);
  });

  it.each(['01234567890123456789', '[1234567890123456789', '"1234567890123456'])(
    'refuse %s, which is no JSON',
    (text) => expect(() => parseExactJson(Buffer.from(text))).toThrow(SyntaxError),
  );
});

describe('shapes', () => {
  it.each([
    [[-1]],
    [[1.5]],
    [[NaN]],
    [[2 ** 31, 2 ** 31]],
    [[0, 2 ** 53 - 1]],
    [Array(17).fill(1)],
  ])('refuses %j', (shape) => expect(() => countElements('x', shape as number[])).toThrow(/x has/));

  it('counts the elements of others', () => {
    expect(countElements('x', [])).toBe(1);
    expect(countElements('x', [2, 0, 3])).toBe(0);
    expect(countElements('x', [2, 3])).toBe(6);
  });
});

describe('bytes through ONNX Runtime', () => {
  it('come back as they were, and hold nothing that its binding would change', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 24 }), fc.string({ unit: 'binary' })),
        (given) => {
          const element = toBytesElement(Buffer.from(given as string));
          const text = escapeElement(element);
          expect(needsEscape([text])).toBe(false);
          expect(/\p{Surrogate}/u.test(text)).toBe(false);
          expect(bytesOf(unescapeElement(text)).equals(bytesOf(element))).toBe(true);
        },
      ),
    );
    expect(bytesOf(unescapeElement(escapeElement('\u{10ff41}'))).toString()).toBe('\u{10ff41}');
  });
});
