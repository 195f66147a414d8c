import { describe, expect, it } from 'vitest';
import { resolveImage } from '../../../src/codecs/image/image-options.ts';
import { decodePixels, encodePng } from '../../../src/codecs/image/image-pixels.ts';
import { PlainImageDecoder } from '../../../src/codecs/image/plain-images.ts';
import { parseManifest, type ImageManifest } from '../../../src/repository/manifest.ts';

const options = (width: number, height: number, channels: 1 | 3 = 1, keys: object = {}) =>
  resolveImage(parseManifest({ input: { kind: 'image', ...keys } }).input as ImageManifest, {
    name: 'pixels',
    datatype: 'UINT8',
    shape: [1, channels, height, width],
  });

/** A image without a pattern; the same for the same seed. */
function image(width: number, height: number, channels: 1 | 3 = 1, seed = 1): Promise<Buffer> {
  let state = seed;
  const pixels = Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
  return encodePng(pixels, { width, height, channels });
}

/** Whether images of this size are decoded at once, when their trial is over. */
async function isDecoded(given: ReturnType<typeof options>, file: Buffer): Promise<boolean> {
  const decoder = new PlainImageDecoder(given);
  decoder.decode(file);
  await decoder.settled;
  return decoder.decode(file) !== undefined;
}

describe('images of the wanted size', () => {
  it('are decoded at once, to what the library gives', async () => {
    for (const channels of [1, 3] as const) {
      const given = options(28, 20, channels);
      const file = await image(28, 20, channels);
      expect(new PlainImageDecoder(given).decode(file)).toEqual(await decodePixels(file, given));
    }
  });
});

describe('larger images', () => {
  it.each([
    [28, 28, 8, 8],
    [16, 16, 8, 8],
    [20, 12, 8, 8],
    [31, 28, 8, 8],
    [10, 14, 8, 9],
    [8, 12, 8, 8],
    [11, 13, 7, 12],
    [124, 130, 64, 65],
    [3, 3, 1, 1],
  ])('of %i × %i are shrunk to %i × %i as the library does it', async (fromX, fromY, toX, toY) => {
    for (const channels of [1, 3] as const) {
      const given = options(toX, toY, channels);
      const decoder = new PlainImageDecoder(given);
      // The first goes the long way, and starts the trial.
      expect(decoder.decode(await image(fromX, fromY, channels))).toBeUndefined();
      await decoder.settled;
      for (let seed = 2; seed < 20; seed++) {
        const file = await image(fromX, fromY, channels, seed);
        expect(decoder.decode(file)).toEqual(await decodePixels(file, given));
      }
    }
  });

  it('stay with the library where its pixels are others', async () => {
    const file = await image(28, 28);
    for (const wrong of [1, 254]) {
      const decoder = new PlainImageDecoder(options(8, 8), async (bytes, given) => {
        const pixels = await decodePixels(bytes, given);
        // A difference that shows in few images only.
        if (pixels[0]! % 16 === 0) pixels[63] = wrong;
        return pixels;
      });
      decoder.decode(file);
      await decoder.settled;
      expect(decoder.decode(file)).toBeUndefined();
    }
  });

  it('stay with the library where it fails', async () => {
    const decoder = new PlainImageDecoder(options(8, 8), () =>
      Promise.reject(new Error('out of order')),
    );
    const file = await image(28, 28);
    decoder.decode(file);
    await decoder.settled;
    expect(decoder.decode(file)).toBeUndefined();
  });

  it('are tried in so many sizes only', async () => {
    const given = options(8, 8);
    let decoded = 0;
    const decoder = new PlainImageDecoder(given, () => {
      decoded++;
      return Promise.reject(new Error('not asked'));
    });
    for (let width = 9; width < 30; width++) {
      for (let height = 9; height < 30; height++) decoder.decode(await image(width, height));
    }
    await decoder.settled;
    expect(decoded).toBe(64);
  });
});

describe('what the library decodes', () => {
  it('are images that must grow, shrink much, or be cut', async () => {
    expect(await isDecoded(options(8, 8), await image(28, 28))).toBe(true);
    expect(await isDecoded(options(8, 8), await image(7, 8))).toBe(false);
    expect(await isDecoded(options(8, 8), await image(32, 28))).toBe(false);
    const cut = options(8, 8, 1, { fit: 'cover' });
    expect(await isDecoded(cut, await image(28, 20))).toBe(false);
    expect(await isDecoded(cut, await image(28, 28))).toBe(true);
  });

  it('are other ways to interpolate, other channels, and many pixels', async () => {
    const nearest = options(8, 8, 1, { interpolation: 'nearest' });
    expect(await isDecoded(nearest, await image(28, 28))).toBe(false);
    expect(await isDecoded(options(8, 8, 3), await image(8, 8, 1))).toBe(false);
    expect(await isDecoded(options(8, 8, 1), await image(8, 8, 3))).toBe(false);
    expect(await isDecoded(options(128, 128), await image(128, 128))).toBe(true);
    expect(await isDecoded(options(128, 129), await image(128, 129))).toBe(false);
    const few = options(8, 8, 1, { maxPixels: 783 });
    expect(await isDecoded(few, await image(28, 28))).toBe(false);
  });
});
