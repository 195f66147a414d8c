// Plain loops over typed arrays: every index below is in bounds by construction, hence the `!`.
import { Weights } from './adam.ts';
import { normal, seeded, shuffle, type Random } from './random.ts';

/** How a network is built and trained. */
export interface NetworkOptions {
  /** Rows of the embedding. */
  buckets: number;
  /** Columns of the embedding. */
  width: number;
  /** Units of the hidden layer, which stands beside the direct way to the output; 0 for none. */
  hidden: number;
  classes: number;
  epochs: number;
  batch: number;
  /** Highest learning rate: reached after a short warm-up, then falling to 0 in a straight line. */
  rate: number;
  /** Share of a text's n-grams that are left out at random each time it is seen. */
  dropout: number;
  /** Share of the hidden units that are silenced at random. */
  hiddenDropout: number;
  /** Share of the target that is spread evenly over all classes. */
  smoothing: number;
  seed: number;
}

/** The rows to learn from. */
export interface TrainingRows {
  size: number;
  label: (row: number) => number;
  buckets: (row: number) => Int32Array;
}

/**
 * After training: `mean` of a text's embedding rows, `inner = relu(hidden · mean + hiddenBias)`,
 * `logits = output · [inner, mean] + bias`. Matrices have one row per unit that they lead to.
 */
export interface Network {
  width: number;
  units: number;
  classes: number;
  embedding: Float32Array;
  hidden: Float32Array;
  hiddenBias: Float32Array;
  output: Float32Array;
  bias: Float32Array;
}

const WARM_UP_STEPS = 50;

/** Trains a network; `onEpoch` hears the mean loss after each epoch. */
export function trainNetwork(
  rows: TrainingRows,
  options: NetworkOptions,
  onEpoch?: (epoch: number, loss: number, network: Network) => void,
): Network {
  const random = seeded(options.seed);
  const trained = countTexts(rows, options.buckets).map((texts) => Number(texts > 0));
  const learner = new Learner(options, trained, random);
  const order = Array.from({ length: rows.size }, (_, row) => row);
  const steps = options.epochs * Math.ceil(rows.size / options.batch);
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += options.batch) {
      const batch = order.slice(from, from + options.batch);
      for (const row of batch) {
        loss += learner.learn(rows.buckets(row), rows.label(row), 1 / batch.length);
      }
      learner.step(options.rate * Math.min(1, (step + 1) / WARM_UP_STEPS) * (1 - step / steps));
      step++;
    }
    onEpoch?.(epoch, loss / rows.size, learner.network);
  }
  return learner.network;
}

/** A network under training. */
class Learner {
  readonly network: Network;
  readonly #options: NetworkOptions;
  /** 1 for each bucket that occurs in training; the others stay 0, so that they say nothing. */
  readonly #trained: Int32Array;
  readonly #random: Random;
  readonly #embedding: Weights;
  readonly #hidden: Weights;
  readonly #hiddenBias: Weights;
  readonly #output: Weights;
  readonly #bias: Weights;
  readonly #touched: Touched;
  /** The hidden units, then the mean; and the loss's gradient by them. */
  readonly #inputs: Float32Array;
  readonly #gradient: Float32Array;
  readonly #scores: Float32Array;

  constructor(options: NetworkOptions, trained: Int32Array, random: Random) {
    const { buckets, width, hidden: units, classes } = options;
    this.#options = options;
    this.#trained = trained;
    this.#random = random;
    const scaled = (size: number) => () => normal(random) / Math.sqrt(size);
    this.#embedding = new Weights(buckets * width, () => 0.1 * normal(random));
    for (let i = 0; i < buckets; i++) {
      if (trained[i] === 0) this.#embedding.values.fill(0, i * width, (i + 1) * width);
    }
    this.#hidden = new Weights(units * width, scaled(width));
    this.#hiddenBias = new Weights(units, () => 0);
    this.#output = new Weights(classes * (units + width), scaled(units + width));
    this.#bias = new Weights(classes, () => 0);
    this.#touched = new Touched(buckets);
    this.#inputs = new Float32Array(units + width);
    this.#gradient = new Float32Array(units + width);
    this.#scores = new Float32Array(classes);
    this.network = {
      width,
      units,
      classes,
      embedding: this.#embedding.values,
      hidden: this.#hidden.values,
      hiddenBias: this.#hiddenBias.values,
      output: this.#output.values,
      bias: this.#bias.values,
    };
  }

  /** Adds one text's share of the gradient, and returns its loss. */
  learn(buckets: Int32Array, label: number, share: number): number {
    const { width, hidden: units, classes, smoothing } = this.#options;
    const kept = this.#drop(buckets);
    const inputs = this.#inputs;
    const mean = inputs.subarray(units);
    average(this.network, kept, mean);
    hide(this.network, mean, inputs);
    this.#silence();
    const scores = this.#scores;
    score(this.network, inputs, scores);
    softmax(scores);

    const gradient = this.#gradient.fill(0);
    const { values, gradient: outputGradient } = this.#output;
    for (let c = 0; c < classes; c++) {
      const target = smoothing / classes + (c === label ? 1 - smoothing : 0);
      const g = (scores[c]! - target) * share;
      this.#bias.gradient[c]! += g;
      for (let i = 0, o = c * inputs.length; i < inputs.length; i++, o++) {
        outputGradient[o]! += g * inputs[i]!;
        gradient[i]! += g * values[o]!;
      }
    }
    const meanGradient = gradient.subarray(units);
    this.#learnHidden(mean, meanGradient);
    for (let d = 0; d < width; d++) meanGradient[d]! /= kept.length;
    const rows = this.#embedding.gradient;
    for (const bucket of kept) {
      this.#touched.add(bucket);
      for (let d = 0, o = bucket * width; d < width; d++, o++) rows[o]! += meanGradient[d]!;
    }
    return -Math.log(scores[label]! + 1e-12);
  }

  /** Moves the weights against the gradient that has gathered. */
  step(rate: number): void {
    const { width } = this.#options;
    this.#touched.drain((bucket) => {
      this.#embedding.step(bucket * width, (bucket + 1) * width, rate);
    });
    for (const weights of [this.#hidden, this.#hiddenBias, this.#output, this.#bias]) {
      weights.step(0, weights.values.length, rate);
    }
  }

  #learnHidden(mean: Float32Array, meanGradient: Float32Array): void {
    const { width, hidden: units, hiddenDropout } = this.#options;
    const { values, gradient } = this.#hidden;
    const biasGradient = this.#hiddenBias.gradient;
    for (let h = 0; h < units; h++) {
      if (this.#inputs[h]! <= 0) continue;
      const g = this.#gradient[h]! / (1 - hiddenDropout);
      biasGradient[h]! += g;
      for (let d = 0, o = h * width; d < width; d++, o++) {
        gradient[o]! += g * mean[d]!;
        meanGradient[d]! += g * values[o]!;
      }
    }
  }

  /** Silences some hidden units and makes the others louder to compensate. */
  #silence(): void {
    const inputs = this.#inputs;
    const random = this.#random;
    const { hidden: units, hiddenDropout } = this.#options;
    for (let h = 0; h < units; h++) {
      inputs[h] = random() < hiddenDropout ? 0 : inputs[h]! / (1 - hiddenDropout);
    }
  }

  /** Leaves out untrained n-grams and a random share of the others, but never all of them. */
  #drop(buckets: Int32Array): Int32Array {
    const trained = this.#trained;
    const random = this.#random;
    const { dropout } = this.#options;
    const kept = new Int32Array(buckets.length);
    let count = 0;
    for (const bucket of buckets) {
      if (trained[bucket] === 1 && random() >= dropout) kept[count++] = bucket;
    }
    return count > 0 ? kept.subarray(0, count) : buckets.subarray(0, 1);
  }
}

/** Adds a text's logits to `logits`. */
export function addLogits(network: Network, buckets: Int32Array, logits: Float32Array): void {
  const inputs = new Float32Array(network.units + network.width);
  const scores = new Float32Array(network.classes);
  const mean = inputs.subarray(network.units);
  average(network, buckets, mean);
  hide(network, mean, inputs);
  score(network, inputs, scores);
  for (let c = 0; c < logits.length; c++) logits[c]! += scores[c]!;
}

/** Turns logits into probabilities, in place. */
export function softmax(scores: Float32Array): void {
  let highest = -Infinity;
  for (const value of scores) if (value > highest) highest = value;
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c]! - highest);
    sum += scores[c]!;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
}

function average({ width, embedding }: Network, buckets: Int32Array, mean: Float32Array): void {
  mean.fill(0);
  for (const bucket of buckets) {
    for (let d = 0, o = bucket * width; d < width; d++, o++) mean[d]! += embedding[o]!;
  }
  for (let d = 0; d < width; d++) mean[d]! /= buckets.length;
}

/** The hidden units' values, into the head of `inputs`. */
function hide(network: Network, mean: Float32Array, inputs: Float32Array): void {
  const { width, units, hidden, hiddenBias } = network;
  for (let h = 0; h < units; h++) {
    let sum = hiddenBias[h]!;
    for (let d = 0, o = h * width; d < width; d++, o++) sum += hidden[o]! * mean[d]!;
    inputs[h] = Math.max(0, sum);
  }
}

function score({ output, bias }: Network, inputs: Float32Array, scores: Float32Array): void {
  for (let c = 0; c < scores.length; c++) {
    let sum = bias[c]!;
    for (let i = 0, o = c * inputs.length; i < inputs.length; i++, o++) {
      sum += output[o]! * inputs[i]!;
    }
    scores[c] = sum;
  }
}

/** In how many texts each bucket occurs. */
function countTexts(rows: TrainingRows, buckets: number): Int32Array {
  const counts = new Int32Array(buckets);
  for (let row = 0; row < rows.size; row++) {
    for (const bucket of new Set(rows.buckets(row))) counts[bucket]!++;
  }
  return counts;
}

/** The set of buckets that a batch has touched, cleared in no time. */
class Touched {
  readonly #stamps: Int32Array;
  readonly #list: Int32Array;
  #count = 0;
  #round = 1;

  constructor(buckets: number) {
    this.#stamps = new Int32Array(buckets);
    this.#list = new Int32Array(buckets);
  }

  add(bucket: number): void {
    if (this.#stamps[bucket] === this.#round) return;
    this.#stamps[bucket] = this.#round;
    this.#list[this.#count++] = bucket;
  }

  drain(visit: (bucket: number) => void): void {
    for (let i = 0; i < this.#count; i++) visit(this.#list[i]!);
    this.#count = 0;
    this.#round++;
  }
}
