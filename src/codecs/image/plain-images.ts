import { randomFillSync } from 'node:crypto';
import type { ImageOptions } from './image-options.ts';
import { decodePixels, encodePng } from './image-pixels.ts';
import { decodePlainPng, plainPngSize, type ImageSize } from './plain-png.ts';
import { linearShrink, type Shrink } from './shrink-pixels.ts';

/** Most pixels of an image that the calling thread decodes: a fraction of a millisecond's work. */
const MAX_PIXELS = 16_384;

/** Sizes of images whose shrinking is tried. Clients choose them, so there must be an end. */
const MAX_SIZES = 64;

/** Values that a trial compares: enough to show a single weight that is one off. */
const TRIAL_VALUES = 4096;

/** Fewest and most images of a trial. */
const TRIAL_IMAGES = { least: 4, most: 256 } as const;

/**
 * Decodes small plain PNG files at once, without the way through the library's threads, and exactly
 * as {@link decodePixels} does. A size that must be shrunk goes through the library until a trial
 * with noise has shown that both give the same pixels, byte for byte.
 */
export class PlainImageDecoder {
  readonly #options: ImageOptions;
  readonly #library: typeof decodePixels;
  /** By size: how to shrink it; `undefined` while it is on trial, or where the library differs. */
  readonly #sizes = new Map<number, Shrink | undefined>();
  #trials: Promise<void> = Promise.resolve();

  /** @param library whose pixels are the right ones */
  constructor(options: ImageOptions, library = decodePixels) {
    this.#options = options;
    this.#library = library;
  }

  /** Resolves when no trial is under way. */
  get settled(): Promise<void> {
    return this.#trials;
  }

  /** @returns the pixels, or `undefined` where only {@link decodePixels} can tell */
  decode(bytes: Buffer): Buffer | undefined {
    const size = plainPngSize(bytes);
    if (!size || !this.#isEasy(size)) return undefined;
    const { width, height } = this.#options;
    if (size.width === width && size.height === height) return decodePlainPng(bytes, size);
    const shrink = this.#shrinkOf(size);
    const pixels = shrink && decodePlainPng(bytes, size);
    return pixels && shrink(pixels);
  }

  #isEasy(size: ImageSize): boolean {
    const { width, height, channels, fit, interpolation, maxPixels } = this.#options;
    if (size.channels !== channels) return false;
    if (size.width * size.height > Math.min(maxPixels, MAX_PIXELS)) return false;
    if (size.width === width && size.height === height) return true;
    // Of other proportions something would be cut off, or put around.
    const isStretched = fit === 'fill' || size.width * height === size.height * width;
    return interpolation === 'linear' && isStretched;
  }

  #shrinkOf(size: ImageSize): Shrink | undefined {
    const key = size.width * (MAX_PIXELS + 1) + size.height;
    const known = this.#sizes.get(key);
    if (known || this.#sizes.has(key) || this.#sizes.size >= MAX_SIZES) return known;
    this.#sizes.set(key, undefined);
    const shrink = linearShrink(size, this.#options);
    if (!shrink) return undefined;
    this.#trials = this.#trials.then(async () => {
      if (await this.#isExact(size, shrink)) this.#sizes.set(key, shrink);
    });
    return undefined;
  }

  async #isExact(size: ImageSize, shrink: Shrink): Promise<boolean> {
    const { width, height, channels } = this.#options;
    const wanted = Math.ceil(TRIAL_VALUES / (width * height * channels));
    const images = Math.min(Math.max(wanted, TRIAL_IMAGES.least), TRIAL_IMAGES.most);
    const noise = Buffer.alloc(size.width * size.height * size.channels, 255);
    try {
      for (let image = 0; image < images; image++) {
        // The first is white all over: the sums of all weights show.
        if (image > 0) randomFillSync(noise);
        const file = await encodePng(noise, size);
        const expected = await this.#library(file, this.#options);
        const pixels = decodePlainPng(file, size);
        if (!pixels || !expected.equals(shrink(pixels))) return false;
      }
      return true;
    } catch {
      return false;
    }
  }
}
