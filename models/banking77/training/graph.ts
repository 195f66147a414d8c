import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BagModel } from './fold.ts';

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
/** Weights beyond this many standard deviations are cut off, lest they coarsen the steps of all. */
const LIMIT = 8;
const FLOAT = { type: 'DT_FLOAT' };
const INT32 = { type: 'DT_INT32' };
/** A vector whose length is known only when the model is run. */
const VECTOR = { dim: [{ size: '-1' }] };

/**
 * Writes a TensorFlow.js graph model: `model.json` and its weights in shards. The table is stored in
 * eight bits, which averaging over a text's n-grams makes harmless; the rest in 32.
 *
 * @returns the bytes written
 */
export async function writeGraphModel(folder: string, model: BagModel): Promise<number> {
  const graph = buildGraph(model);
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (file.endsWith('.bin')) await rm(join(folder, file));
  }
  const weights = Buffer.concat(graph.parts);
  const count = Math.ceil(weights.length / SHARD_BYTES);
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  for (const [i, path] of paths.entries()) {
    await writeFile(join(folder, path), weights.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
  }
  const classes = String(model.bias.length);
  const json = JSON.stringify({
    format: 'graph-model',
    generatedBy: 'models/banking77/train.ts',
    convertedBy: null,
    signature: {
      inputs: {
        indices: { name: 'indices:0', dtype: 'DT_INT32', tensorShape: VECTOR },
        segments: { name: 'segments:0', dtype: 'DT_INT32', tensorShape: VECTOR },
      },
      outputs: {
        logits: {
          name: 'logits:0',
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '-1' }, { size: classes }] },
        },
      },
    },
    modelTopology: { node: graph.nodes, library: {}, versions: { producer: 1 } },
    weightsManifest: [{ paths, weights: graph.entries }],
  });
  await writeFile(join(folder, 'model.json'), `${json}\n`);
  return weights.length + Buffer.byteLength(json) + 1;
}

/** The operations and weights of a model, in the order in which the weights are stored. */
function buildGraph({ table, direct, inner, bias }: BagModel) {
  const nodes: Node[] = [
    { name: 'indices', op: 'Placeholder', attr: { dtype: INT32, shape: { shape: VECTOR } } },
    { name: 'segments', op: 'Placeholder', attr: { dtype: INT32, shape: { shape: VECTOR } } },
  ];
  const entries: WeightEntry[] = [];
  const parts: Uint8Array[] = [];
  const constant = (name: string, shape: number[], values: Float32Array, small = false) => {
    const dim = shape.map((size) => ({ size: String(size) }));
    const value = { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim } } };
    nodes.push({ name, op: 'Const', attr: { dtype: FLOAT, value } });
    const quantised = small ? quantise(values) : undefined;
    entries.push({ name, shape, dtype: 'float32', ...quantised?.entry });
    parts.push(
      quantised?.bytes ?? new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  };
  const product = (name: string, input: string[], ...fused: string[]) => {
    nodes.push({
      name,
      op: fused.length > 0 ? '_FusedMatMul' : 'MatMul',
      input,
      attr: {
        T: FLOAT,
        transpose_a: { b: false },
        transpose_b: { b: false },
        ...(fused.length > 0 && {
          num_args: { i: '1' },
          // The strings of a GraphDef in JSON are base64.
          fused_ops: { list: { s: fused.map((op) => Buffer.from(op).toString('base64')) } },
        }),
      },
    });
  };

  constant('table', [table.rows, table.columns], table.values, true);
  constant('direct', [direct.rows, direct.columns], direct.values);
  constant('bias', [bias.length], bias);
  // The sparse mean is quick on WebAssembly too, where gathering rows and averaging them is not.
  nodes.push({
    name: 'mean',
    op: 'SparseSegmentMean',
    input: ['table', 'indices', 'segments'],
    attr: { T: FLOAT, Tidx: INT32, Tsegmentids: INT32 },
  });
  if (!inner) {
    product('logits', ['mean', 'direct', 'bias'], 'BiasAdd');
  } else {
    const { hidden, hiddenBias, output } = inner;
    constant('hidden', [hidden.rows, hidden.columns], hidden.values);
    constant('hidden_bias', [hiddenBias.length], hiddenBias);
    constant('output', [output.rows, output.columns], output.values);
    product('inner', ['mean', 'hidden', 'hidden_bias'], 'BiasAdd', 'Relu');
    product('deep', ['inner', 'output', 'bias'], 'BiasAdd');
    product('wide', ['mean', 'direct']);
    nodes.push({ name: 'logits', op: 'AddV2', input: ['wide', 'deep'], attr: { T: FLOAT } });
  }
  return { nodes, entries, parts };
}

/**
 * Eight bits per weight: 127 steps to each side of zero. Byte 127 is zero exactly, which is what all
 * n-grams hold that training never saw.
 */
function quantise(values: Float32Array) {
  let squares = 0;
  let used = 0;
  let extreme = 0;
  for (const value of values) {
    if (value !== 0) used++;
    squares += value * value;
    extreme = Math.max(extreme, Math.abs(value));
  }
  const limit = Math.min(extreme, LIMIT * Math.sqrt(squares / Math.max(1, used))) || 1;
  const scale = limit / 127;
  const bytes = new Uint8Array(values.length);
  values.forEach((value, i) => {
    bytes[i] = Math.min(254, Math.max(0, Math.round(value / scale) + 127));
  });
  const quantization = { dtype: 'uint8', min: -limit, scale, original_dtype: 'float32' } as const;
  return { entry: { quantization }, bytes };
}
