import type { Tensor, TensorMap } from '../../tensor/tensor.ts';
import type { EncodedInput, OutputCodec } from '../codec.ts';
import { failed, readNumbers, requireFinite, requireOutput, type Numbers } from './numbers.ts';

/** Options of {@link EmbeddingCodec}. */
export interface EmbeddingOptions {
  /** Output tensor: [1, size], or [1, tokens, size] where `pooling` makes one vector of them. */
  readonly tensor: string;
  /** `mean` of the tokens that are no padding, the first (`cls`) one, or nothing to be done. */
  readonly pooling: 'none' | 'mean' | 'cls';
  /** Whether the vector is scaled to length 1. */
  readonly normalize: boolean;
}

/** A vector. Pooled and normalised once, before it is cached, which also keeps the cache small. */
export class EmbeddingCodec implements OutputCodec {
  readonly kind = 'embedding';
  readonly labels = null;
  readonly needed: readonly string[];
  readonly #options: EmbeddingOptions;

  constructor(options: EmbeddingOptions) {
    this.#options = options;
    this.needed = [options.tensor];
  }

  /** Replaces the output by the vector, FP32 [1, size]. */
  postprocess(outputs: TensorMap, input: EncodedInput): TensorMap {
    const { tensor: name, normalize } = this.#options;
    const tensor = outputs[name];
    if (!tensor) return outputs;
    const values = readNumbers(tensor);
    const data = this.#pool(tensor, values, input);
    if (normalize) scaleToUnit(data);
    requireFinite(name, data);
    return { ...outputs, [name]: { datatype: 'FP32', shape: [1, data.length], data } };
  }

  prediction(outputs: TensorMap): Numbers {
    return readNumbers(requireOutput(outputs, this.#options.tensor));
  }

  confidence(): null {
    return null;
  }

  scores(): null {
    return null;
  }

  #pool({ shape }: Tensor, values: Numbers, input: EncodedInput): Float32Array {
    const { tensor: name, pooling } = this.#options;
    if (pooling === 'none') return Float32Array.from(values);
    const [, positions = 0, size = 0] = shape;
    if (shape.length !== 3) {
      throw failed(
        `output "${name}" has shape [${shape.join(', ')}]; pooling needs [1, tokens, size]`,
      );
    }
    if (pooling === 'cls') return Float32Array.from({ length: size }, (_, i) => values[i] ?? 0);
    const mask = input.tokens === undefined ? maskOf(input) : undefined;
    const tokens = Math.min(input.tokens ?? positions, positions);
    const sums = new Float64Array(size);
    let count = 0;
    for (let token = 0; token < tokens; token++) {
      if (mask && !mask[token]) continue;
      count++;
      const from = token * size;
      for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + (values[from + i] ?? 0);
    }
    return Float32Array.from(sums, (sum) => sum / Math.max(1, count));
  }
}

/** The mask of a client that sends tensors itself. */
function maskOf(input: EncodedInput): Numbers | undefined {
  const mask = input.tensors.attention_mask;
  return mask && readNumbers(mask);
}

function scaleToUnit(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  // A vector of zeros has no direction and stays what it is.
  if (squares === 0) return;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * factor;
}
