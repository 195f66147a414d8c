import { deflateSync } from 'node:zlib';
import type { Random } from './random.ts';

const SIZE = 28;
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** Handwriting-like grey images of 28 × 28 pixels: a crooked stroke on black, each one new. */
export class DigitImages {
  readonly #random: Random;
  /** Rows of pixels, each after the byte that names its PNG filter (0, none). */
  readonly #rows = Buffer.alloc(SIZE * (SIZE + 1));

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next image, a PNG file in base64. */
  next(): string {
    this.#rows.fill(0);
    let x = 8 + this.#random.below(12);
    let y = 4 + this.#random.below(4);
    for (let step = 0; step < 40; step++) {
      x = Math.min(Math.max(x + this.#random.below(3) - 1, 3), SIZE - 5);
      y = Math.min(
        Math.max(y + this.#random.below(3) - (step % 3 === 0 ? 0 : 1) + 0.5, 3),
        SIZE - 5,
      );
      this.#dab(x, Math.floor(y), 128 + this.#random.below(128));
    }
    return png(SIZE, SIZE, this.#rows).toString('base64');
  }

  #dab(x: number, y: number, ink: number): void {
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const) {
      this.#rows[(y + dy) * (SIZE + 1) + x + dx + 1] = ink;
    }
  }
}

/** An 8-bit grey PNG file. `rows` holds a filter byte before each row of pixels. */
function png(width: number, height: number, rows: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits a sample; the zeros after it mean grey, deflate, no interlacing
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 3 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  let crc = -1;
  for (let i = 4; i < data.length + 8; i++) {
    crc = (CRC_TABLE[(crc ^ (out[i] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  }
  out.writeInt32BE(~crc, data.length + 8);
  return out;
}
