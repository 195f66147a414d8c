import type { TensorMap } from '../../tensor/tensor.ts';
import type { OutputCodec } from '../codec.ts';
import { readNumbers, requireFinite, requireOutput } from './numbers.ts';

/** Options of {@link RegressionCodec}. */
export interface RegressionOptions {
  /** Output tensor with the number (or numbers) of a row, of shape [1], [1, 1] or [1, n]. */
  readonly tensor: string;
  /** Unit of the number, for people; `null` where it has none. */
  readonly unit: string | null;
}

/** A number, or a list of them where the model gives several for a row. */
export class RegressionCodec implements OutputCodec {
  readonly kind = 'regression';
  readonly labels = null;
  readonly needed: readonly string[];
  readonly unit: string | null;
  readonly #tensor: string;

  constructor({ tensor, unit }: RegressionOptions) {
    this.#tensor = tensor;
    this.unit = unit;
    this.needed = [tensor];
  }

  postprocess(outputs: TensorMap): TensorMap {
    const output = outputs[this.#tensor];
    if (output) requireFinite(this.#tensor, readNumbers(output));
    return outputs;
  }

  prediction(outputs: TensorMap): number | number[] {
    const values = readNumbers(requireOutput(outputs, this.#tensor));
    return values.length === 1 ? (values[0] ?? 0) : Array.from(values);
  }

  confidence(): null {
    return null;
  }

  scores(): null {
    return null;
  }
}
