import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorInput } from '../../../src/services/model-input.ts';
import { tensorDataToJson } from '../../../src/tensor/json-value.ts';
import { allocate, elementCount, type Datatype } from '../../../src/tensor/tensor.ts';
import {
  type Attribute,
  BOOL,
  constant,
  DOUBLE,
  FLOAT,
  graph,
  INT16,
  INT32,
  INT64,
  INT8,
  modelFile,
  node,
  STRING,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
  valueInfo,
} from '../../support/faults/onnx-writer.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

/** Small graphs of every kind of first axis, row-wise and row-mixing, and of every datatype. */

type Shape = readonly (number | string)[] | null;

interface Graph {
  readonly file: Buffer;
  readonly datatype: Datatype;
  /** Shapes of inputs that the model takes. */
  readonly shapes: readonly (readonly number[])[];
  /** Whether requests may be joined; left out where either is right. */
  readonly joins?: boolean;
}

const ints = (name: string, ...value: number[]): Attribute => ({ name, value });
const axis = (value: number): Attribute => ({ name: 'axis', value });

/** Operators on `x`, and whether each row of the answer is of one row of the input. */
const OPERATORS: Readonly<
  Record<string, { readonly parts: readonly Buffer[]; readonly isRowWise: boolean }>
> = {
  double: { parts: [node('Add', ['x', 'x'], ['y'])], isRowWise: true },
  tanh: { parts: [node('Tanh', ['x'], ['y'])], isRowWise: true },
  softmax: { parts: [node('Softmax', ['x'], ['y'], [axis(0)])], isRowWise: false },
  'last-softmax': { parts: [node('Softmax', ['x'], ['y'], [axis(-1)])], isRowWise: true },
  sum: {
    parts: [node('CumSum', ['x', 'at'], ['y']), constant('at', INT64, [], [0])],
    isRowWise: false,
  },
  norm: { parts: [node('LpNormalization', ['x'], ['y'], [axis(0)])], isRowWise: false },
  centre: {
    parts: [
      node('ReduceMean', ['x'], ['mean'], [ints('axes', 0)]),
      node('Sub', ['x', 'mean'], ['y']),
    ],
    isRowWise: false,
  },
  sort: {
    parts: [
      node('Shape', ['x'], ['shape']),
      node('Gather', ['shape', 'first'], ['rows']),
      constant('first', INT64, [1], [0]),
      node('TopK', ['x', 'rows'], ['y', 'places'], [axis(0)]),
    ],
    isRowWise: false,
  },
  reverse: {
    parts: [
      node('Slice', ['x', 'from', 'to', 'along', 'step'], ['y']),
      constant('from', INT64, [1], [-1]),
      constant('to', INT64, [1], [-1_000_000]),
      constant('along', INT64, [1], [0]),
      constant('step', INT64, [1], [-1]),
    ],
    isRowWise: false,
  },
};

function graphOf(type: number, shape: Shape, parts: readonly Buffer[]): Buffer {
  return modelFile(
    graph(
      'g',
      ...parts,
      valueInfo('input', 'x', type, shape),
      valueInfo('output', 'y', type, shape),
    ),
  );
}

const TYPES: Readonly<Partial<Record<Datatype, readonly [number, string]>>> = {
  FP32: [FLOAT, 'float32'],
  FP64: [DOUBLE, 'float64'],
  UINT8: [UINT8, 'uint8'],
  INT8: [INT8, 'int8'],
  UINT16: [UINT16, 'uint16'],
  INT16: [INT16, 'int16'],
  INT32: [INT32, 'int32'],
  UINT32: [UINT32, 'uint32'],
  INT64: [INT64, 'int64'],
  UINT64: [UINT64, 'uint64'],
  BOOL: [BOOL, 'bool'],
  BYTES: [STRING, 'string'],
};

const GRAPHS = new Map<string, Graph>();
for (const [name, { parts, isRowWise }] of Object.entries(OPERATORS)) {
  GRAPHS.set(`open-${name}`, {
    file: graphOf(FLOAT, ['n', 3], parts),
    datatype: 'FP32',
    shapes: [
      [1, 3],
      [4, 3],
    ],
    joins: isRowWise,
  });
  GRAPHS.set(`vector-${name}`, {
    file: graphOf(FLOAT, ['n'], parts),
    datatype: 'FP32',
    shapes: [[1], [5]],
    ...(name !== 'last-softmax' && { joins: isRowWise }),
  });
  GRAPHS.set(`fixed-${name}`, {
    file: graphOf(FLOAT, [2, 3], parts),
    datatype: 'FP32',
    shapes: [[2, 3]],
    joins: false,
  });
  GRAPHS.set(`unranked-${name}`, {
    file: graphOf(FLOAT, null, parts),
    datatype: 'FP32',
    shapes: [[3], [2, 3], [2, 1, 3]],
    joins: false,
  });
}
for (const [datatype, [type]] of Object.entries(TYPES)) {
  GRAPHS.set(`type-${datatype.toLowerCase()}`, {
    file: graphOf(type, ['n', 2], [node('Identity', ['x'], ['y'])]),
    datatype: datatype as Datatype,
    shapes: [
      [1, 2],
      [3, 2],
      [0, 2],
    ],
    joins: true,
  });
}

/** A tensor whose values depend on `seed`. */
function tensorOf(datatype: Datatype, shape: readonly number[], seed: number): TensorInput {
  const length = elementCount(shape);
  const numbers = Array.from({ length }, (_, i) => ((i * 7 + seed * 13) % 11) - 5);
  const read = (value: number): unknown => {
    if (datatype === 'BYTES') return `text ${value}`;
    if (datatype === 'BOOL') return value > 0;
    if (datatype.startsWith('UINT')) return value + 5;
    return datatype.startsWith('FP') ? value / 4 : value;
  };
  return { name: 'x', datatype, shape: [...shape], data: numbers.map(read) };
}

/** What ONNX Runtime itself answers. */
async function ask(session: InferenceSession, input: TensorInput) {
  const { datatype, shape } = input;
  const data = allocate(datatype, elementCount(shape));
  for (const [i, value] of input.data.entries()) {
    const isBig = datatype === 'INT64' || datatype === 'UINT64';
    (data as unknown[])[i] = isBig ? BigInt(value as number) : value;
  }
  const type = TYPES[datatype]?.[1] ?? '';
  const x = new OrtTensor(type as 'float32', data as Float32Array, shape);
  const { y } = await session.run({ x }, ['y']);
  if (!y) throw new Error('there is no output');
  return { shape: [...y.dims], data: tensorDataToJson({ datatype, shape, data: y.data }) };
}

describe('graphs of all kinds answer as ONNX Runtime does', () => {
  let root: string;
  let server: RunningApp;

  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'graphs-'));
    for (const [name, { file }] of GRAPHS) {
      await mkdir(path.join(root, 'models', name, '1'), { recursive: true });
      await writeFile(path.join(root, 'models', name, '1', 'model.onnx'), file);
    }
    server = await runApp({
      modelsDir: path.join(root, 'models'),
      stateDir: path.join(root, 'state'),
      watchModels: false,
    });
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  const served = async (model: string, input: TensorInput) => {
    const { status, text } = await server.post('/predict', {
      model,
      input: { tensors: [input] },
      outputs: true,
      options: { cache: 'bypass' },
    });
    expect([status, text.slice(0, 300)]).toEqual([200, expect.anything()]);
    const [y] = (JSON.parse(text) as { outputs: { shape: number[]; data: unknown[] }[] }).outputs;
    return { shape: y?.shape, data: y?.data };
  };

  it.each([...GRAPHS])('%s, alone and eight different ones at once', async (name, graphCase) => {
    const { file, datatype, shapes } = graphCase;
    const session = await InferenceSession.create(file, { logSeverityLevel: 4 });
    const inputs = Array.from({ length: 8 }, (_, seed) =>
      tensorOf(datatype, shapes[seed % shapes.length] ?? [], seed),
    );
    const expected = await Promise.all(inputs.map((input) => ask(session, input)));
    const [first] = inputs;
    expectSame(await served(name, first!), expected[0]!);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(inputs.map((input) => served(name, input)));
      for (const [i, answer] of answers.entries()) expectSame(answer, expected[i]!);
    }
  });

  it('joins what may be joined, and nothing else', () => {
    const wrong = server.app.catalog.list().filter(({ name, batching }) => {
      const { joins } = GRAPHS.get(name)!;
      return joins !== undefined && batching?.enabled !== joins;
    });
    expect(wrong.map(({ name, batching }) => [name, batching?.reason])).toEqual([]);
  });

  it('keeps its neighbours serving while ranks 0 to 5 are sent to models of undeclared shape', async () => {
    for (const name of GRAPHS.keys()) {
      if (!name.startsWith('unranked-')) continue;
      for (let rank = 0; rank <= 5; rank++) {
        const input = tensorOf(
          'FP32',
          Array.from({ length: rank }, () => 2),
          rank,
        );
        const { status } = await server.post('/predict', {
          model: name,
          input: { tensors: [input] },
        });
        expect([200, 500, 503]).toContain(status);
      }
    }
    const neighbour = await server.post('/predict', {
      model: 'open-double',
      input: { tensors: [tensorOf('FP32', [1, 3], 1)] },
    });
    expect(neighbour.status).toBe(200);
  });
});

function expectSame(
  actual: { readonly shape?: unknown; readonly data?: readonly unknown[] | undefined },
  expected: { readonly shape: readonly number[]; readonly data: readonly unknown[] },
): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.data).toHaveLength(expected.data.length);
  for (const [i, value] of expected.data.entries()) {
    const got = actual.data?.[i];
    if (typeof value !== 'number') expect(got).toBe(value);
    else expect(Math.abs(Number(got) - value)).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-5);
  }
}
