import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A matrix of weights, row-major. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float32Array;
}

/** `logits = mean(table rows) · output + bias`; without `output` the table holds logits itself. */
export interface BagModel {
  table: Matrix;
  output?: Matrix;
  bias: Float32Array;
}

interface Node {
  name: string;
  op: string;
  input?: string[];
  attr: Record<string, unknown>;
}

interface WeightEntry {
  name: string;
  shape: number[];
  dtype: 'float32';
  quantization?: { dtype: 'uint8'; min: number; scale: number; original_dtype: 'float32' };
}

const SHARD_BYTES = 4 * 1024 * 1024;
const FLOAT = { type: 'DT_FLOAT' };
const INT32 = { type: 'DT_INT32' };
/** A vector whose length is known only when the model is run. */
const VECTOR = { shape: { dim: [{ size: '-1' }] } };

/**
 * Writes a TensorFlow.js graph model: `model.json` and its weights in shards. The table is stored in
 * eight bits, which averaging over a text's n-grams makes harmless; the rest in 32.
 *
 * @returns the bytes written
 */
export async function writeGraphModel(folder: string, model: BagModel): Promise<number> {
  const nodes: Node[] = [
    { name: 'indices', op: 'Placeholder', attr: { dtype: INT32, shape: VECTOR } },
    { name: 'segments', op: 'Placeholder', attr: { dtype: INT32, shape: VECTOR } },
    constant('table', model.table),
    constant('bias', { rows: 1, columns: model.bias.length, values: model.bias }),
    {
      name: 'mean',
      op: 'SparseSegmentMean',
      input: ['table', 'indices', 'segments'],
      attr: { T: FLOAT, Tidx: INT32, Tsegmentids: INT32 },
    },
  ];
  const table = quantise('table', model.table);
  const entries: WeightEntry[] = [table.entry];
  const parts: Uint8Array[] = [table.bytes];
  let last = 'mean';
  if (model.output) {
    const { rows, columns, values } = model.output;
    nodes.push(constant('output', model.output), {
      name: 'product',
      op: 'MatMul',
      input: ['mean', 'output'],
      attr: { T: FLOAT, transpose_a: { b: false }, transpose_b: { b: false } },
    });
    entries.push({ name: 'output', shape: [rows, columns], dtype: 'float32' });
    parts.push(bytesOf(values));
    last = 'product';
  }
  entries.push({ name: 'bias', shape: [model.bias.length], dtype: 'float32' });
  parts.push(bytesOf(model.bias));
  nodes.push({ name: 'logits', op: 'BiasAdd', input: [last, 'bias'], attr: { T: FLOAT } });

  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (file.endsWith('.bin')) await rm(join(folder, file));
  }
  const weights = Buffer.concat(parts);
  const count = Math.ceil(weights.length / SHARD_BYTES);
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  for (const [i, path] of paths.entries()) {
    await writeFile(join(folder, path), weights.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
  }
  const json = JSON.stringify({
    format: 'graph-model',
    generatedBy: 'models/banking77/train.ts',
    convertedBy: null,
    signature: {
      inputs: {
        indices: { name: 'indices:0', dtype: 'DT_INT32', tensorShape: VECTOR.shape },
        segments: { name: 'segments:0', dtype: 'DT_INT32', tensorShape: VECTOR.shape },
      },
      outputs: {
        logits: {
          name: 'logits:0',
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '-1' }, { size: String(model.bias.length) }] },
        },
      },
    },
    modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
    weightsManifest: [{ paths, weights: entries }],
  });
  await writeFile(join(folder, 'model.json'), `${json}\n`);
  return weights.length + json.length + 1;
}

function constant(name: string, { rows, columns }: Matrix): Node {
  const sizes = name === 'bias' ? [columns] : [rows, columns];
  const dim = sizes.map((size) => ({ size: String(size) }));
  const tensor = { dtype: 'DT_FLOAT', tensorShape: { dim } };
  return { name, op: 'Const', attr: { dtype: FLOAT, value: { tensor } } };
}

/**
 * Eight bits per weight. The few weights far outside are cut off at `LIMIT` standard deviations, so
 * that they do not coarsen the steps of all others; and 0 is met exactly, since it is what n-grams
 * that training never saw hold.
 */
function quantise(name: string, matrix: Matrix): { entry: WeightEntry; bytes: Uint8Array } {
  const { min, scale } = quantisation(matrix.values);
  const bytes = new Uint8Array(matrix.values.length);
  for (const [i, value] of matrix.values.entries()) {
    bytes[i] = Math.min(255, Math.max(0, Math.round((value - min) / scale)));
  }
  const entry: WeightEntry = {
    name,
    shape: [matrix.rows, matrix.columns],
    dtype: 'float32',
    quantization: { dtype: 'uint8', min, scale, original_dtype: 'float32' },
  };
  return { entry, bytes };
}

const LIMIT = 8;

function quantisation(values: Float32Array): { min: number; scale: number } {
  let squares = 0;
  let used = 0;
  let extreme = 0;
  for (const value of values) {
    if (value !== 0) used++;
    squares += value * value;
    extreme = Math.max(extreme, Math.abs(value));
  }
  const limit = Math.min(extreme, LIMIT * Math.sqrt(squares / Math.max(1, used))) || 1;
  // 127 steps to each side of zero, which byte 127 stands for.
  const scale = limit / 127;
  return { min: -127 * scale, scale };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
