import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
// The initializers of recurrent layers, with which the test makes its models, need them.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as layers from '@tensorflow/tfjs-layers';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorInput } from '../../../src/services/model-input.ts';
import { loadTfjsBackend } from '../../../src/runtimes/engines/tfjs-backend.ts';
import { elementCount, type Datatype } from '../../../src/tensor/tensor.ts';
import {
  constantNode,
  graphArtifacts,
  operator,
  placeholder,
  type GraphModelParts,
  type TfNode,
  type TfShape,
  type TfType,
  writeArtifacts,
} from '../../support/models/tfjs-writer.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

/** Small models of TensorFlow.js, each answer held against the library's own. */

interface Model {
  readonly artifacts: tf.io.ModelArtifacts;
  readonly datatype: Datatype;
  readonly shapes: readonly (readonly number[])[];
  /** Whether requests may be joined; left out where either is right. */
  readonly joins?: boolean;
}

const yes = (name: string) => ({ [name]: { b: true } });
const type = (name: string, value: TfType) => ({ [name]: { type: value } });
const INT = type('Tidx', 'DT_INT32');
const zero = constantNode('zero', 'DT_INT32');
const zeros = constantNode('zeros', 'DT_INT32');

/** Operators from `x` to `y`, and whether each row of the answer is of one row of the input. */
const OPERATORS: Readonly<
  Record<string, { readonly nodes: readonly TfNode[]; readonly isRowWise: boolean }>
> = {
  double: { nodes: [operator('AddV2', ['x', 'x'], 'y')], isRowWise: true },
  tanh: { nodes: [operator('Tanh', ['x'], 'y')], isRowWise: true },
  softmax: { nodes: [operator('Softmax', ['x'], 'y')], isRowWise: true },
  product: {
    nodes: [constantNode('w', 'DT_FLOAT'), operator('MatMul', ['x', 'w'], 'y')],
    isRowWise: true,
  },
  sum: { nodes: [zero, operator('Cumsum', ['x', 'zero'], 'y', INT)], isRowWise: false },
  centre: {
    nodes: [
      zeros,
      operator('Mean', ['x', 'zeros'], 'mean', { ...INT, ...yes('keep_dims') }),
      operator('Sub', ['x', 'mean'], 'y'),
    ],
    isRowWise: false,
  },
  reverse: { nodes: [zeros, operator('ReverseV2', ['x', 'zeros'], 'y', INT)], isRowWise: false },
  // Its size is only known once it has run, so that the library must be waited for.
  where: {
    nodes: [
      constantNode('half', 'DT_FLOAT'),
      operator('Greater', ['x', 'half'], 'isLarge'),
      operator('Where', ['isLarge'], 'y', type('T', 'DT_BOOL')),
    ],
    isRowWise: false,
  },
};

const weightsOf = (nodes: readonly TfNode[]): tf.NamedTensorMap => {
  const all: tf.NamedTensorMap = {
    w: tf.tensor2d([1, -1, 0.5, 2, 0.25, -3], [3, 2]),
    zero: tf.scalar(0, 'int32'),
    zeros: tf.tensor1d([0], 'int32'),
    half: tf.scalar(0.5),
  };
  const names = new Set(nodes.filter(({ op }) => op === 'Const').map(({ name }) => name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
};

async function graphOf(
  nodes: readonly TfNode[],
  dtype: TfType,
  shape: TfShape,
  more: Partial<GraphModelParts> = {},
): Promise<tf.io.ModelArtifacts> {
  return graphArtifacts({
    nodes: [placeholder('x', dtype, shape), ...nodes],
    outputs: ['y'],
    weights: weightsOf(nodes),
    ...more,
  });
}

/** Texts to numbers by a table that an initializer fills, as exports of TensorFlow Hub have it. */
const lookup = (shape: TfShape) => {
  const table = {
    name: 'table',
    op: 'HashTableV2',
    attr: { ...type('key_dtype', 'DT_STRING'), ...type('value_dtype', 'DT_INT32') },
  };
  return graphOf(
    [
      placeholder('handle', 'DT_RESOURCE', []),
      constantNode('other', 'DT_INT32'),
      operator('LookupTableFindV2', ['handle', 'x', 'other'], 'y', {
        ...type('Tin', 'DT_STRING'),
        ...type('Tout', 'DT_INT32'),
      }),
    ],
    'DT_STRING',
    shape,
    {
      weights: {
        other: tf.scalar(-1, 'int32'),
        keys: tf.tensor1d(['text 0', 'text 1', 'text -2', 'a', 'b', 'c'], 'string'),
        values: tf.tensor1d([10, 11, 12, 13, 14, 15], 'int32'),
      },
      resources: { handle: 'fill' },
      initializer: {
        nodes: [
          table,
          constantNode('keys', 'DT_STRING'),
          constantNode('values', 'DT_INT32'),
          {
            name: 'fill',
            op: 'LookupTableImportV2',
            input: ['table', 'keys', 'values'],
            attr: { ...type('Tin', 'DT_STRING'), ...type('Tout', 'DT_INT32') },
          },
        ],
        outputs: ['fill'],
      },
    },
  );
};

async function layersArtifacts(model: layers.LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save({
    save: (artifacts: tf.io.ModelArtifacts) => {
      saved = artifacts;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
      });
    },
  });
  model.dispose();
  if (!saved) throw new Error('nothing was saved');
  return { ...saved, format: 'layers-model' };
}

async function makeModels(): Promise<Map<string, Model>> {
  const models = new Map<string, Model>();
  const rows = [
    [1, 3],
    [4, 3],
  ];
  for (const [name, { nodes, isRowWise }] of Object.entries(OPERATORS)) {
    const add = async (kind: string, shape: TfShape, more: Omit<Model, 'artifacts' | 'datatype'>) =>
      models.set(`${kind}-${name}`, {
        artifacts: await graphOf(nodes, 'DT_FLOAT', shape),
        datatype: 'FP32',
        ...more,
      });
    await add('open', [-1, 3], { shapes: rows, joins: isRowWise });
    await add('fixed', [2, 3], { shapes: [[2, 3]], joins: false });
    await add('unranked', null, { shapes: name === 'product' ? rows : [...rows, [2, 1, 3]] });
  }
  const copies: Readonly<Record<string, readonly [TfType, Datatype, string]>> = {
    int32: ['DT_INT32', 'INT32', 'Neg'],
    bool: ['DT_BOOL', 'BOOL', 'LogicalNot'],
    text: ['DT_STRING', 'BYTES', 'Identity'],
  };
  for (const [name, [dtype, datatype, op]] of Object.entries(copies)) {
    models.set(`type-${name}`, {
      artifacts: await graphOf([operator(op, ['x'], 'y', type('T', dtype))], dtype, [-1, 2]),
      datatype,
      shapes: [
        [1, 2],
        [3, 2],
      ],
      joins: true,
    });
  }
  models.set('table', {
    artifacts: await lookup([-1]),
    datatype: 'BYTES',
    shapes: [[1], [3]],
    joins: true,
  });
  const sequential = async (
    name: string,
    joins: boolean | undefined,
    ...parts: layers.layers.Layer[]
  ) =>
    models.set(`layers-${name}`, {
      artifacts: await layersArtifacts(layers.sequential({ layers: parts })),
      datatype: 'FP32',
      shapes: rows,
      ...(joins !== undefined && { joins }),
    });
  const { dense, softmax, layerNormalization, reshape, lstm, repeatVector } = layers.layers;
  await sequential('dense', true, dense({ units: 4, inputShape: [3], activation: 'relu' }));
  await sequential('softmax', true, dense({ units: 3, inputShape: [3] }), softmax());
  await sequential('norm', true, layerNormalization({ inputShape: [3] }));
  await sequential('lstm', true, repeatVector({ n: 4, inputShape: [3] }), lstm({ units: 5 }));
  await sequential('shape', true, reshape({ targetShape: [3, 1], inputShape: [3] }));
  return models;
}

/** A tensor whose values depend on `seed`. */
function tensorOf(datatype: Datatype, shape: readonly number[], seed: number): TensorInput {
  const numbers = Array.from(
    { length: elementCount(shape) },
    (_, i) => ((i * 7 + seed * 13) % 11) - 5,
  );
  const read = (value: number): unknown => {
    if (datatype === 'BYTES') return `text ${value}`;
    if (datatype === 'BOOL') return value > 0;
    return datatype === 'FP32' ? value / 4 : value;
  };
  return { name: 'x', datatype, shape: [...shape], data: numbers.map(read) };
}

const DTYPES = { FP32: 'float32', INT32: 'int32', BOOL: 'bool', BYTES: 'string' } as const;

/** Waits for the library only where it must be waited for, as it would warn. */
async function execute(model: GraphModel, feeds: tf.NamedTensorMap): Promise<tf.Tensor> {
  try {
    return model.execute({ ...feeds }, ['y']) as tf.Tensor;
  } catch {
    return (await model.executeAsync({ ...feeds }, ['y'])) as tf.Tensor;
  }
}

/** What the library itself answers. */
async function ask({ artifacts, datatype }: Model, inputs: readonly TensorInput[]) {
  const handler = { load: () => Promise.resolve(artifacts) };
  const isGraph = artifacts.format === 'graph-model';
  const model = isGraph ? await loadGraphModel(handler) : await layers.loadLayersModel(handler);
  const answers: { shape: number[]; data: unknown[] }[] = [];
  for (const { data, shape } of inputs) {
    const x = tf.tensor(data as number[], [...shape], DTYPES[datatype as 'FP32']);
    const y =
      'executeAsync' in model ? await execute(model, { x }) : (model.predict(x) as tf.Tensor);
    const read: unknown[] = Array.from(y.dataSync() as ArrayLike<unknown>);
    answers.push({
      shape: y.shape,
      data: y.dtype === 'bool' ? read.map(Boolean) : read,
    });
  }
  model.dispose();
  return answers;
}

describe('models of TensorFlow.js of all kinds answer as the library does', () => {
  let root: string;
  let server: RunningApp;
  let models: Map<string, Model>;

  beforeAll(async () => {
    await loadTfjsBackend('wasm');
    models = await makeModels();
    root = await mkdtemp(path.join(os.tmpdir(), 'tfjs-graphs-'));
    for (const [name, { artifacts }] of models) {
      await writeArtifacts(path.join(root, 'models', name, '1'), artifacts);
    }
    server = await runApp({
      modelsDir: path.join(root, 'models'),
      stateDir: path.join(root, 'state'),
      tfjsBackend: 'wasm',
      watchModels: false,
    });
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  const served = async (model: string, input: TensorInput) => {
    // A layers model names its input itself.
    const name = server.app.catalog.get(model)?.versions[0]?.signature?.inputs[0]?.name ?? 'x';
    const { status, text } = await server.post('/predict', {
      model,
      input: { tensors: [{ ...input, name }] },
      outputs: true,
      options: { cache: 'bypass' },
    });
    expect([model, status, text.slice(0, 300)]).toEqual([model, 200, expect.anything()]);
    const [y] = (JSON.parse(text) as { outputs: { shape: number[]; data: unknown[] }[] }).outputs;
    return { shape: y?.shape, data: y?.data };
  };

  it('loads them all', () => {
    const list = server.app.catalog.list();
    expect(
      list.filter(({ state }) => state !== 'ready').map(({ name, reason }) => [name, reason]),
    ).toEqual([]);
    expect(list).toHaveLength(models.size);
  });

  it('answers each, alone and eight different ones at once', async () => {
    for (const [name, model] of models) {
      const { datatype, shapes } = model;
      const inputs = Array.from({ length: 8 }, (_, seed) =>
        tensorOf(datatype, shapes[seed % shapes.length] ?? [], seed),
      );
      const expected = await ask(model, inputs);
      expectSame(name, await served(name, inputs[0]!), expected[0]!);
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(inputs.map((input) => served(name, input)));
        for (const [i, answer] of answers.entries()) expectSame(name, answer, expected[i]!);
      }
    }
  }, 120_000);

  it('looks texts up in the table that the initializer has filled', async () => {
    const x = { name: 'x', datatype: 'BYTES' as const, shape: [4] };
    const answer = await served('table', { ...x, data: ['text 1', 'b', '', 'text 0'] });
    expect(answer).toEqual({ shape: [4], data: [11, 14, -1, 10] });
  });

  it('joins what may be joined, and nothing else', () => {
    const wrong = server.app.catalog.list().filter(({ name, batching }) => {
      const joins = models.get(name)?.joins;
      return joins !== undefined && batching?.enabled !== joins;
    });
    expect(wrong.map(({ name, batching }) => [name, batching?.reason])).toEqual([]);
  });

  it('keeps no tensor from run to run', async () => {
    const figures = async () => {
      const stats = server.app.catalog.versions().map(async ({ model, pool }) => {
        const [worker] = pool && 'stats' in pool ? await pool.stats() : [];
        return [model, worker?.tensors] as const;
      });
      return Promise.all(stats);
    };
    const ask = () =>
      Promise.all(
        [...models].map(([name, { datatype, shapes }]) =>
          served(name, tensorOf(datatype, shapes[0] ?? [], 1)),
        ),
      );
    await ask();
    const before = await figures();
    await ask();
    expect(await figures()).toEqual(before);
  });
});

function expectSame(
  name: string,
  actual: { readonly shape?: unknown; readonly data?: readonly unknown[] | undefined },
  expected: { readonly shape: readonly number[]; readonly data: readonly unknown[] },
): void {
  expect([name, actual.shape, actual.data?.length]).toEqual([
    name,
    expected.shape,
    expected.data.length,
  ]);
  for (const [i, value] of expected.data.entries()) {
    const got = actual.data?.[i];
    if (typeof value !== 'number') expect([name, got]).toEqual([name, value]);
    else expect(Math.abs(Number(got) - value)).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-5);
  }
}
