import type { TensorMap } from '../../tensor/tensor.ts';
import type { Score } from '../../services/prediction.ts';
import type { OutputCodec } from '../codec.ts';
import {
  readNumbers,
  requireFinite,
  requireLabels,
  requireOutput,
  sigmoid,
  type Numbers,
} from './numbers.ts';
import { argmax, largest, topScores } from './scores.ts';

/** Options of {@link MultiLabelCodec}. */
export interface MultiLabelOptions {
  /** Output tensor with one number per label, of shape [1, labels] for one row. */
  readonly tensor: string;
  /** `sigmoid` for logits, `none` where the tensor already holds probabilities. */
  readonly activation: 'none' | 'sigmoid';
  /** Least probability, from 0 to 1, of a label that is predicted. */
  readonly threshold: number;
  /** Labels in the order of the tensor. */
  readonly labels: readonly string[];
}

/** Any number of labels: those that are likely enough, likeliest first. */
export class MultiLabelCodec implements OutputCodec {
  readonly kind = 'multi-label';
  readonly needed: readonly string[];
  readonly labels: readonly string[];
  readonly #options: MultiLabelOptions;

  constructor(options: MultiLabelOptions) {
    this.#options = options;
    this.labels = options.labels;
    this.needed = [options.tensor];
  }

  postprocess(outputs: TensorMap): TensorMap {
    const { tensor } = this.#options;
    const output = outputs[tensor];
    if (!output) return outputs;
    const values = readNumbers(output);
    requireLabels(values, this.labels);
    requireFinite(tensor, values);
    return outputs;
  }

  prediction(outputs: TensorMap): string[] {
    const probabilities = this.#probabilities(outputs);
    const { threshold } = this.#options;
    return largest(probabilities, probabilities.length)
      .filter((at) => (probabilities[at] ?? 0) >= threshold)
      .map((at) => this.labels[at] ?? String(at));
  }

  confidence(outputs: TensorMap): number {
    const probabilities = this.#probabilities(outputs);
    return probabilities[argmax(probabilities)] ?? 0;
  }

  scores(outputs: TensorMap, top: number): Score[] {
    return topScores(this.#probabilities(outputs), this.labels, top);
  }

  #probabilities(outputs: TensorMap): Numbers {
    const values = readNumbers(requireOutput(outputs, this.#options.tensor));
    if (this.#options.activation === 'none') return values;
    const result = new Float64Array(values.length);
    for (let i = 0; i < result.length; i++) result[i] = sigmoid(values[i] ?? 0);
    return result;
  }
}
