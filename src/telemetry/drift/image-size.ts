/** Bytes at the beginning of a JPEG file in which its size is looked for. */
const MAX_JPEG_BYTES = 65_536;

/** Width and height of an image, in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Size of a PNG, JPEG or WebP file, from its first bytes; `null` where they do not tell.
 *
 * @param image bytes, data URL or base64
 */
export function imageSizeOf(image: string | Uint8Array): ImageSize | null {
  const head = firstBytes(image, 36);
  if (head.length < 30) return null;
  if (head.readUInt32BE(0) === 0x89504e47) {
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  }
  if (head[0] === 0xff && head[1] === 0xd8) {
    return jpegSize(firstBytes(image, MAX_JPEG_BYTES));
  }
  return head.toString('latin1', 0, 4) === 'RIFF' ? webpSize(head) : null;
}

function firstBytes(image: string | Uint8Array, count: number): Buffer {
  if (typeof image !== 'string') {
    return Buffer.from(image.buffer, image.byteOffset, Math.min(count, image.length));
  }
  const from = image.startsWith('data:') ? image.indexOf(',') + 1 : 0;
  return Buffer.from(image.slice(from, from + (count / 3) * 4), 'base64');
}

/** The size stands in the first "start of frame", behind segments that tell their own length. */
function jpegSize(bytes: Buffer): ImageSize | null {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

function webpSize(bytes: Buffer): ImageSize | null {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
