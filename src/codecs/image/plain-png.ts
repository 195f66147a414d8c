import { inflateSync } from 'node:zlib';

/** What an image measures. */
export interface ImageSize {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes of one pixel: 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
}

const SIGNATURE_BYTES = 8;
/** Length, type and check sum of a chunk. */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;
/** Bytes that a file may have beyond twice those of its pixels. */
const SLACK_BYTES = 1024;
const FIRST_CHUNK = SIGNATURE_BYTES + FRAME_BYTES + HEADER_BYTES;

/** Types of chunks, as the number that their four letters make. */
const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;
/** Size of a pixel in the world: the one further chunk that many writers add and no reader needs. */
const PHYS = 0x70485973;
const PHYS_BYTES = 9;

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * Reads the size of a plain PNG file: 8 bits, grey or colour, neither interlaced nor transparent.
 *
 * @returns `undefined` for any other file
 */
export function plainPngSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.length < FIRST_CHUNK) return undefined;
  if (bytes.readUInt32BE(0) !== 0x89504e47 || bytes.readUInt32BE(4) !== 0x0d0a1a0a) {
    return undefined;
  }
  if (bytes.readUInt32BE(8) !== HEADER_BYTES || bytes.readUInt32BE(12) !== IHDR) return undefined;
  // Bits of a sample, type of colour, then the only compression, filters and no interlacing.
  const colour = bytes[25];
  if (bytes[24] !== 8 || (colour !== 0 && colour !== 2)) return undefined;
  if (bytes[26] !== 0 || bytes[27] !== 0 || bytes[28] !== 0) return undefined;
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  return width > 0 && height > 0 ? { width, height, channels: colour === 0 ? 1 : 3 } : undefined;
}

/**
 * Decodes a plain PNG file, on the calling thread. It is strict: whatever is unusual, let alone
 * damaged, is left to a full decoder, which knows what may be forgiven.
 *
 * @param size as {@link plainPngSize} tells it; bounds what is inflated
 * @returns `height × width × channels` bytes, row by row, or `undefined` for any other file
 */
export function decodePlainPng(bytes: Buffer, size: ImageSize): Buffer | undefined {
  const length = (size.width * size.channels + 1) * size.height;
  // Compression that makes it much longer has only one purpose.
  if (bytes.length > 2 * length + SLACK_BYTES) return undefined;
  const packed = imageData(bytes);
  const raw = packed && inflate(packed, length);
  return raw && unfilter(raw, size);
}

/** Walks all chunks to the very end of the file; gives the compressed pixels. */
function imageData(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let previous = 0;
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.readUInt32BE(at + 4);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) return undefined;
    if (crc32(bytes, at + 4, end - 4) !== bytes.readInt32BE(end - 4)) return undefined;
    switch (type) {
      case IHDR:
        if (at !== SIGNATURE_BYTES) return undefined;
        break;
      case PHYS:
        if (previous !== IHDR || length !== PHYS_BYTES) return undefined;
        break;
      case IDAT:
        parts.push(bytes.subarray(at + 8, end - 4));
        break;
      case IEND:
        if (previous !== IDAT || length !== 0 || end !== bytes.length) return undefined;
        return parts.length === 1 ? parts[0] : Buffer.concat(parts);
      default:
        return undefined;
    }
    previous = type;
    at = end;
  }
  return undefined;
}

function crc32(bytes: Buffer, from: number, to: number): number {
  let crc = -1;
  for (let i = from; i < to; i++) {
    crc = (CRC_TABLE[(crc ^ (bytes[i] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  }
  return ~crc;
}

/** Inflates to exactly `length` bytes, out of exactly `packed`, and never to more. */
function inflate(packed: Buffer, length: number): Buffer | undefined {
  // A window smaller than the image forbids some distances; only a full decoder minds them.
  const window = 256 << ((packed[0] ?? 0) >> 4);
  if (window < Math.min(length, 32_768)) return undefined;
  try {
    const { buffer, engine } = inflateSync(packed, {
      info: true,
      chunkSize: Math.max(length, 64),
      maxOutputLength: length,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return buffer.length === length && engine.bytesWritten === packed.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** Undoes the filter that stands before each row. */
function unfilter(raw: Buffer, { width, height, channels }: ImageSize): Buffer | undefined {
  const stride = width * channels;
  const pixels = Buffer.allocUnsafe(stride * height);
  for (let row = 0; row < height; row++) {
    const from = row * (stride + 1) + 1;
    const to = row * stride;
    const filter = raw[from - 1];
    switch (filter) {
      case 0:
        raw.copy(pixels, to, from, from + stride);
        break;
      case 1:
        for (let i = 0; i < stride; i++) {
          const left = i < channels ? 0 : (pixels[to + i - channels] ?? 0);
          pixels[to + i] = (raw[from + i] ?? 0) + left;
        }
        break;
      case 2:
        for (let i = 0; i < stride; i++) {
          const up = row === 0 ? 0 : (pixels[to + i - stride] ?? 0);
          pixels[to + i] = (raw[from + i] ?? 0) + up;
        }
        break;
      case 3:
        for (let i = 0; i < stride; i++) {
          const left = i < channels ? 0 : (pixels[to + i - channels] ?? 0);
          const up = row === 0 ? 0 : (pixels[to + i - stride] ?? 0);
          pixels[to + i] = (raw[from + i] ?? 0) + ((left + up) >> 1);
        }
        break;
      case 4:
        for (let i = 0; i < stride; i++) {
          const left = i < channels ? 0 : (pixels[to + i - channels] ?? 0);
          const up = row === 0 ? 0 : (pixels[to + i - stride] ?? 0);
          const corner = i < channels || row === 0 ? 0 : (pixels[to + i - stride - channels] ?? 0);
          pixels[to + i] = (raw[from + i] ?? 0) + paeth(left, up, corner);
        }
        break;
      default:
        return undefined;
    }
  }
  return pixels;
}

/** Of the three neighbours the one that is nearest to `left + up - corner`. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
