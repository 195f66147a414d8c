import { badInput } from '../../errors.ts';

const FORMATS = 'a PNG, JPEG or WebP file';
const ALLOWED = `${FORMATS}, as base64 or as a data URL (data:image/png;base64,…)`;

/** Longest beginning of a data URL, up to the comma. */
const MAX_HEADER = 256;

/**
 * Reads the bytes of an image, which may be a data URL or base64 (URL-safe too, with or without
 * padding and line breaks). The format is detected from the first bytes; a declared type is ignored.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` for anything but a PNG, JPEG or WebP file of at most
 *   `maxBytes` bytes
 */
export function readImageBytes(image: string | Uint8Array, maxBytes: number): Buffer {
  if (typeof image !== 'string') return checkFile(Buffer.from(image), maxBytes);
  let base64 = image;
  if (/^data:/i.test(image)) {
    const comma = image.indexOf(',');
    if (comma < 0 || comma > MAX_HEADER || !/;base64$/i.test(image.slice(0, comma))) {
      throw badInput(`image is not a data URL of base64; expected ${ALLOWED}.`, { field: 'image' });
    }
    base64 = image.slice(comma + 1);
  }
  // White space makes base64 longer than its bytes need, but not twice as long.
  if (base64.length > maxBytes * 3) throw tooLarge(maxBytes);
  const bytes = decode(base64) ?? decode(base64.replace(/\s+/g, ''));
  if (!bytes || bytes.length === 0) {
    throw badInput(`image is not valid base64; expected ${ALLOWED}.`, { field: 'image' });
  }
  return checkFile(bytes, maxBytes);
}

function checkFile(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (!isImage(bytes)) {
    throw badInput(`image is of an unknown format; expected ${FORMATS}.`, { field: 'image' });
  }
  return bytes;
}

/** Node skips what is not base64; a result that is too short tells that it did. */
function decode(base64: string): Buffer | null {
  let length = base64.length;
  while (length > 0 && base64.charCodeAt(length - 1) === 61 && base64.length - length < 2) length--;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === Math.floor((length * 3) / 4) && length % 4 !== 1 ? bytes : null;
}

/** Whether a file begins like a PNG, JPEG or WebP. */
export function isImage(bytes: Buffer): boolean {
  if (bytes.length < 12) return false;
  if (bytes.readUInt32BE(0) === 0x89504e47 && bytes.readUInt32BE(4) === 0x0d0a1a0a) return true;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return true;
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
}

const tooLarge = (maxBytes: number) =>
  badInput(`image is too large; at most ${maxBytes} bytes are allowed.`, {
    field: 'image',
    maxBytes,
  });
