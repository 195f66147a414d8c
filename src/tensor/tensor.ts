/**
 * Tensors as they travel through the server: a datatype, a shape and one flat typed array in
 * row-major order. Datatype names are those of the Open Inference Protocol (KServe V2).
 */

/** The typed array (or string array) that holds each datatype. */
export interface DatatypeArrays {
  BOOL: Uint8Array;
  UINT8: Uint8Array;
  UINT16: Uint16Array;
  UINT32: Uint32Array;
  UINT64: BigUint64Array;
  INT8: Int8Array;
  INT16: Int16Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  /** IEEE 754 half precision, as raw 16-bit patterns. */
  FP16: Uint16Array;
  /** bfloat16, as raw 16-bit patterns. */
  BF16: Uint16Array;
  FP32: Float32Array;
  FP64: Float64Array;
  /** Texts, or bytes that are no UTF-8; cannot be transferred, only copied. */
  BYTES: BytesElement[];
}

/**
 * One element of a BYTES tensor. Bytes that are UTF-8 are held as the text that they spell, so that
 * equal bytes are equal elements; others are held as they are.
 */
export type BytesElement = string | Uint8Array;

/** Name of an element type, as in the Open Inference Protocol. */
export type Datatype = keyof DatatypeArrays;

/** Flat data of a tensor, row-major. */
export type TensorData = DatatypeArrays[Datatype];

/** One dense tensor. `data.length` equals the product of `shape`. */
export interface Tensor {
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Tensors by name. */
export type TensorMap = Readonly<Record<string, Tensor>>;

/** What a model declares of one input or output; `null` marks a dynamic dimension. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** Size of each dimension; empty for a scalar, and where {@link unranked}. */
  readonly shape: readonly (number | null)[];
  /** The model does not declare a shape: any number of dimensions may come. @default false */
  readonly unranked?: boolean;
  /** The input may be left out. @default false */
  readonly optional?: boolean;
}

/** Inputs and outputs of a model, read from its files. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

const CONSTRUCTORS = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const;

/** Every datatype, in the order in which they are documented. */
export const DATATYPES = [...Object.keys(CONSTRUCTORS), 'BYTES'] as readonly Datatype[];

/** Allocates zeroed (or empty-string) data for `length` elements of `datatype`. */
export function allocate<D extends Datatype>(datatype: D, length: number): DatatypeArrays[D] {
  const kind: Datatype = datatype;
  const data: TensorData =
    kind === 'BYTES' ? new Array<BytesElement>(length).fill('') : new CONSTRUCTORS[kind](length);
  return data as DatatypeArrays[D];
}

/** Number of elements of a shape; the empty shape is a scalar and holds one. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** Size of a tensor's data in bytes; strings count two bytes a UTF-16 unit. */
export function byteLength(tensor: Tensor): number {
  if (!Array.isArray(tensor.data)) return tensor.data.byteLength;
  let bytes = 0;
  for (const element of tensor.data) bytes += 2 * element.length;
  return bytes;
}

/** Writes the shape of a signature for people: `[?, 77]`, or `of any shape`. */
export function formatSpec({ shape, unranked }: TensorSpec): string {
  return unranked ? 'of any shape' : formatShape(shape);
}

/** Writes a shape for people: `[?, 77]`. */
export function formatShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** Copies rows `from` (inclusive) to `to` (exclusive) along axis 0 into a tensor of its own. */
export function sliceRows(tensor: Tensor, from: number, to: number): Tensor {
  const [rows = 1, ...rest] = tensor.shape;
  const stride = rows === 0 ? 0 : tensor.data.length / rows;
  return {
    datatype: tensor.datatype,
    shape: [to - from, ...rest],
    data: tensor.data.slice(from * stride, to * stride),
  };
}

/** Copies `source` into `target` starting at element `offset`; both of the same datatype. */
export function copyInto(target: TensorData, source: TensorData, offset: number): void {
  if (Array.isArray(target)) {
    for (let i = 0; i < source.length; i++) target[offset + i] = source[i] as BytesElement;
  } else {
    (target as Float32Array).set(source as Float32Array, offset);
  }
}
