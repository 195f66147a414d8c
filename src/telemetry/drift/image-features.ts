import { numberReader } from '../../tensor/read-number.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { FeatureSpec, FeatureValue } from './features.ts';
import { imageSizeOf } from './image-size.ts';

/** What is measured of an image, in this order; all but its size as the model sees it. */
export const IMAGE_FEATURES: readonly FeatureSpec[] = [
  'image.width',
  'image.height',
  'image.brightness',
  'image.contrast',
  'image.sharpness',
  'image.center_x',
  'image.center_y',
  'image.border',
].map((name) => ({ name, source: 'input', kind: 'numeric' }));

/** Most lines, and pixels of a line, that are looked at. */
const MAX_SIDE = 64;

/** How the pixels of an image stand in its tensor. */
export interface PixelLayout {
  readonly layout: 'NCHW' | 'NHWC';
}

/** Measures the size of an image, in pixels, of its bytes, data URL or base64. */
export function measureImageSize(image: string | Uint8Array, to: FeatureValue[], at: number): void {
  const size = imageSizeOf(image);
  to[at] = size?.width ?? null;
  to[at + 1] = size?.height ?? null;
}

/**
 * Measures an image [1, channels, height, width] or [1, height, width, channels]: mean and standard
 * deviation of its pixels (channels averaged), mean difference between neighbours, centre of its
 * brightness (0 to 1 from left to right, and from top to bottom), and mean of its outermost pixels.
 * They are written from place `at` + 2 on, behind the size.
 */
export function measureImage(
  tensor: Tensor,
  { layout }: PixelLayout,
  to: FeatureValue[],
  at: number,
): void {
  const [, a = 0, b = 0, c = 0] = tensor.shape;
  const [channels, height, width] = layout === 'NCHW' ? [a, b, c] : [c, a, b];
  const read = numberReader(tensor);
  const plane = height * width;
  const pixel = (y: number, x: number): number => {
    const place = y * width + x;
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += read(layout === 'NCHW' ? channel * plane + place : place * channels + channel);
    }
    return sum / channels;
  };
  const [stepY, stepX] = [Math.ceil(height / MAX_SIDE), Math.ceil(width / MAX_SIDE)];
  let [count, sum, squares, differences, pairs, border, edges] = [0, 0, 0, 0, 0, 0, 0];
  let [least, weightX, weightY] = [Infinity, 0, 0];
  for (let y = 0; y < height; y += stepY) {
    for (let x = 0; x < width; x += stepX) {
      const value = pixel(y, x);
      count++;
      sum += value;
      squares += value * value;
      weightX += value * x;
      weightY += value * y;
      if (value < least) least = value;
      if (x + 1 < width) {
        differences += Math.abs(pixel(y, x + 1) - value);
        pairs++;
      }
      if (y + 1 < height) {
        differences += Math.abs(pixel(y + 1, x) - value);
        pairs++;
      }
      if (x === 0 || y === 0 || x + stepX >= width || y + stepY >= height) {
        border += value;
        edges++;
      }
    }
  }
  const mean = sum / count;
  to[at + 2] = mean;
  to[at + 3] = Math.sqrt(Math.max(0, squares / count - mean * mean));
  to[at + 4] = pairs === 0 ? 0 : differences / pairs;
  // Weights from the darkest pixel up, so that they are never negative, whatever the scale.
  const mass = sum - count * least;
  const [meanX, meanY] = [meanIndex(width, stepX), meanIndex(height, stepY)];
  const isFlat = !(mass > 1e-9 * Math.max(1, Math.abs(sum)));
  to[at + 5] = isFlat ? null : (weightX - least * count * meanX) / mass / Math.max(1, width - 1);
  to[at + 6] = isFlat ? null : (weightY - least * count * meanY) / mass / Math.max(1, height - 1);
  to[at + 7] = edges === 0 ? null : border / edges;
}

/** Mean of 0, step, 2·step … below `size`. */
function meanIndex(size: number, step: number): number {
  return ((Math.ceil(size / step) - 1) * step) / 2;
}
