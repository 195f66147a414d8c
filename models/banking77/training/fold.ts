import type { BagModel } from './graph.ts';
import type { Network } from './network.ts';

/**
 * Makes one model of networks whose logits are averaged. One network stays as it is: a narrow table
 * and a product. Several, being linear in the mean of their rows, collapse into one table that holds
 * each n-gram's contribution to each logit, whatever their number.
 */
export function fold(networks: readonly Network[], buckets: number): BagModel {
  const [first] = networks;
  if (!first) throw new Error('there is no network to fold');
  const { width, classes } = first;
  if (networks.length === 1) {
    const output = new Float32Array(width * classes);
    for (let c = 0; c < classes; c++) {
      for (let d = 0; d < width; d++) output[d * classes + c] = first.output[c * width + d]!;
    }
    return {
      table: { rows: buckets, columns: width, values: first.embedding },
      output: { rows: width, columns: classes, values: output },
      bias: first.bias,
    };
  }
  const table = new Float32Array(buckets * classes);
  const bias = new Float32Array(classes);
  for (const network of networks) {
    for (let c = 0; c < classes; c++) bias[c]! += network.bias[c]! / networks.length;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const row = network.embedding.subarray(bucket * width, (bucket + 1) * width);
      for (let c = 0; c < classes; c++) {
        let sum = 0;
        for (let d = 0, o = c * width; d < width; d++, o++) sum += row[d]! * network.output[o]!;
        table[bucket * classes + c]! += sum / networks.length;
      }
    }
  }
  return { table: { rows: buckets, columns: classes, values: table }, bias };
}
