import type { Signature, TensorMap } from '../../tensor.ts';
import type { OutputCodec } from './codec.ts';

/** Raw tensors: the prediction is the data of a lone output, else all data by name. */
export class RawOutputsCodec implements OutputCodec {
  readonly kind = 'tensors';
  readonly needed: readonly string[];
  readonly labels = null;

  constructor(signature: Signature) {
    this.needed = signature.outputs.map(({ name }) => name);
  }

  finish(outputs: TensorMap): TensorMap {
    return outputs;
  }

  prediction(outputs: TensorMap): unknown {
    const entries = Object.entries(outputs).map(
      ([name, { data }]) => [name, toJson(data)] as const,
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

/** Plain JSON of tensor data: 64-bit integers beyond 2^53 become strings. */
export function toJson(data: TensorMap[string]['data']): unknown[] {
  return Array.from(data as ArrayLike<number | bigint | string>, (value) => {
    if (typeof value !== 'bigint') return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  });
}
