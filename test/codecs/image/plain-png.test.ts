import { deflateRawSync, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { resolveImage } from '../../../src/codecs/image/image-options.ts';
import { decodePixels } from '../../../src/codecs/image/image-pixels.ts';
import { decodePlainPng, plainPngSize } from '../../../src/codecs/image/plain-png.ts';
import { parseManifest, type ImageManifest } from '../../../src/repository/manifest.ts';
import { chunk, filteredRows, header, plainPng, pngFile, withCheckSums } from './png-file.ts';

/** A row of bytes that is the same at each run. */
function bytes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  };
}

function decode(file: Buffer): Buffer | undefined {
  const size = plainPngSize(file);
  return size && decodePlainPng(file, size);
}

/** What the library makes of a file, or the message with which it is refused. */
async function byLibrary(file: Buffer, channels: 1 | 3, width: number, height: number) {
  const { input } = parseManifest({ input: { kind: 'image', interpolation: 'nearest' } });
  const options = resolveImage(input as ImageManifest, {
    name: 'pixels',
    datatype: 'UINT8',
    shape: [1, channels, height, width],
  });
  return decodePixels(file, options).catch((error: unknown) => String(error));
}

describe('plain files', () => {
  const sizes = [
    [1, 1],
    [1, 9],
    [9, 1],
    [7, 5],
    [28, 28],
    [100, 3],
  ] as const;

  for (const colour of [0, 2] as const) {
    const channels = colour === 0 ? 1 : 3;
    it(`have the pixels that the library reads, ${channels} to a pixel, by any filter`, async () => {
      for (const [width, height] of sizes) {
        for (const filter of [0, 1, 2, 3, 4, 5]) {
          const byte = bytes(width * 1000 + height * 10 + filter);
          // The last turn mixes all filters.
          const filterOf = (row: number) => (filter === 5 ? row % 5 : filter);
          const rows = filteredRows(width * channels, height, byte, filterOf);
          const file = plainPng(width, height, colour, rows, 1 + (filter % 3));
          expect(plainPngSize(file)).toEqual({ width, height, channels });
          expect(decode(file)).toEqual(await byLibrary(file, channels, width, height));
        }
      }
    });
  }

  it('may be packed in any way, and tell how large a pixel is', async () => {
    const rows = filteredRows(6, 6, bytes(3), (row) => row % 5);
    const end = chunk('IEND');
    for (const level of [0, 1, 9]) {
      const data = chunk('IDAT', deflateSync(rows, { level, windowBits: 9 }));
      for (const file of [
        pngFile(header(6, 6), data, end),
        pngFile(header(6, 6), chunk('pHYs', Buffer.alloc(9, 1)), data, end),
        pngFile(header(6, 6), chunk('IDAT'), data, chunk('IDAT'), end),
      ]) {
        const pixels = decode(file);
        expect(pixels).toHaveLength(36);
        expect(pixels).toEqual(await byLibrary(file, 1, 6, 6));
      }
    }
  });
});

describe('files that are left to the library', () => {
  const rows = filteredRows(6, 6, bytes(4), (row) => row % 5);
  const packed = deflateSync(rows);
  const data = chunk('IDAT', packed);
  const end = chunk('IEND');
  const start = header(6, 6);
  const idat = (content: Uint8Array) => pngFile(start, chunk('IDAT', content), end);

  it('are those of other kinds', async () => {
    const raw = { width: 4, height: 4, channels: 4 } as const;
    const alpha = () => sharp(Buffer.alloc(64, 99), { raw });
    const colours = () => alpha().removeAlpha();
    for (const other of [
      alpha().png(),
      alpha().png({ palette: true }),
      colours().png({ progressive: true }),
      colours().toColourspace('rgb16').png(),
      colours().withIccProfile('p3').png(),
      colours().withMetadata({ orientation: 6 }).png(),
      colours().jpeg(),
    ]) {
      expect(decode(await other.toBuffer())).toBeUndefined();
    }
    expect(decode(await colours().png().toBuffer())).toHaveLength(48);
  });

  it.each([
    ['transparency', pngFile(start, chunk('tRNS', Buffer.alloc(2)), data, end)],
    ['a gamma', pngFile(start, chunk('gAMA', Buffer.alloc(4, 1)), data, end)],
    ['text', pngFile(start, chunk('tEXt', Buffer.from('a\0b')), data, end)],
    ['an unknown chunk', pngFile(start, chunk('ABCD'), data, end)],
    ['a size of pixels of another length', pngFile(start, chunk('pHYs'), data, end)],
    ['a size of pixels after them', pngFile(start, data, chunk('pHYs', Buffer.alloc(9)), end)],
    ['two headers', pngFile(start, start, data, end)],
    ['no header', pngFile(data, end)],
    ['a header of an unknown compression', Buffer.from(pngFile(start, data, end)).fill(1, 26, 27)],
    ['no width', pngFile(header(0, 6), data, end)],
    ['no pixels', pngFile(start, end)],
    ['no end', pngFile(start, data)],
    ['an end with content', pngFile(start, data, chunk('IEND', Buffer.alloc(1)))],
    ['something after the end', Buffer.concat([pngFile(start, data, end), Buffer.alloc(1)])],
    ['two bits a sample', pngFile(header(6, 6, 0, 2), data, end)],
    ['interlacing', pngFile(header(6, 6, 0, 8, 1), data, end)],
    ['a row too few', idat(deflateSync(rows.subarray(7)))],
    ['a row too many', idat(deflateSync(Buffer.concat([rows, rows.subarray(0, 7)])))],
    ['something after the packed rows', idat(Buffer.concat([packed, Buffer.from('x')]))],
    ['rows that are cut short', idat(packed.subarray(0, -5))],
    ['no zlib header', idat(deflateRawSync(rows))],
    ['a dictionary', idat(deflateSync(rows, { dictionary: Buffer.from('abc') }))],
    ['an unknown filter', idat(deflateSync(Buffer.from(rows).fill(5, 0, 1)))],
    ['a length beyond the file', Buffer.from(pngFile(start, data, end)).fill(0x7f, 33, 34)],
  ])('are those with %s', (_, file) => {
    expect(decode(file)).toBeUndefined();
  });

  it('are those with a window that is smaller than the image', () => {
    const large = deflateSync(Buffer.alloc(101 * 100), { windowBits: 9 });
    const small = deflateSync(Buffer.alloc(101 * 100));
    const file = (content: Uint8Array) => pngFile(header(100, 100), chunk('IDAT', content), end);
    expect(decode(file(large))).toBeUndefined();
    expect(decode(file(small))).toHaveLength(10_000);
  });

  it('are those that are much longer than their pixels', () => {
    const padded = (count: number) =>
      pngFile(start, ...Array.from({ length: count }, () => chunk('IDAT')), data, end);
    expect(decode(padded(10))).toHaveLength(36);
    expect(decode(padded(100))).toBeUndefined();
  });

  it('are those that would inflate to more than the image holds, before they have done so', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 2 ** 20));
    const before = process.memoryUsage().arrayBuffers;
    expect(decode(idat(bomb))).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});

describe('damage', () => {
  const rows = filteredRows(4, 4, bytes(5), (row) => row % 5);
  const whole = plainPng(4, 4, 0, rows, 2);

  it('of any bit, or of the length, is left to the library', () => {
    expect(decode(whole)).toHaveLength(16);
    for (let length = 0; length < whole.length; length++) {
      expect(decode(whole.subarray(0, length))).toBeUndefined();
    }
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(decode(damaged)).toBeUndefined();
    }
  });

  it('that no check sum tells gives what the library makes of it', async () => {
    let read = 0;
    for (let bit = 64; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const file = withCheckSums(damaged);
      const size = plainPngSize(file);
      const pixels = size && decodePlainPng(file, size);
      if (!size || !pixels) continue;
      read++;
      expect(pixels).toEqual(await byLibrary(file, size.channels, size.width, size.height));
    }
    // Some bits of the compressed rows mean nothing, and those of a check sum are mended.
    expect(read).toBeGreaterThan(30);
  });
});
