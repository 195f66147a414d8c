import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { lacksBlocks } from '../../../src/codecs/image/jpeg-scan.ts';

/** Every kind of chroma subsampling, Huffman table and shape that libvips writes. */
const KINDS: readonly JpegOptions[] = [
  { quality: 90 },
  { quality: 40, chromaSubsampling: '4:4:4' },
  { quality: 75, optimiseCoding: false },
  { quality: 5 },
];

const SIZES = [
  [1, 1],
  [8, 8],
  [17, 9],
  [28, 28],
  [64, 64],
  [200, 33],
  [9, 255],
] as const;

/** 21 × 19 pixels with a restart marker after each block of blocks (cjpeg -restart 1B). */
const RESTARTS =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAATABUDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAQFA//EABsQAAIDAQEBAAAAAAAAAAAAAAABAgQjIjMy/8QAFwEAAwEAAAAAAAAAAAAAAAAAAwQFAv/EABwRAAMBAAIDAAAAAAAAAAAAAAABAiIEBSMyM//dAAQAAf/aAAwDAQACEQMRAD8Az6Uc0UqPZzpRzRSo9mb4umM9lXiR/9DTpRyB0pRyBLvi6YlFZR//0Z6XmilfaALFrTCdl8kf/9LbpeQADWtMnR6o/9k=';

/** The same with a scan for each component (cjpeg -scans). */
const SCANS =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAATABUDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABQT/xAAbEAACAwEBAQAAAAAAAAAAAAAAAQIEIyIzMv/aAAgBAQAAPwA+lHNFKj2NUo5ANKOaKVHsZpRyAKXmilfaGqXkf//EABYBAQEBAAAAAAAAAAAAAAAAAAUCBv/EABgRAAMBAQAAAAAAAAAAAAAAAAABAiIE/9oACAECEQA/AJvl0w2+XTNZa0w21pn/xAAVAQEBAAAAAAAAAAAAAAAAAAAFBP/EABsRAAMAAgMAAAAAAAAAAAAAAAABAgUiIzIz/9oACAEDEQA/AKclXEgmK1QjkvJBUdUf/9k=';

const END = Buffer.of(0xff, 0xd9);

function noise(width: number, height: number, channels: 1 | 3): Buffer {
  let state = width * 7919 + height;
  return Buffer.from(
    Uint8Array.from({ length: width * height * channels }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state >> 16;
    }),
  );
}

async function* files(): AsyncGenerator<Buffer> {
  for (const [width, height] of SIZES) {
    for (const channels of [1, 3] as const) {
      const image = sharp(noise(width, height, channels), { raw: { width, height, channels } });
      for (const kind of KINDS) {
        yield await image
          .clone()
          .toColourspace(channels === 1 ? 'b-w' : 'srgb')
          .jpeg(kind)
          .toBuffer();
      }
    }
  }
  yield Buffer.from(RESTARTS, 'base64');
  yield Buffer.from(SCANS, 'base64');
}

/** Where the coded data of the last scan begins. */
function lastScanOf(file: Buffer): number {
  const at = file.lastIndexOf(Buffer.of(0xff, 0xda));
  return at + 2 + file.readUInt16BE(at + 2);
}

describe('the blocks of a JPEG file', () => {
  it('are all there in a whole file, whatever comes after it', async () => {
    for await (const file of files()) {
      expect(lacksBlocks(file)).toBe(false);
      expect(lacksBlocks(Buffer.concat([file, Buffer.from('trailing bytes')]))).toBe(false);
      expect(lacksBlocks(Buffer.concat([file, file]))).toBe(false);
      // Without its end marker the data is complete all the same.
      expect(lacksBlocks(file.subarray(0, -1))).toBe(false);
    }
  });

  it('are missing from a file that was cut anywhere in its data', async () => {
    for await (const file of files()) {
      const from = lastScanOf(file);
      const step = Math.max(1, Math.floor((file.length - from) / 50));
      for (let cut = from; cut < file.length - 2; cut += step) {
        const left = file.subarray(0, cut);
        // Half of a stuffed byte makes a marker of what follows.
        if (left.at(-1) === 0xff) continue;
        expect(lacksBlocks(Buffer.concat([left, END])), `${cut} of ${file.length}`).toBe(true);
        expect(lacksBlocks(left)).toBe(true);
      }
    }
  });

  it('cannot be told of progressive files, large ones, and what is no JPEG', async () => {
    const image = sharp(noise(64, 64, 3), { raw: { width: 64, height: 64, channels: 3 } });
    const progressive = await image.clone().jpeg({ progressive: true }).toBuffer();
    expect(lacksBlocks(progressive.subarray(0, progressive.length / 2))).toBe(false);
    expect(lacksBlocks(await image.clone().png().toBuffer())).toBe(false);
    expect(lacksBlocks(Buffer.alloc(0))).toBe(false);
    const high = sharp(noise(8, 300, 1), { raw: { width: 8, height: 300, channels: 1 } });
    const cut = (await high.jpeg().toBuffer()).subarray(0, -50);
    expect(lacksBlocks(cut)).toBe(false);
  });

  it('never fails on damaged files', async () => {
    for await (const file of files()) {
      for (let at = 2; at < Math.min(file.length, 700); at += 3) {
        const damaged = Buffer.from(file);
        damaged[at] = (at * 31) % 256;
        expect(typeof lacksBlocks(damaged)).toBe('boolean');
        expect(typeof lacksBlocks(file.subarray(0, at))).toBe('boolean');
      }
    }
  });
});
