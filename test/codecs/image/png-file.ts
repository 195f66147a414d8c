import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A chunk with its length and check sum. */
export function chunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

/** A PNG file of these chunks. */
export const pngFile = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([SIGNATURE, ...chunks]);

/** Chunk IHDR; `colour` is 0 for grey, 2 for RGB. */
export function header(width: number, height: number, colour = 0, bits = 8, interlace = 0): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([bits, colour, 0, 0, interlace], 8);
  return chunk('IHDR', data);
}

/** Rows of any bytes, each after the number of the filter that `filterOf` gives it. */
export function filteredRows(
  stride: number,
  height: number,
  byte: () => number,
  filterOf: (row: number) => number,
): Buffer {
  const rows = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    rows[row * (stride + 1)] = filterOf(row);
    for (let i = 1; i <= stride; i++) rows[row * (stride + 1) + i] = byte();
  }
  return rows;
}

/** A plain file with its rows in `parts` chunks IDAT. */
export function plainPng(
  width: number,
  height: number,
  colour: 0 | 2,
  rows: Uint8Array,
  parts = 1,
): Buffer {
  const packed = deflateSync(rows);
  const size = Math.ceil(packed.length / parts);
  const data = Array.from({ length: parts }, (_, part) =>
    chunk('IDAT', packed.subarray(part * size, (part + 1) * size)),
  );
  return pngFile(header(width, height, colour), ...data, chunk('IEND'));
}

/** The same file with check sums that fit its chunks again, as far as they can be found. */
export function withCheckSums(file: Buffer): Buffer {
  const mended = Buffer.from(file);
  for (let at = 8; at + 12 <= mended.length;) {
    const end = at + 8 + mended.readUInt32BE(at);
    if (end + 4 > mended.length) break;
    mended.writeUInt32BE(crc32(mended.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return mended;
}
