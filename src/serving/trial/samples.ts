import type { EncodedInput, InputCodec } from '../../codecs/codec.ts';
import { encodeTensors } from '../../codecs/input/tensors.ts';
import { allocate, elementCount, type Signature, type Tensor } from '../../tensor/tensor.ts';
import { toBfloat, toHalf } from '../../tensor/half.ts';

/** How the values and sizes of invented inputs are chosen. */
interface Recipe {
  /** Size of open axes but the first. */
  readonly size: number;
  /** Size of the first axis where it is open. @default 1, or `size` of inputs that are vectors */
  readonly rows?: number;
  /** Whole numbers are below this. */
  readonly integers: number;
  /** All integers of 32 and 64 bits, where they are the same. */
  readonly wholes?: number;
  /** All values, where they are the same. */
  readonly constant?: number;
  /** Size of open axes that are neither the first nor the last. @default `size` */
  readonly inner?: number;
  /** Axes of inputs of unknown rank. */
  readonly rank: number;
}

/** Tried in this order until a model takes one: sizes of sequences and images, then values. */
const RECIPES: readonly Recipe[] = [
  { size: 8, integers: 4, rank: 2 },
  { size: 8, integers: 2, rank: 1 },
  { size: 32, integers: 4, rank: 3 },
  { size: 64, integers: 2, rank: 4 },
  { size: 224, integers: 256, rank: 4 },
  { size: 8, integers: 1, rank: 2 },
  { size: 512, integers: 2, rank: 2 },
  { size: 1536, integers: 1, rank: 1 },
  { size: 320, integers: 2, rank: 4 },
  { size: 1, integers: 2, rank: 1 },
  { size: 16, rows: 16, integers: 2, rank: 2 },
  { size: 2, integers: 2, constant: 1, rank: 1 },
  { size: 1, integers: 1, constant: 0, rank: 1 },
  // Sound in pieces of 32 ms, a state that has the batch axis inside, and the rate of the samples.
  { size: 512, inner: 1, integers: 2, wholes: 16_000, rank: 1 },
];

/** Most elements of an invented input: a trial must not fill the memory. */
const MAX_ELEMENTS = 8_000_000;

/** Texts of several lengths, for models that take texts. */
const TEXTS = [
  'Where is my card?',
  'a',
  'The parcel that I sent on Tuesday has not arrived, although it was promised for Thursday.',
  'ok, thanks!',
  'Two of the three payments were refused; who can tell me why, and when will they be tried again?',
];

/** Kinds of invented inputs of a model; the number of each stands for it in what is remembered. */
export function countSamples(input: InputCodec): number {
  return input.kind === 'tensors' ? RECIPES.length : 1;
}

/**
 * Invents inputs that are alike in shape and unlike in values.
 *
 * @param recipe which of {@link countSamples}
 * @param seed other seeds give other values
 * @returns an empty list where none can be invented
 */
export async function inventSamples(
  input: InputCodec,
  signature: Signature,
  {
    recipe,
    seed,
    count,
  }: { readonly recipe: number; readonly seed: number; readonly count: number },
): Promise<EncodedInput[]> {
  const random = randomNumbers(seed);
  const each = <T>(make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
  if (input.kind === 'text') {
    const texts = each(
      (at) => `${TEXTS[(at + seed) % TEXTS.length] ?? ''} ${Math.floor(random() * 1000)}`,
    );
    return Promise.all(texts.map(async (text) => input.prepare({ text }).encode()));
  }
  if (input.kind === 'tensors') {
    const chosen = RECIPES[recipe];
    const made = chosen ? each((at) => inventTensors(signature, chosen, random, at)) : [];
    return made.flatMap((tensors) => (tensors ? [encodeTensors(tensors)] : []));
  }
  const blank = await input.sample?.();
  if (!blank) return [];
  return each((at) => ({
    ...blank,
    tensors: mapTensors(blank.tensors, ({ datatype, shape }) =>
      inventTensor(datatype, shape, { integers: 2 }, random, at),
    ),
  }));
}

/**
 * Variants of an input with nothing along one of its open axes, each: what clients may send, and
 * what native code sometimes does not survive.
 */
export function emptyVariants(sample: EncodedInput, { inputs }: Signature): EncodedInput[] {
  const variants: EncodedInput[] = [];
  for (const { name, shape } of inputs) {
    const tensor = sample.tensors[name];
    const axis = shape.indexOf(null);
    if (!tensor || axis < 0) continue;
    const empty = tensor.shape.map((size, at) => (at === axis ? 0 : size));
    const data = allocate(tensor.datatype, 0);
    variants.push(encodeTensors({ ...sample.tensors, [name]: { ...tensor, shape: empty, data } }));
  }
  return variants.slice(0, 4);
}

function inventTensors(
  { inputs }: Signature,
  recipe: Recipe,
  random: () => number,
  at: number,
): Record<string, Tensor> | undefined {
  const tensors: Record<string, Tensor> = {};
  const areVectors = inputs.every(({ shape, unranked }) => !unranked && shape.length <= 1);
  const rows = recipe.rows ?? (areVectors ? recipe.size : 1);
  for (const { name, datatype, shape, unranked } of inputs) {
    const sizes = unranked
      ? Array.from({ length: recipe.rank }, (_, axis) => (axis === 0 ? rows : 4))
      : shape.map((size, axis) => size ?? openSize(recipe, axis, shape.length, rows));
    if (elementCount(sizes) > MAX_ELEMENTS) return undefined;
    tensors[name] = inventTensor(datatype, sizes, recipe, random, at);
  }
  return tensors;
}

function openSize({ size, inner }: Recipe, axis: number, rank: number, rows: number): number {
  if (axis === 0) return rows;
  return axis < rank - 1 ? (inner ?? size) : size;
}

/** @param at place among its like: their magnitudes differ too, as those of real inputs do */
function inventTensor(
  datatype: Tensor['datatype'],
  shape: readonly number[],
  { integers, constant, wholes }: Pick<Recipe, 'integers' | 'constant' | 'wholes'>,
  random: () => number,
  at: number,
): Tensor {
  const length = elementCount(shape);
  const data = allocate(datatype, length);
  const scale = [1, 0.25, 2, 0.5, 3][at % 5] ?? 1;
  const number = () => constant ?? (random() * 2 - 1) * scale;
  const isWide = /^U?INT(?:32|64)$/.test(datatype);
  const same = isWide ? (wholes ?? constant) : constant;
  const whole = () => same ?? Math.floor(random() * integers);
  for (let i = 0; i < length; i++) {
    switch (datatype) {
      case 'BYTES':
        (data as string[])[i] = constant === undefined ? String.fromCharCode(97 + whole()) : '1';
        break;
      case 'BOOL':
        (data as Uint8Array)[i] = constant ?? Math.round(random());
        break;
      case 'INT64':
      case 'UINT64':
        (data as BigInt64Array)[i] = BigInt(whole());
        break;
      case 'FP16':
        (data as Uint16Array)[i] = toHalf(number());
        break;
      case 'BF16':
        (data as Uint16Array)[i] = toBfloat(number());
        break;
      case 'FP32':
      case 'FP64':
        (data as Float32Array)[i] = number();
        break;
      default:
        (data as Int32Array)[i] = whole();
    }
  }
  return { datatype, shape, data };
}

function mapTensors(
  tensors: Readonly<Record<string, Tensor>>,
  change: (tensor: Tensor) => Tensor,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]),
  );
}

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
