import type { ImageManifest } from '../../repository/manifest.ts';
import {
  allocate,
  formatShape,
  type Datatype,
  type TensorData,
  type TensorSpec,
} from '../../tensor/tensor.ts';
import { toHalf } from '../../tensor/half.ts';

/** How the pixels of an image become a tensor; all that the manifest and the signature leave open told. */
export interface ImageOptions {
  /** Input of the model. */
  readonly tensor: string;
  readonly datatype: Datatype;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly layout: 'NCHW' | 'NHWC';
  readonly fit: 'fill' | 'cover' | 'contain';
  readonly interpolation: 'nearest' | 'linear' | 'cubic' | 'lanczos3';
  /** `#rrggbb` */
  readonly background: string;
  /** Channel of the image (0 red, 1 green, 2 blue) for each channel of the tensor. */
  readonly order: readonly number[];
  /** Values of the tensor for pixels of 0..255, one table for each channel of the tensor. */
  readonly tables: readonly TensorData[];
  /** Largest file. */
  readonly maxBytes: number;
  /** Most pixels of a file. */
  readonly maxPixels: number;
}

/** Least and most of the integer types that pixels may have. */
const RANGES: Readonly<Partial<Record<Datatype, readonly [number, number]>>> = {
  UINT8: [0, 255],
  INT8: [-128, 127],
  INT32: [-2_147_483_648, 2_147_483_647],
};

const FLOATS: readonly Datatype[] = ['FP32', 'FP64', 'FP16'];

/**
 * Holds an image section against the model's input.
 *
 * @throws {Error} for the operator, naming the key and what the model has
 */
export function resolveImage(manifest: ImageManifest, spec: TensorSpec): ImageOptions {
  const { datatype, name } = spec;
  const described = `input "${name}" is ${datatype} ${formatShape(spec.shape)}`;
  if (!FLOATS.includes(datatype) && !RANGES[datatype]) {
    throw new Error(`model.yaml, input.kind: image needs a numeric tensor, but ${described}`);
  }
  if (spec.shape.length !== 4) {
    throw new Error(`model.yaml, input.kind: image needs a tensor of four axes, but ${described}`);
  }
  const [, second = null, third = null, fourth = null] = spec.shape;
  const layout = manifest.layout ?? guessLayout(second, fourth, manifest.channels);
  const sizes =
    layout === 'NCHW'
      ? { channels: second, height: third, width: fourth }
      : { height: second, width: third, channels: fourth };
  const settle = (key: 'channels' | 'height' | 'width', fallback?: number): number => {
    const wanted = manifest[key];
    const has = sizes[key];
    if (wanted !== undefined && has !== null && wanted !== has) {
      throw new Error(`model.yaml, input.${key}: ${wanted}, but ${described} (${layout})`);
    }
    const settled = wanted ?? has ?? fallback;
    if (settled === undefined) {
      throw new Error(`model.yaml, input.${key}: missing; ${described} and leaves it open`);
    }
    return settled;
  };
  const channels = settle('channels', 3);
  if (channels !== 1 && channels !== 3) {
    throw new Error(`model.yaml, input.layout: ${layout} gives ${channels} channels; ${described}`);
  }
  return {
    tensor: name,
    datatype,
    width: settle('width'),
    height: settle('height'),
    channels,
    layout,
    fit: manifest.fit,
    interpolation: manifest.interpolation,
    background: manifest.background,
    order: channels === 1 ? [0] : manifest.channelOrder === 'BGR' ? [2, 1, 0] : [0, 1, 2],
    tables: Array.from({ length: channels }, (_, i) => makeTable(manifest, datatype, channels, i)),
    maxBytes: manifest.maxBytes,
    maxPixels: manifest.maxPixels,
  };
}

/** PyTorch puts the channels first, TensorFlow last; their number gives it away. */
function guessLayout(
  second: number | null,
  fourth: number | null,
  channels: 1 | 3 | undefined,
): 'NCHW' | 'NHWC' {
  const fits = (size: number | null) =>
    channels === undefined ? size === 1 || size === 3 : size === channels;
  return fits(fourth) && !fits(second) ? 'NHWC' : 'NCHW';
}

/** `(pixel × scale − mean) / std` for every pixel value there is: a look-up costs no arithmetic. */
function makeTable(
  manifest: ImageManifest,
  datatype: Datatype,
  channels: number,
  channel: number,
): TensorData {
  const range = RANGES[datatype];
  const scale = manifest.scale ?? (range ? 1 : 1 / 255);
  const mean = ofChannel(manifest.mean, 'mean', channels, channel) ?? 0;
  const std = ofChannel(manifest.std, 'std', channels, channel) ?? 1;
  const table = allocate(datatype, 256);
  for (let pixel = 0; pixel < 256; pixel++) {
    let value = (pixel * scale - mean) / std;
    if (range) value = Math.min(range[1], Math.max(range[0], Math.round(value)));
    if (datatype === 'FP16') value = toHalf(value);
    table[pixel] = value;
  }
  return table;
}

function ofChannel(
  values: number | number[] | undefined,
  key: string,
  channels: number,
  channel: number,
): number | undefined {
  if (!Array.isArray(values)) return values;
  if (values.length !== channels) {
    throw new Error(
      `model.yaml, input.${key}: ${values.length} numbers for ${channels} channel(s)`,
    );
  }
  return values[channel];
}
