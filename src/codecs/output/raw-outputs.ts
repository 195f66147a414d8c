import { tensorDataToJson } from '../../tensor/json-value.ts';
import type { Signature, TensorMap } from '../../tensor/tensor.ts';
import type { OutputCodec } from '../codec.ts';

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
      ([name, tensor]) => [name, tensorDataToJson(tensor)] as const,
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
