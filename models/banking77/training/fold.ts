import type { Network } from './network.ts';

/** A matrix of weights, row-major: one row per input, one column per output. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float32Array;
}

/**
 * `mean` of a text's table rows, `inner = relu(mean · hidden + hiddenBias)`,
 * `logits = mean · direct + inner · output + bias`.
 */
export interface BagModel {
  table: Matrix;
  direct: Matrix;
  /** Left out where the networks have no hidden units. */
  inner?: { hidden: Matrix; hiddenBias: Float32Array; output: Matrix };
  bias: Float32Array;
}

/**
 * Makes one model of networks whose logits are averaged: their embeddings side by side, their hidden
 * layers as the blocks of one matrix, their outputs divided by their number. So a whole ensemble is
 * served with as few operations as one network.
 */
export function fold(networks: readonly Network[], buckets: number): BagModel {
  const [first] = networks;
  if (!first) throw new Error('there is no network to fold');
  const { width, units, classes } = first;
  const count = networks.length;
  const table = matrix(buckets, width * count);
  const direct = matrix(width * count, classes);
  const hidden = matrix(width * count, units * count);
  const hiddenBias = new Float32Array(units * count);
  const output = matrix(units * count, classes);
  const bias = new Float32Array(classes);
  networks.forEach((network, n) => {
    for (let bucket = 0; bucket < buckets; bucket++) {
      const row = network.embedding.subarray(bucket * width, (bucket + 1) * width);
      table.values.set(row, bucket * table.columns + n * width);
    }
    hiddenBias.set(network.hiddenBias, n * units);
    for (let h = 0; h < units; h++) {
      for (let d = 0; d < width; d++) {
        const weight = network.hidden[h * width + d]!;
        hidden.values[(n * width + d) * hidden.columns + n * units + h] = weight;
      }
    }
    for (let c = 0; c < classes; c++) {
      const weights = network.output.subarray(c * (units + width), (c + 1) * (units + width));
      bias[c]! += network.bias[c]! / count;
      for (let h = 0; h < units; h++) {
        output.values[(n * units + h) * classes + c] = weights[h]! / count;
      }
      for (let d = 0; d < width; d++) {
        direct.values[(n * width + d) * classes + c] = weights[units + d]! / count;
      }
    }
  });
  if (units === 0) return { table, direct, bias };
  return { table, direct, inner: { hidden, hiddenBias, output }, bias };
}

function matrix(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float32Array(rows * columns) };
}
