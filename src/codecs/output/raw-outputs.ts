import { textOf } from '../../tensor/bytes-element.ts';
import type { BytesElement, Signature, Tensor, TensorMap } from '../../tensor/tensor.ts';
import type { OutputCodec } from '../codec.ts';
import { readNumbers } from './numbers.ts';

/** Raw tensors: the prediction is the data of a lone output, else all data by name. */
export class RawOutputsCodec implements OutputCodec {
  readonly kind = 'tensors';
  readonly needed: readonly string[];
  readonly labels = null;

  constructor(signature: Signature) {
    this.needed = signature.outputs.map(({ name }) => name);
  }

  postprocess(outputs: TensorMap): TensorMap {
    return outputs;
  }

  prediction(outputs: TensorMap): unknown {
    const entries = Object.entries(outputs).map(
      ([name, tensor]) => [name, toJson(tensor)] as const,
    );
    const [only] = entries;
    return entries.length === 1 && only ? only[1] : Object.fromEntries(entries);
  }

  confidence(): null {
    return null;
  }

  scores(): null {
    return null;
  }
}

/**
 * Plain JSON of a tensor's data, flat and row-major: BOOL as booleans, 64-bit integers beyond 2^53
 * as strings, numbers that are not finite as `null`.
 */
export function toJson(tensor: Tensor): unknown[] {
  const { datatype, data } = tensor;
  switch (datatype) {
    case 'BYTES':
      return (data as BytesElement[]).map(textOf);
    case 'BOOL':
      return Array.from(data as Uint8Array, Boolean);
    case 'INT64':
    case 'UINT64':
      return Array.from(data as BigInt64Array, (value) => {
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : String(value);
      });
    case 'FP16':
    case 'BF16':
    case 'FP32':
    case 'FP64':
      return Array.from(readNumbers(tensor), (value) => (Number.isFinite(value) ? value : null));
    default:
      return Array.from(data as Int32Array);
  }
}
