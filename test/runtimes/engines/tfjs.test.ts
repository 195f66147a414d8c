import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as layers from '@tensorflow/tfjs-layers';
import type { io } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../../src/runtimes/engine.ts';
import { loadTfjsBackend } from '../../../src/runtimes/engines/tfjs-backend.ts';
import { tfjsEngine } from '../../../src/runtimes/engines/tfjs.ts';
import type { Tensor } from '../../../src/tensor/tensor.ts';
import { SHIPPED } from '../../codecs/serve-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tfjs-'));
  await loadTfjsBackend('wasm');
});
afterAll(() => rm(folder, { recursive: true }));

const load = (file: string, options: Record<string, unknown> = { backend: 'wasm' }) =>
  tfjsEngine.load({ engine: 'tfjs', path: file, options });

const rows = (...numbers: number[][]): Tensor => ({
  datatype: 'FP32',
  shape: [numbers.length, numbers[0]!.length],
  data: Float32Array.from(numbers.flat()),
});

/** Writes a layers model of two heads, `sum` and `double`, as Keras' converter does. */
async function writeLayersModel(): Promise<string> {
  const input = layers.input({ shape: [2], name: 'x' });
  const sum = layers.layers.dense({ units: 1, name: 'sum', kernelInitializer: 'ones' });
  const double = layers.layers.activation({ activation: 'relu', name: 'double' });
  const model = layers.model({
    inputs: input,
    outputs: [sum.apply(input), double.apply(input)] as layers.SymbolicTensor[],
  });
  let file = '';
  await model.save({
    save: async (artifacts: io.ModelArtifacts) => {
      file = await writeModel('layers', artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  model.dispose();
  return file;
}

async function writeModel(name: string, artifacts: io.ModelArtifacts): Promise<string> {
  const directory = path.join(folder, name);
  await mkdir(directory, { recursive: true });
  await writeFile(
    path.join(directory, 'weights.bin'),
    new Uint8Array(artifacts.weightData as ArrayBuffer),
  );
  const weightsManifest = [{ paths: ['weights.bin'], weights: artifacts.weightSpecs ?? [] }];
  const { modelTopology, format } = artifacts;
  const file = path.join(directory, 'model.json');
  await writeFile(file, JSON.stringify({ format, modelTopology, weightsManifest }));
  return file;
}

/** `y = x + 1`, as a graph whose outputs know no shape. */
const addOne = (op = 'AddV2') => ({
  format: 'graph-model',
  modelTopology: {
    node: [
      {
        name: 'x',
        op: 'Placeholder',
        attr: {
          dtype: { type: 'DT_FLOAT' },
          shape: { shape: { dim: [{ size: '-1' }, { size: '2' }] } },
        },
      },
      { name: 'one', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'y', op, input: ['x', 'one'], attr: { T: { type: 'DT_FLOAT' } } },
    ],
    versions: { producer: 1 },
  },
  weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'one', shape: [], dtype: 'float32' }] }],
});

async function writeGraph(name: string, content: object | string, weights?: Uint8Array) {
  const directory = path.join(folder, name);
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, 'model.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const bytes = weights ?? new Uint8Array(Float32Array.of(1).buffer);
  await writeFile(path.join(directory, 'w.bin'), bytes);
  return file;
}

describe('a layers model', () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await load(await writeLayersModel());
  });
  afterAll(() => model.dispose());

  it('tells its signature', () => {
    expect(model.backend).toBe('wasm');
    expect(model.signature.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [null, 2] }]);
    expect(model.signature.outputs.map(({ shape }) => shape)).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });

  it('computes the wanted outputs, in the wanted order', async () => {
    const [sum, double] = model.signature.outputs.map(({ name }) => name);
    const outputs = await model.run({ x: rows([1, 2], [-3, 5]) }, [double!, sum!]);
    expect(Object.keys(outputs)).toEqual([double, sum]);
    expect([...outputs[sum!]!.data]).toEqual([3, 2]);
    expect([...outputs[double!]!.data]).toEqual([1, 2, 0, 5]);
  });

  it('runs a batch of over 32 rows in one piece', async () => {
    const [sum] = model.signature.outputs.map(({ name }) => name);
    const many = Array.from({ length: 100 }, (_, i) => [i, 1]);
    const outputs = await model.run({ x: rows(...many) }, [sum!]);
    expect([...outputs[sum!]!.data]).toEqual(many.map(([i]) => i! + 1));
  });

  it('keeps no tensor of 1,000 runs, failed ones included', async () => {
    const [sum] = model.signature.outputs.map(({ name }) => name);
    await model.run({ x: rows([1, 2]) }, [sum!]);
    const before = model.stats();
    for (let i = 0; i < 1_000; i++) await model.run({ x: rows([i, 2]) }, [sum!]);
    await expect(model.run({ x: rows([1, 2, 3]) }, [sum!])).rejects.toThrow();
    await expect(model.run({}, [sum!])).rejects.toThrow('input "x" is missing');
    expect(model.stats()).toEqual(before);
  });
});

describe('a graph model', () => {
  it('keeps no tensor of 1,000 runs', async () => {
    const model = await load(await writeGraph('plain', addOne()));
    await model.run({ x: rows([1, 2]) }, ['y']);
    const before = model.stats();
    for (let i = 0; i < 1_000; i++) {
      const { y } = await model.run({ x: rows([i, 2]) }, ['y']);
      expect(y?.data[0]).toBe(i + 1);
    }
    expect(model.stats()).toEqual(before);
    await model.dispose();
  });

  it('leaves the shape of an output open that no file tells', async () => {
    const model = await load(await writeGraph('unknown', addOne()));
    expect(model.signature).toEqual({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [null, 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [], unranked: true }],
    });
    expect((await model.run({ x: rows([1, 2]) }, ['y'])).y?.shape).toEqual([1, 2]);
  });

  it('takes the shape from the signature of the file', async () => {
    const { signature } = await load(path.join(SHIPPED, 'banking77/1/model.json'));
    expect(signature.outputs).toEqual([{ name: 'logits', datatype: 'FP32', shape: [null, 77] }]);
  });

  it('refuses types that it does not have', async () => {
    const model = await load(await writeGraph('types', addOne()));
    const x: Tensor = { datatype: 'FP64', shape: [1, 2], data: new Float64Array(2) };
    await expect(model.run({ x }, ['y'])).rejects.toThrow('tensors of type FP64 are not supported');
  });
});

describe('bad files', () => {
  const messageOf = async (file: string) => {
    const error: unknown = await load(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).not.toContain(folder);
    return message;
  };

  it.each([
    ['empty', '', 'model.json is not valid JSON'],
    ['not-json', '{"modelTopology": {', 'model.json is not valid JSON'],
    ['other-json', '{"a": 1}', 'model.json is not a TensorFlow.js model'],
    ['null', 'null', 'model.json is not a TensorFlow.js model'],
    ['no-weights', { ...addOne(), weightsManifest: 'none' }, 'model.json is not a TensorFlow.js'],
    ['unknown-op', addOne('Frobnicate'), 'Frobnicate'],
  ])('%s', async (name, content, message) => {
    const file = await writeGraph(`bad-${name}`, content);
    if (name !== 'unknown-op') {
      expect(await messageOf(file)).toContain(message);
      return;
    }
    // TensorFlow.js looks an operator up when it is run, not when it is loaded.
    const model = await load(file);
    await expect(model.run({ x: rows([1, 2]) }, ['y'])).rejects.toThrow(message);
  });

  it('says that weights are missing, empty or lead elsewhere', async () => {
    expect(await messageOf(await writeGraph('short', addOne(), new Uint8Array(0)))).toBe(
      'the weights hold 0 bytes of 4: a shard is cut short',
    );
    const missing = await writeGraph('missing', addOne());
    await rm(path.join(path.dirname(missing), 'w.bin'));
    expect(await messageOf(missing)).toBe('weight shard w.bin cannot be read');
    const elsewhere = addOne();
    elsewhere.weightsManifest[0]!.paths = ['../secret.bin'];
    expect(await messageOf(await writeGraph('elsewhere', elsewhere))).toBe(
      'weight shard ../secret.bin is not beside model.json',
    );
  });

  it('checks its options', async () => {
    const file = await writeGraph('options', addOne());
    await expect(load(file, { backend: 'gpu' })).rejects.toThrow(
      'model.yaml, options.backend: expected one of "auto"|"native"|"wasm"',
    );
    await expect(load(file, { threads: 4 })).rejects.toThrow(
      'unknown key threads; allowed: backend',
    );
  });

  it('says that a SavedModel needs native TensorFlow', async () => {
    const directory = path.join(folder, 'saved');
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'saved_model.pb'), await readFile(import.meta.filename));
    expect(await messageOf(directory)).toContain('a SavedModel needs native TensorFlow');
  });
});
