import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { ImageCodec } from '../../../src/codecs/image/image.ts';
import { resolveImage } from '../../../src/codecs/image/image-options.ts';
import { parseManifest, type ImageManifest } from '../../../src/repository/manifest.ts';
import type { Datatype, TensorSpec } from '../../../src/tensor/tensor.ts';
import { SHIPPED, serveModel } from '../serve-model.ts';
import { processorTimeOf } from '../../support/processor-time.ts';

const spec = (shape: (number | null)[], datatype: Datatype = 'FP32'): TensorSpec => ({
  name: 'pixels',
  datatype,
  shape,
});

const manifest = (keys: object = {}): ImageManifest =>
  parseManifest({ input: { kind: 'image', ...keys } }).input as ImageManifest;

const codec = (keys: object, tensor: TensorSpec) =>
  new ImageCodec(resolveImage(manifest(keys), tensor));

/** Pixels of an image, row by row, and its channels. */
function imageOf(width: number, height: number, channels: 1 | 3 | 4, pixels: number[]) {
  return sharp(Uint8Array.from(pixels), { raw: { width, height, channels } });
}

const base64 = async (image: Sharp) => (await image.toBuffer()).toString('base64');

async function encode(image: string, keys: object, tensor: TensorSpec) {
  const encoded = await codec(keys, tensor).prepare({ image }).encode();
  return encoded.tensors.pixels!;
}

/** Red, green, blue, white: two by two. */
const COLOURS = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

describe('pixels', () => {
  const colours = () => base64(imageOf(2, 2, 3, COLOURS).png());

  it('puts the channels first, or last', async () => {
    const first = await encode(await colours(), {}, spec([null, 3, 2, 2]));
    expect(first).toMatchObject({ datatype: 'FP32', shape: [1, 3, 2, 2] });
    expect([...first.data]).toEqual([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1]);
    const last = await encode(await colours(), {}, spec([null, 2, 2, 3]));
    expect(last.shape).toEqual([1, 2, 2, 3]);
    expect([...last.data]).toEqual(COLOURS.map((value) => value / 255));
  });

  it('can swap red and blue', async () => {
    const { data } = await encode(await colours(), { channelOrder: 'BGR' }, spec([1, 2, 2, 3]));
    expect([...data]).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1]);
  });

  it('takes mean and deviation off what was scaled, for each channel', async () => {
    const keys = { mean: [0.5, 0.25, 0], std: [0.5, 0.25, 2] };
    const { data } = await encode(await colours(), keys, spec([1, 3, 2, 2]));
    expect([...data]).toEqual([1, -1, -1, 1, -1, 3, -1, 3, 0, 0, 0.5, 0.5]);
    const scaled = await encode(await colours(), { scale: 1, mean: 127.5 }, spec([1, 3, 2, 2]));
    expect(new Set(scaled.data as Float32Array)).toEqual(new Set([127.5, -127.5]));
  });

  it('leaves whole numbers as they are, within their range', async () => {
    const bytes = await encode(await colours(), {}, spec([1, 2, 2, 3], 'UINT8'));
    expect(bytes.data).toEqual(Uint8Array.from(COLOURS));
    const signed = await encode(await colours(), { mean: 128 }, spec([1, 2, 2, 3], 'INT8'));
    expect(new Set(signed.data as Int8Array)).toEqual(new Set([127, -128]));
    const half = await encode(await colours(), {}, spec([1, 2, 2, 3], 'FP16'));
    expect(half.data).toEqual(Uint16Array.from(COLOURS, (value) => (value ? 0x3c00 : 0)));
  });

  it('reads grey images exactly, and makes colours grey', async () => {
    const grey = Array.from({ length: 64 }, (_, i) => i * 4);
    const image = await base64(imageOf(8, 8, 1, grey).toColourspace('b-w').png());
    const { data } = await encode(image, {}, spec([null, 1, 8, 8], 'UINT8'));
    expect([...data]).toEqual(grey);
    const three = await encode(image, {}, spec([null, 8, 8, 3], 'UINT8'));
    expect([...three.data]).toEqual(grey.flatMap((value) => [value, value, value]));
    const colour = await encode(await colours(), {}, spec([null, 1, 2, 2], 'UINT8'));
    const [red, green, blue, white] = colour.data as Uint8Array;
    expect(white).toBe(255);
    expect(green).toBeGreaterThan(red!);
    expect(red).toBeGreaterThan(blue!);
  });

  it('lays the background under what is transparent', async () => {
    const image = await base64(imageOf(1, 1, 4, [10, 20, 30, 0]).png());
    const on = async (background: string) =>
      [...(await encode(image, { background, channels: 3 }, spec([1, 1, 1, 3], 'UINT8'))).data].map(
        Number,
      );
    expect(await on('#000000')).toEqual([0, 0, 0]);
    expect(await on('#ff8000')).toEqual([255, 128, 0]);
  });

  it('turns photographs upright', async () => {
    const image = await base64(
      imageOf(2, 1, 3, [255, 255, 255, 0, 0, 0]).withMetadata({ orientation: 6 }).png(),
    );
    const { data } = await encode(image, {}, spec([1, 1, 2, 1], 'UINT8'));
    expect([...data]).toEqual([255, 0]);
  });

  it('reads 16 bits as 8', async () => {
    const wide = sharp(Uint16Array.of(0, 32_896, 65_535, 257), {
      raw: { width: 2, height: 2, channels: 1 },
    });
    const image = await base64(wide.toColourspace('grey16').png());
    const { data } = await encode(image, {}, spec([1, 1, 2, 2], 'UINT8'));
    expect([...data]).toEqual([0, 128, 255, 1]);
  });
});

describe('sizes', () => {
  const wide = () => base64(imageOf(4, 2, 1, [0, 0, 200, 200, 0, 0, 200, 200]).png());
  const grey = spec([null, 1, null, null], 'UINT8');
  const size = { width: 2, height: 2, channels: 1, interpolation: 'nearest' };

  it('stretches, cuts or puts borders', async () => {
    const fitted = async (fit: string) =>
      [...(await encode(await wide(), { ...size, fit }, grey)).data].map(Number);
    expect(await fitted('fill')).toEqual([0, 200, 0, 200]);
    expect(await fitted('cover')).toEqual([0, 200, 0, 200]);
    const borders = { ...size, width: 4, height: 4, fit: 'contain', background: '#646464' };
    const contained = await encode(await wide(), borders, grey);
    expect([...contained.data].map(Number)).toEqual([
      ...[100, 100, 100, 100],
      ...[0, 0, 200, 200, 0, 0, 200, 200],
      ...[100, 100, 100, 100],
    ]);
  });

  it('takes sizes from the signature and refuses to contradict it', () => {
    const resolve = (keys: object, shape: (number | null)[]) =>
      resolveImage(manifest(keys), spec(shape));
    expect(resolve({}, [null, 3, 224, 160])).toMatchObject({
      layout: 'NCHW',
      channels: 3,
      height: 224,
      width: 160,
    });
    expect(resolve({}, [null, 224, 160, 1])).toMatchObject({
      layout: 'NHWC',
      channels: 1,
      height: 224,
      width: 160,
    });
    expect(() => resolve({ width: 10 }, [null, 3, 8, 8])).toThrow(
      'model.yaml, input.width: 10, but input "pixels" is FP32 [?, 3, 8, 8] (NCHW)',
    );
    expect(() => resolve({ width: 10 }, [null, 3, null, null])).toThrow(
      'model.yaml, input.height: missing; input "pixels" is FP32 [?, 3, ?, ?] and leaves it open',
    );
    expect(() => resolve({ mean: [1, 2] }, [null, 3, 8, 8])).toThrow(
      'model.yaml, input.mean: 2 numbers for 3 channel(s)',
    );
    expect(() => resolve({}, [null, 64])).toThrow('image needs a tensor of four axes');
    expect(() => resolve({}, [null, 5, 8, 8])).toThrow('gives 5 channels');
  });
});

describe('files', () => {
  const tensor = spec([1, 1, 2, 2], 'UINT8');
  const plain = () => imageOf(2, 2, 1, [9, 9, 9, 9]);
  const refuse = async (image: string, message: string, keys: object = {}) => {
    const attempt = (async () => codec(keys, tensor).prepare({ image }).encode())();
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(attempt).rejects.toThrow(message);
  };

  it('takes PNG, JPEG and WebP, as base64 of any make or as a data URL of any type', async () => {
    for (const image of [plain().png(), plain().jpeg(), plain().webp({ lossless: true })]) {
      const text = await base64(image);
      const wrapped = text.replaceAll(/(.{20})/g, '$1\r\n');
      const urlSafe = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      for (const form of [text, wrapped, urlSafe, `data:text/html;base64,${text}`]) {
        expect([...(await encode(form, {}, tensor)).data]).toEqual([9, 9, 9, 9]);
      }
    }
  });

  it('gives one key to one file, however it was written', async () => {
    const text = await base64(plain().png());
    const key = (image: string) => codec({}, tensor).prepare({ image }).key;
    expect(key(`data:image/png;base64,${text}`)).toBe(key(text));
    expect(key(await base64(plain().jpeg()))).not.toBe(key(text));
  });

  it('refuses what is not base64, nothing, and other formats', async () => {
    await refuse('', 'image is not valid base64');
    await refuse('%%%', 'image is not valid base64');
    await refuse('https://example.com/cat.png', 'image is not valid base64');
    await refuse('data:image/png,abc', 'image is not a data URL of base64');
    const formats = [plain().gif(), plain().tiff()];
    for (const image of formats) await refuse(await base64(image), 'unknown format');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    await refuse(Buffer.from(svg).toString('base64'), 'unknown format');
    await refuse(
      Buffer.from(`data:image/png;base64,${svg}`).toString('base64'),
      'expected a PNG, JPEG or WebP file',
    );
  });

  it('refuses damaged and cut files without a word of the library', async () => {
    const cutShort = async (image: Sharp) => {
      const bytes = await image.toBuffer();
      return bytes.subarray(0, bytes.length / 2).toString('base64');
    };
    const noise = () =>
      sharp({
        create: {
          width: 64,
          height: 64,
          channels: 3,
          background: 'red',
          noise: { type: 'gaussian', mean: 128, sigma: 60 },
        },
      });
    const damaged = 'image cannot be decoded: the file is damaged or cut short.';
    for (const image of [noise().png(), noise().jpeg(), noise().webp()]) {
      await refuse(await cutShort(image), damaged);
    }
    const head = Buffer.from('89504e470d0a1a0a00000000', 'hex').toString('base64');
    await refuse(head, damaged);
  });

  it.each([8, 28, 64, 200])(
    'refuses files cut at any point, %i pixels wide and high',
    async (size) => {
      const pixels = Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256);
      const image = imageOf(size, size, 3, pixels);
      const tensors = spec([1, 8, 8, 3]);
      const files: [string, Buffer][] = [
        ['jpeg', await image.clone().jpeg().toBuffer()],
        ['progressive jpeg', await image.clone().jpeg({ progressive: true }).toBuffer()],
        ['png', await image.clone().png().toBuffer()],
        ['webp', await image.clone().webp().toBuffer()],
        ['lossless webp', await image.clone().webp({ lossless: true }).toBuffer()],
      ];
      for (const [name, file] of files) {
        const read = (bytes: Buffer) => encode(bytes.toString('base64'), {}, tensors);
        for (const share of [0.2, 0.5, 0.7, 0.9, 0.95]) {
          const cut = file.subarray(0, Math.max(20, file.length * share));
          await expect(read(cut), `${name} cut at ${share}`).rejects.toMatchObject({
            code: 'BAD_USER_INPUT',
            message: 'image cannot be decoded: the file is damaged or cut short.',
          });
          // libjpeg makes up what is missing before an end marker.
          if (name !== 'jpeg') continue;
          const ended = Buffer.concat([cut, Buffer.of(0xff, 0xd9)]);
          await expect(read(ended), `${name} ended at ${share}`).rejects.toMatchObject({
            code: 'BAD_USER_INPUT',
          });
        }
        expect((await read(file)).data).toHaveLength(192);
        // Cameras and editors append what they like.
        expect((await read(Buffer.concat([file, Buffer.alloc(64, 7)]))).data).toHaveLength(192);
      }
    },
  );

  it('refuses half a progressive JPEG that was given an end marker', async () => {
    const grey = Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 256);
    const whole = await imageOf(64, 64, 1, grey).jpeg({ progressive: true }).toBuffer();
    const half = Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.of(0xff, 0xd9)]);
    await refuse(half.toString('base64'), 'image cannot be decoded');
  });

  it('refuses files that are too large, and images of too many pixels', async () => {
    const image = await base64(plain().png());
    await refuse(image, 'image is too large; at most 16 bytes are allowed.', { maxBytes: 16 });
    await refuse('A'.repeat(100), 'at most 16 bytes', { maxBytes: 16 });
    // An image that says of itself that it has 400 million pixels.
    const bomb = await plain().png().toBuffer();
    bomb.writeUInt32BE(20_000, 16);
    bomb.writeUInt32BE(20_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const ms = await processorTimeOf(() =>
      refuse(bomb.toString('base64'), 'image has too many pixels; at most 25000000 are allowed.'),
    );
    expect(ms).toBeLessThan(1_000);
  });
});

describe('the shipped model digits', () => {
  it('reads its examples, and images of any size', async () => {
    const served = await serveModel(SHIPPED, 'digits');
    const { examples } = served.folder.manifest!;
    expect(examples.length).toBeGreaterThan(1);
    const answers = await served.predict(...examples.map(({ input }) => input));
    expect(answers.map(({ prediction }) => prediction)).toEqual(
      examples.map(({ prediction }) => prediction),
    );
    const file = await readFile(path.join(SHIPPED, 'digits/examples/three.png'));
    const large = sharp(file).resize(200, 200, { kernel: 'cubic' }).webp();
    expect((await served.predict({ image: await base64(large) }))[0]?.prediction).toBe('3');
  });
});
