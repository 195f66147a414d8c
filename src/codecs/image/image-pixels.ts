import sharp from 'sharp';
import { badInput, type ServiceError } from '../../errors.ts';
import type { ImageOptions } from './image-options.ts';
import { lacksBlocks } from './jpeg-scan.ts';
import type { ImageSize } from './plain-png.ts';

// One thread for each image: many are decoded at once, and the engines need the cores. No cache:
// the same image is not decoded twice, the cache of answers sees to that.
sharp.concurrency(1);
sharp.cache(false);
// Of the many formats that libvips reads only these are ever wanted; the others are attack surface.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** Names of the kernels in sharp. */
const KERNELS = {
  nearest: 'nearest',
  linear: 'linear',
  cubic: 'cubic',
  lanczos3: 'lanczos3',
} as const;

/**
 * Decodes an image, off the main thread: upright (by its EXIF orientation), without transparency,
 * in sRGB or grey, of the wanted size.
 *
 * @returns `height × width × channels` bytes, row by row
 * @throws {ServiceError} `BAD_USER_INPUT` when it cannot be decoded or has too many pixels
 */
export async function decodePixels(bytes: Buffer, options: ImageOptions): Promise<Buffer> {
  const { width, height, channels, fit, interpolation, background, maxPixels } = options;
  if (lacksBlocks(bytes)) throw damaged();
  try {
    const { data, info } = await sharp(bytes, {
      // Half a JPEG with an end marker is only worth a warning to libjpeg; warnings about a PNG are
      // of its metadata. A JPEG without its end marker is refused, as Pillow does: of a progressive
      // file nobody can tell how many scans are missing. Bytes behind the end are of no account.
      failOn: bytes[0] === 0xff ? 'warning' : 'error',
      limitInputPixels: maxPixels,
      autoOrient: true,
    })
      .flatten({ background })
      .resize({ width, height, fit, kernel: KERNELS[interpolation], background })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== channels || data.length !== width * height * channels) {
      throw new Error(`decoded to ${info.width}×${info.height}×${info.channels}`);
    }
    return data;
  } catch (thrown) {
    // The library's messages name operations and internals that say nothing to a client.
    const why = thrown instanceof Error ? thrown.message : '';
    if (/pixel limit|dimension/i.test(why)) {
      throw badInput(`image has too many pixels; at most ${maxPixels} are allowed.`, {
        field: 'image',
        maxPixels,
      });
    }
    throw damaged();
  }
}

function damaged(): ServiceError {
  return badInput('image cannot be decoded: the file is damaged or cut short.', { field: 'image' });
}

/** Writes a PNG file of 8 bits; `pixels` are `height × width × channels` bytes, row by row. */
export function encodePng(pixels: Uint8Array, raw: ImageSize): Promise<Buffer> {
  const space = raw.channels === 1 ? 'b-w' : 'srgb';
  return sharp(pixels, { raw }).toColourspace(space).png().toBuffer();
}
