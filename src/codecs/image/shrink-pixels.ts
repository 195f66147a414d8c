import type { ImageSize } from './plain-png.ts';

/** Weights are whole numbers that add up to about this, as in libvips. */
const WEIGHT_BITS = 12;
const HALF = 1 << (WEIGHT_BITS - 1);

/** Positions between two pixels that have weights of their own. */
const STEPS = 64;

/** Images that are shrunk this much or more are averaged in blocks before. */
const TOO_MUCH = 4;

/** Pixels of a line that make one of the shrunk line: `count` from `first` on, with their weights. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** Shrinks images of one size to another. */
export type Shrink = (pixels: Uint8Array) => Buffer;

/**
 * Makes what shrinks images with a triangle filter, as `resize` of libvips does for its kernel
 * `linear` with pixels of 8 bits: rows first, then columns, in whole numbers.
 *
 * @param to its channels are those of `from`
 * @returns `undefined` where a side would grow, or shrink to a fourth or less
 */
export function linearShrink(
  from: ImageSize,
  to: { readonly width: number; readonly height: number },
): Shrink | undefined {
  const { width, height, channels } = from;
  if (!isSlight(width / to.width) || !isSlight(height / to.height)) return undefined;
  const rows = tapsOf(height, to.height);
  const columns = tapsOf(width, to.width);
  const stride = width * channels;
  return (pixels) => shrinkAcross(shrinkDown(pixels, stride, rows), stride, channels, columns);
}

const isSlight = (factor: number): boolean => factor >= 1 && factor < TOO_MUCH;

function tapsOf(length: number, shrunk: number): Taps[] {
  const factor = length / shrunk;
  // Between two whole numbers the even one, as C rounds.
  const half = Number.isInteger(factor - 0.5) && factor % 2 < 1 ? factor - 0.5 : Math.round(factor);
  const count = factor === 1 ? 1 : 2 * half + 1;
  return Array.from({ length: shrunk }, (_, at) => {
    const centre = (at + 0.5) * factor;
    const whole = Math.floor(centre);
    const weights = triangle(factor, count, Math.round((centre - whole) * STEPS) / STEPS);
    return atEdges(whole - (Math.ceil(count / 2) - 1), weights, length);
  });
}

/** @param offset of the middle, in pixels, from 0 to 1 */
function triangle(factor: number, count: number, offset: number): number[] {
  const middle = offset + count / 2 - 1;
  const shares = Array.from({ length: count }, (_, i) =>
    factor === 1 ? 1 : Math.max(0, 1 - Math.abs((i - middle) / factor)),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => Math.trunc((share / total) * (1 << WEIGHT_BITS)));
}

/** Beyond an edge the pixel at the edge goes on: it gets the weights of those that are not there. */
function atEdges(first: number, weights: readonly number[], length: number): Taps {
  const clamp = (at: number) => Math.min(Math.max(at, 0), length - 1);
  const start = clamp(first + weights.findIndex((weight) => weight > 0));
  const last = clamp(first + weights.findLastIndex((weight) => weight > 0));
  const inside = new Int32Array(last - start + 1);
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    const at = clamp(first + i) - start;
    inside[at] = (inside[at] ?? 0) + weight;
  }
  return { first: start, weights: inside };
}

// No weight is negative, and they add up to no more than one: nothing leaves the range of a byte.
// `length` and the whole numbers of 32 bits are what makes these loops fast.

function shrinkDown(pixels: Uint8Array, stride: number, rows: readonly Taps[]): Uint8Array {
  const shrunk = new Uint8Array(stride * rows.length);
  let to = 0;
  for (const { first, weights } of rows) {
    const { length } = weights;
    for (let i = 0; i < stride; i++) {
      let sum = HALF;
      let from = first * stride + i;
      for (let tap = 0; tap < length; tap++) {
        sum = (sum + Math.imul(pixels[from] ?? 0, weights[tap] ?? 0)) | 0;
        from = (from + stride) | 0;
      }
      shrunk[to++] = sum >> WEIGHT_BITS;
    }
  }
  return shrunk;
}

function shrinkAcross(
  pixels: Uint8Array,
  stride: number,
  channels: number,
  columns: readonly Taps[],
): Buffer {
  const shrunk = Buffer.allocUnsafe((pixels.length / stride) * columns.length * channels);
  let to = 0;
  for (let row = 0; row < pixels.length; row += stride) {
    for (const { first, weights } of columns) {
      const { length } = weights;
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        let from = row + first * channels + channel;
        for (let tap = 0; tap < length; tap++) {
          sum = (sum + Math.imul(pixels[from] ?? 0, weights[tap] ?? 0)) | 0;
          from = (from + channels) | 0;
        }
        shrunk[to++] = sum >> WEIGHT_BITS;
      }
    }
  }
  return shrunk;
}
