import { SEQUENCE, VOCABULARY } from '../load/inputs.ts';
import { Random } from '../load/random.ts';
import { OnnxGraph } from './onnx-graph.ts';
import type { NamedWeights } from './safetensors.ts';

const WIDTH = 384;
const LAYERS = 6;
const HEADS = 12;
const INNER = 4 * WIDTH;

/** Name of a linear map of a layer → rows and columns; stored so that `x · weight + bias`. */
const LINEARS = {
  query: [WIDTH, WIDTH],
  key: [WIDTH, WIDTH],
  value: [WIDTH, WIDTH],
  output: [WIDTH, WIDTH],
  up: [WIDTH, INNER],
  down: [INNER, WIDTH],
} as const;

/** Sizes that whoever rebuilds the encoder needs. */
export const ENCODER = { width: WIDTH, layers: LAYERS, heads: HEADS, inner: INNER };

/** Random weights in the sizes of all-MiniLM-L6-v2. */
export function encoderWeights(): NamedWeights {
  const random = new Random(7);
  const weights: Record<string, { shape: number[]; data: Float32Array }> = {};
  const add = (name: string, shape: number[], scale: number, base = 0) => {
    const size = shape.reduce((product, each) => product * each, 1);
    const data = Float32Array.from({ length: size }, () => base + scale * random.centred());
    weights[name] = { shape, data };
  };
  const addNorm = (name: string) => {
    add(`${name}.scale`, [WIDTH], 0.1, 1);
    add(`${name}.shift`, [WIDTH], 0.1);
  };
  add('words', [VOCABULARY, WIDTH], 0.1);
  add('positions', [SEQUENCE, WIDTH], 0.1);
  addNorm('embedding');
  for (let layer = 0; layer < LAYERS; layer++) {
    for (const [name, [rows, columns]] of Object.entries(LINEARS)) {
      add(`${layer}.${name}.weight`, [rows, columns], 0.1);
      add(`${layer}.${name}.bias`, [columns], 0.1);
    }
    addNorm(`${layer}.attention`);
    addNorm(`${layer}.feed`);
  }
  return weights;
}

/** The encoder as an ONNX file: `input_ids` [batch, 32] → `embedding` [batch, 384]. */
export function encoderOnnx(weights: NamedWeights): Buffer {
  const graph = new OnnxGraph();
  const load = (name: string) => {
    const { shape, data } = weights[name] ?? { shape: [], data: new Float32Array() };
    return graph.weights(name, shape, data);
  };
  const norm = (x: string, name: string) =>
    graph.node('LayerNormalization', [x, load(`${name}.scale`), load(`${name}.shift`)], {
      axis: -1,
    });
  const linear = (x: string, name: string) =>
    graph.node('Add', [graph.node('MatMul', [x, load(`${name}.weight`)]), load(`${name}.bias`)]);

  const words = graph.node('Gather', [load('words'), 'input_ids'], { axis: 0 });
  let x = norm(graph.node('Add', [words, load('positions')]), 'embedding');
  for (let layer = 0; layer < LAYERS; layer++) {
    const attended = attention(graph, x, (input, name) => linear(input, `${layer}.${name}`));
    x = norm(graph.node('Add', [x, attended]), `${layer}.attention`);
    const raised = gelu(graph, linear(x, `${layer}.up`));
    x = norm(graph.node('Add', [x, linear(raised, `${layer}.down`)]), `${layer}.feed`);
  }
  graph.node('ReduceMean', [x], { axes: [1], keepdims: 0 }, 'embedding');
  return graph.finish({ input_ids: [null, SEQUENCE] }, { embedding: [null, WIDTH] });
}

function attention(
  graph: OnnxGraph,
  x: string,
  linear: (input: string, name: string) => string,
): string {
  const split = graph.integers([0, SEQUENCE, HEADS, WIDTH / HEADS]);
  const heads = (name: string, perm: readonly number[]) =>
    graph.node('Transpose', [graph.node('Reshape', [linear(x, name), split])], { perm });
  const products = graph.node('MatMul', [heads('query', [0, 2, 1, 3]), heads('key', [0, 2, 3, 1])]);
  const scaled = graph.node('Div', [products, graph.scalar(Math.sqrt(WIDTH / HEADS))]);
  const shares = graph.node('Softmax', [scaled], { axis: -1 });
  const mixed = graph.node('MatMul', [shares, heads('value', [0, 2, 1, 3])]);
  const joined = graph.node('Reshape', [
    graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    graph.integers([0, SEQUENCE, WIDTH]),
  ]);
  return linear(joined, 'output');
}

/** x · ½ · (1 + erf(x / √2)), in the form that ONNX Runtime recognises and fuses. */
function gelu(graph: OnnxGraph, x: string): string {
  const erf = graph.node('Erf', [graph.node('Div', [x, graph.scalar(Math.SQRT2)])]);
  const product = graph.node('Mul', [x, graph.node('Add', [erf, graph.scalar(1)])]);
  return graph.node('Mul', [product, graph.scalar(0.5)]);
}
