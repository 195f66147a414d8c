// Plain loops over typed arrays: every index below is in bounds by construction, hence the `!`.
import { Weights } from './adam.ts';
import { normal, seeded, shuffle, type Random } from './random.ts';

/** How a network is built and trained. */
export interface NetworkOptions {
  /** Rows of the embedding. */
  buckets: number;
  /** Columns of the embedding. */
  width: number;
  classes: number;
  epochs: number;
  batch: number;
  /** Highest learning rate: reached after a short warm-up, then falling to 0 in a straight line. */
  rate: number;
  /** Share of a text's n-grams that are left out at random each time it is seen. */
  dropout: number;
  /** Share of the target that is spread evenly over all classes. */
  smoothing: number;
  /** N-grams seen in fewer training texts than this get no weight: they would only memorise. */
  minTexts: number;
  seed: number;
}

/** The rows to learn from. `view` may give another view of a row each time that it is asked. */
export interface TrainingRows {
  size: number;
  label: (row: number) => number;
  /** A text's buckets as it is. */
  buckets: (row: number) => Int32Array;
  /** A text's buckets, perhaps of a reworded form. */
  view: (row: number, random: Random) => Int32Array;
}

/**
 * `logits = output · mean(embedding rows) + bias`, after training. `output` has one row per class.
 */
export interface Network {
  width: number;
  classes: number;
  embedding: Float32Array;
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
  const { buckets, width, classes } = options;
  const random = seeded(options.seed);
  const trained = countTexts(rows, buckets).map((texts) => (texts >= options.minTexts ? 1 : 0));
  const output = new Weights(classes * width, () => normal(random) / Math.sqrt(width));
  const embedding = new Weights(buckets * width, () => 0.1 * normal(random));
  for (let i = 0; i < buckets; i++) {
    if (trained[i] === 0) embedding.values.fill(0, i * width, (i + 1) * width);
  }
  const bias = new Weights(classes, () => 0);
  const network: Network = {
    width,
    classes,
    embedding: embedding.values,
    output: output.values,
    bias: bias.values,
  };

  const order = Array.from({ length: rows.size }, (_, row) => row);
  const steps = options.epochs * Math.ceil(rows.size / options.batch);
  const touched = new Touched(buckets);
  const mean = new Float32Array(width);
  const meanGradient = new Float32Array(width);
  const scores = new Float32Array(classes);
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += options.batch) {
      const to = Math.min(from + options.batch, order.length);
      for (let at = from; at < to; at++) {
        const row = order[at]!;
        const label = rows.label(row);
        const kept = drop(rows.view(row, random), trained, options.dropout, random);
        average(network, kept, mean);
        score(network, mean, scores);
        softmax(scores);
        loss -= Math.log(scores[label]! + 1e-12);

        meanGradient.fill(0);
        for (let c = 0; c < classes; c++) {
          const target = options.smoothing / classes + (c === label ? 1 - options.smoothing : 0);
          const g = (scores[c]! - target) / (to - from);
          bias.gradient[c]! += g;
          for (let d = 0, o = c * width; d < width; d++, o++) {
            output.gradient[o]! += g * mean[d]!;
            meanGradient[d]! += g * output.values[o]!;
          }
        }
        for (let d = 0; d < width; d++) meanGradient[d]! /= kept.length;
        for (const bucket of kept) {
          touched.add(bucket);
          for (let d = 0, o = bucket * width; d < width; d++, o++) {
            embedding.gradient[o]! += meanGradient[d]!;
          }
        }
      }
      const rate =
        options.rate * Math.min(1, (step + 1) / WARM_UP_STEPS) * (1 - step / steps);
      step++;
      touched.drain((bucket) => embedding.step(bucket * width, (bucket + 1) * width, rate));
      output.step(0, classes * width, rate);
      bias.step(0, classes, rate);
    }
    onEpoch?.(epoch, loss / rows.size, network);
  }
  return network;
}

/** Adds a text's logits to `logits`. */
export function addLogits(network: Network, buckets: Int32Array, logits: Float32Array): void {
  const mean = new Float32Array(network.width);
  const scores = new Float32Array(network.classes);
  average(network, buckets, mean);
  score(network, mean, scores);
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

function score(network: Network, mean: Float32Array, scores: Float32Array): void {
  const { width, output, bias } = network;
  for (let c = 0; c < scores.length; c++) {
    let sum = bias[c]!;
    for (let d = 0, o = c * width; d < width; d++, o++) sum += output[o]! * mean[d]!;
    scores[c] = sum;
  }
}

/** Leaves out untrained n-grams and a random share of the others, but never all of them. */
function drop(
  buckets: Int32Array,
  trained: Int32Array,
  share: number,
  random: Random,
): Int32Array {
  const kept = new Int32Array(buckets.length);
  let count = 0;
  for (const bucket of buckets) {
    if (trained[bucket] === 1 && random() >= share) kept[count++] = bucket;
  }
  return count > 0 ? kept.subarray(0, count) : buckets.subarray(0, 1);
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
