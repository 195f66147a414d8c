import type { TensorMap } from '../../tensor.ts';
import type { Score } from '../prediction.ts';
import type { OutputCodec } from './codec.ts';

/** Options of {@link ClassificationCodec}. */
export interface ClassificationOptions {
  /** Output tensor with one number per class, FP32 or FP64 of shape [1, classes] for one row. */
  readonly tensor: string;
  /** `softmax` for logits, `none` where the tensor already holds probabilities. */
  readonly activation: 'none' | 'softmax';
  /** Names of the classes, in the order of the tensor. */
  readonly labels: readonly string[];
}

/** One of several classes: the likeliest label, its probability, and the best few. */
export class ClassificationCodec implements OutputCodec {
  readonly kind = 'classification';
  readonly needed: readonly string[];
  readonly labels: readonly string[];
  readonly #options: ClassificationOptions;

  constructor(options: ClassificationOptions) {
    this.#options = options;
    this.labels = options.labels;
    this.needed = [options.tensor];
  }

  finish(outputs: TensorMap): TensorMap {
    return outputs;
  }

  prediction(outputs: TensorMap): string {
    return this.#label(argmax(this.#values(outputs)));
  }

  confidence(outputs: TensorMap): number {
    const values = this.#values(outputs);
    const best = argmax(values);
    return this.#probability(values, best, this.#total(values));
  }

  scores(outputs: TensorMap, top: number): Score[] {
    const values = this.#values(outputs);
    const total = this.#total(values);
    return Array.from(values.keys())
      .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
      .slice(0, Math.max(0, top))
      .map((at) => ({ label: this.#label(at), score: this.#probability(values, at, total) }));
  }

  #values(outputs: TensorMap): Float32Array {
    return (outputs[this.#options.tensor]?.data ?? new Float32Array()) as Float32Array;
  }

  #label(at: number): string {
    return this.labels[at] ?? String(at);
  }

  /** The softmax denominator relative to the largest logit; 1 where nothing is to be normalised. */
  #total(values: Float32Array): number {
    if (this.#options.activation === 'none') return 1;
    const peak = values[argmax(values)] ?? 0;
    let total = 0;
    for (const value of values) total += Math.exp(value - peak);
    return total;
  }

  #probability(values: Float32Array, at: number, total: number): number {
    const value = values[at] ?? 0;
    if (this.#options.activation === 'none') return value;
    return Math.exp(value - (values[argmax(values)] ?? 0)) / total;
  }
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  }
  return best;
}
