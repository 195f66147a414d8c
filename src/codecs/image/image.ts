import { hash } from 'node:crypto';
import { allocate, type TensorData, type TensorMap } from '../../tensor/tensor.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { EncodedInput, InputCodec, PreparedInput } from '../codec.ts';
import { expectKind } from '../input/expect-kind.ts';
import { readImageBytes } from './image-bytes.ts';
import type { ImageOptions } from './image-options.ts';
import { decodePixels } from './image-pixels.ts';
import { concatRows } from '../../tensor/concat-rows.ts';
import { PlainImageDecoder } from './plain-images.ts';

/** Images (PNG, JPEG, WebP) as tensors [1, channels, height, width] or [1, height, width, channels]. */
export class ImageCodec implements InputCodec {
  readonly kind = 'image';
  readonly #options: ImageOptions;
  readonly #plain: PlainImageDecoder;

  constructor(options: ImageOptions) {
    this.#options = options;
    this.#plain = new PlainImageDecoder(options);
  }

  prepare(input: ModelInput): PreparedInput {
    const bytes = readImageBytes(expectKind(input, 'image'), this.#options.maxBytes);
    return { key: hash('sha256', bytes, 'base64'), encode: () => this.#encode(bytes) };
  }

  /** A black image. */
  sample(): EncodedInput {
    const { channels, height, width } = this.#options;
    return this.#pack(Buffer.alloc(channels * height * width));
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    return concatRows(batch.map(({ tensors }) => tensors));
  }

  #encode(bytes: Buffer): EncodedInput | Promise<EncodedInput> {
    const pixels = this.#plain.decode(bytes);
    if (pixels) return this.#pack(pixels);
    return decodePixels(bytes, this.#options).then((decoded) => this.#pack(decoded));
  }

  #pack(pixels: Buffer): EncodedInput {
    const { tensor, datatype, layout, channels, height, width } = this.#options;
    const data = toTensorData(pixels, this.#options);
    const shape = layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels];
    return { rows: 1, tensors: { [tensor]: { datatype, shape, data } }, group: '' };
  }
}

/** Looks every pixel up in the table of its channel; `pixels` has the channels last. */
export function toTensorData(
  pixels: Uint8Array,
  { datatype, layout, channels, order, tables }: ImageOptions,
): TensorData {
  const data = allocate(datatype, pixels.length) as Float32Array;
  const plane = pixels.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const table = tables[channel] as Float32Array;
    const step = layout === 'NCHW' ? 1 : channels;
    let to = layout === 'NCHW' ? channel * plane : channel;
    for (let from = order[channel] ?? 0; from < pixels.length; from += channels) {
      data[to] = table[pixels[from] ?? 0] ?? 0;
      to += step;
    }
  }
  return data;
}
