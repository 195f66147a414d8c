import type { Tensor as OrtTensor, TypedTensor } from 'onnxruntime-node';
import type { BytesElement, Datatype, Tensor } from '../../tensor/tensor.ts';
import { escapeElement, unescapeElement } from './onnx-bytes.ts';

/** ONNX element types by datatype; bfloat16 is not carried by ONNX Runtime for Node. */
export const ONNX_TYPES = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Partial<Record<Datatype, string>>;

const DATATYPES = new Map<string, Datatype>(
  Object.entries(ONNX_TYPES).map(([datatype, type]) => [type, datatype as Datatype]),
);

/**
 * Has ONNX Runtime carry half floats as bit patterns. At its first tensor it settles on
 * `Float16Array` where JavaScript has one (Node 24 and newer), in which its native part sees no
 * bytes: that tensor is made here, while there is none to be found.
 */
export function carryHalfFloatsAsBits(Constructor: typeof OrtTensor): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!own) return;
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    new Constructor('float32', new Float32Array(1));
  } finally {
    Object.defineProperty(globalThis, 'Float16Array', own);
  }
}

/**
 * Datatype of an ONNX element type.
 *
 * @param what named in the message: `input "x"`
 * @throws {Error} for types that have no datatype (complex numbers, 4-bit integers)
 */
export function datatypeOf(type: string, what: string): Datatype {
  const datatype = DATATYPES.get(type);
  if (datatype) return datatype;
  throw new Error(
    `${what} has the type ${type}, which cannot be served; allowed are ${[...DATATYPES.keys()].join(', ')}`,
  );
}

/** Names of element types by their number in onnx.proto. */
const TYPE_NAMES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
];

/** Name of an element type, by its number in onnx.proto. */
export function typeName(number: number | null): string {
  return TYPE_NAMES[number ?? 0] ?? `of number ${number}`;
}

/**
 * Makes a tensor of ONNX Runtime; the data is used as it is, not copied.
 *
 * @param escaped whether BYTES are to be escaped, since some of this run are no UTF-8
 */
export function toOrt(
  Constructor: typeof OrtTensor,
  { datatype, data, shape }: Tensor,
  escaped = false,
): OrtTensor {
  if (datatype === 'BF16')
    throw new Error('tensors of type BF16 are not supported by ONNX Runtime');
  let given: unknown = data;
  if (datatype === 'BYTES' && escaped) given = (data as BytesElement[]).map(escapeElement);
  // The constructor has an overload for each type; which one it is only shows at run time.
  return new Constructor(ONNX_TYPES[datatype] as 'float32', given as Float32Array, shape);
}

/**
 * Reads a tensor of ONNX Runtime; the data is handed over, not copied.
 *
 * @param escaped whether the BYTES of this run were escaped
 */
export function fromOrt(name: string, result: OrtTensor, escaped = false): Tensor {
  const datatype = datatypeOf(result.type, `output "${name}"`);
  if (datatype === 'BYTES' && escaped) {
    const texts = (result as TypedTensor<'string'>).data;
    return { datatype, shape: result.dims, data: texts.map(unescapeElement) };
  }
  return { datatype, shape: result.dims, data: result.data };
}
