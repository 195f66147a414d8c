import type { TensorMap } from '../../tensor/tensor.ts';
import type { Score } from '../../services/prediction.ts';
import type { OutputCodec } from '../codec.ts';
import {
  failed,
  readNumbers,
  requireFinite,
  requireLabels,
  requireOutput,
  sigmoid,
  type Numbers,
} from './numbers.ts';
import { argmax, topScores } from './scores.ts';

/** Options of {@link ClassificationCodec}. */
export interface ClassificationOptions {
  /**
   * Output tensor with one number per class, of shape [1, classes] for one row; or with a single
   * number for the second of two classes.
   */
  readonly tensor: string;
  /**
   * `softmax` for logits, `sigmoid` for the single logit of the second of two classes, `none` where
   * the tensor already holds probabilities.
   */
  readonly activation: 'none' | 'softmax' | 'sigmoid';
  /**
   * What logits are divided by before the activation (Guo et al., ICML 2017): it changes how sure the
   * model says it is, and never what it says. @default 1
   */
  readonly temperature?: number | undefined;
  /** Names of the classes, in the order of the tensor. */
  readonly labels: readonly string[];
}

/** The likeliest class of an answer. */
interface Best {
  /** Whose reading it is. */
  readonly codec: ClassificationCodec;
  readonly at: number;
  readonly confidence: number;
  entropy?: number;
}

/** What was read of outputs stays with them: those in the cache are read again and again. */
const BEST = Symbol('best');

type ReadOutputs = TensorMap & { [BEST]?: Best };

/** One of several classes: the likeliest label, its probability, and the best few. */
export class ClassificationCodec implements OutputCodec {
  readonly kind = 'classification';
  readonly needed: readonly string[];
  readonly labels: readonly string[];
  readonly #options: ClassificationOptions;
  readonly #temperature: number;

  constructor(options: ClassificationOptions) {
    this.#options = options;
    this.#temperature = options.temperature ?? 1;
    this.labels = options.labels;
    this.needed = [options.tensor];
  }

  postprocess(outputs: TensorMap): TensorMap {
    const { tensor, activation } = this.#options;
    const output = outputs[tensor];
    if (!output) return outputs;
    const values = readNumbers(output);
    if (values.length !== 1 || this.labels.length !== 2) requireLabels(values, this.labels);
    if (activation === 'softmax') requireLogits(tensor, values);
    else requireFinite(tensor, values);
    return outputs;
  }

  prediction(outputs: TensorMap): string {
    const { at } = this.#best(outputs);
    return this.labels[at] ?? String(at);
  }

  confidence(outputs: TensorMap): number {
    return this.#best(outputs).confidence;
  }

  entropy(outputs: TensorMap): number {
    const best = this.#best(outputs);
    best.entropy ??= entropyOf(this.#probabilities(this.#values(outputs)));
    return best.entropy;
  }

  scores(outputs: TensorMap, top: number): Score[] {
    return topScores(this.#probabilities(this.#values(outputs)), this.labels, top);
  }

  #best(outputs: ReadOutputs): Best {
    const known = outputs[BEST];
    if (known?.codec === this) return known;
    const values = this.#values(outputs);
    const probabilities = values.length === 1 ? this.#probabilities(values) : values;
    // The largest logit has the largest probability: no activation is needed to find it.
    const at = argmax(probabilities);
    const peak = probabilities[at] ?? 0;
    const best: Best = { codec: this, at, ...this.#confidence(values, peak) };
    outputs[BEST] = best;
    return best;
  }

  #confidence(values: Numbers, peak: number): Pick<Best, 'confidence' | 'entropy'> {
    if (values.length === 1) return { confidence: peak };
    const temperature = this.#temperature;
    const { activation } = this.#options;
    if (activation === 'sigmoid') return { confidence: sigmoid(peak / temperature) };
    if (activation === 'none') return { confidence: peak };
    return softmaxOfPeak(values, peak, temperature);
  }

  #values(outputs: TensorMap): Numbers {
    return readNumbers(requireOutput(outputs, this.#options.tensor));
  }

  #probabilities(values: Numbers): Numbers {
    const { activation } = this.#options;
    const temperature = this.#temperature;
    if (values.length === 1 && this.labels.length === 2) {
      const value = values[0] ?? 0;
      const second = activation === 'none' ? value : sigmoid(value / temperature);
      return [1 - second, second];
    }
    if (activation === 'none') return values;
    const result = new Float64Array(values.length);
    if (activation === 'sigmoid') {
      for (let i = 0; i < result.length; i++) result[i] = sigmoid((values[i] ?? 0) / temperature);
      return result;
    }
    const peak = values[argmax(values)] ?? 0;
    const total = softmaxTotal(values, peak, temperature);
    for (let i = 0; i < result.length; i++) {
      result[i] = Math.exp(((values[i] ?? 0) - peak) / temperature) / total;
    }
    return result;
  }
}

/** In nats. */
function entropyOf(probabilities: Numbers): number {
  let sum = 0;
  for (const probability of probabilities) {
    if (probability > 0) sum -= probability * Math.log(probability);
  }
  return sum;
}

/** Probability of the largest logit, and the entropy of all, in one pass over them. */
function softmaxOfPeak(
  values: Numbers,
  peak: number,
  temperature: number,
): { readonly confidence: number; readonly entropy: number } {
  let total = 0;
  let weighted = 0;
  for (const value of values) {
    const logit = (value - peak) / temperature;
    const weight = Math.exp(logit);
    total += weight;
    // A class that is ruled out adds nothing.
    if (weight > 0) weighted += weight * logit;
  }
  return { confidence: 1 / total, entropy: Math.log(total) - weighted / total };
}

/** The softmax denominator relative to the largest logit. */
function softmaxTotal(values: Numbers, peak: number, temperature: number): number {
  let total = 0;
  for (const value of values) total += Math.exp((value - peak) / temperature);
  return total;
}

/** A class may be ruled out by a logit of minus infinity, but one must remain. */
function requireLogits(tensor: string, values: Numbers): void {
  let isPossible = false;
  for (const value of values) {
    if (!(value < Infinity)) throw failed(`output "${tensor}" holds ${value}`);
    if (value > -Infinity) isPossible = true;
  }
  if (!isPossible) throw failed(`output "${tensor}" rules out every class`);
}
