import type * as TF from '@tensorflow/tfjs-core';
import { allocate, type Datatype, type Tensor } from '../../tensor/tensor.ts';
import type { TfjsLibrary } from './tfjs-backend.ts';

/**
 * Datatype of a TensorFlow.js or TensorFlow type.
 *
 * @throws {Error} for types that TensorFlow.js does not carry
 */
export function datatypeOf(dtype: string): Datatype {
  switch (dtype) {
    case 'float32':
    case 'DT_FLOAT':
      return 'FP32';
    case 'int32':
    case 'DT_INT32':
    case 'DT_INT64': // what converters write of indices; TensorFlow.js computes them in 32 bits
      return 'INT32';
    case 'bool':
    case 'DT_BOOL':
      return 'BOOL';
    case 'string':
    case 'DT_STRING':
      return 'BYTES';
    default:
      throw new Error(`tensors of type ${dtype} are not supported by the tfjs engine`);
  }
}

/** Makes a tensor of TensorFlow.js, to be disposed by the caller. */
export function toTfjs(tf: TfjsLibrary, tensor: Tensor): TF.Tensor {
  const shape = [...tensor.shape];
  switch (tensor.datatype) {
    case 'FP32':
      return tf.tensor(tensor.data as Float32Array, shape, 'float32');
    case 'INT32':
      return tf.tensor(tensor.data as Int32Array, shape, 'int32');
    case 'BOOL':
      return tf.tensor(tensor.data as Uint8Array, shape, 'bool');
    case 'BYTES':
      return tf.tensor(tensor.data as string[], shape, 'string');
    default:
      throw new Error(`tensors of type ${tensor.datatype} are not supported by the tfjs engine`);
  }
}

/** Copies a tensor of TensorFlow.js out. */
export function fromTfjs(tensor: TF.Tensor): Tensor {
  const datatype = datatypeOf(tensor.dtype);
  const { shape } = tensor;
  const data = tensor.dataSync() as unknown as Tensor['data'];
  if (Array.isArray(data)) return { datatype, shape, data };
  // Backends may hand out a view on their own memory, which the next run overwrites.
  const own = allocate(datatype, data.length) as Float32Array;
  own.set(data as Float32Array);
  return { datatype, shape, data: own };
}
