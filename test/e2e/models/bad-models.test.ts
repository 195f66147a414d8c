import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadTfjsBackend } from '../../../src/runtimes/engines/tfjs-backend.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  constant,
  externalConstant,
  FLOAT,
  graph,
  modelFile,
  node,
  valueInfo,
} from '../../support/faults/onnx-writer.ts';
import {
  constantNode,
  graphArtifacts,
  operator,
  placeholder,
} from '../../support/models/tfjs-writer.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

/** Files that are no model, or not the one that they were: each is told apart from the others. */

type Files = Readonly<Record<string, Buffer | Uint8Array | string>>;

const x = valueInfo('input', 'x', FLOAT, ['n', 2]);
const y = valueInfo('output', 'y', FLOAT, ['n', 2]);
const add = node('Add', ['x', 'w'], ['y']);
const good = modelFile(graph('g', add, constant('w', FLOAT, [2], [1, 2]), x, y));
const outside = (location: string) =>
  modelFile(graph('g', add, externalConstant('w', FLOAT, [2], location), x, y));

/** Messages within messages, so deep that a reader which follows them all runs out of stack. */
function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) {
    const length: number[] = [];
    for (let rest = inner.length; ; rest >>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    inner = Buffer.concat([Buffer.of((7 << 3) | 2, ...length), inner]);
  }
  return inner;
}

async function tfjsFiles(change: (json: Record<string, unknown>, weights: Buffer) => Files) {
  const { weightSpecs, weightData, ...rest } = await graphArtifacts({
    nodes: [
      placeholder('x', 'DT_FLOAT', [-1, 2]),
      constantNode('w', 'DT_FLOAT'),
      operator('AddV2', ['x', 'w'], 'y'),
    ],
    outputs: ['y'],
    weights: { w: tf.tensor1d([1, 2]) },
  });
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  return change({ ...rest, weightsManifest }, Buffer.from(weightData as ArrayBuffer));
}

/** Each with what its reason must say. */
const CASES: Readonly<Record<string, readonly [Files | (() => Promise<Files>), RegExp]>> = {
  'onnx-empty': [{ 'model.onnx': '' }, /model\.onnx is empty/],
  'onnx-cut': [{ 'model.onnx': good.subarray(0, good.length - 20) }, /damaged or cut short/],
  'onnx-image': [
    async () => ({ 'model.onnx': await readFile('models/digits/examples/zero.png') }),
    /not a valid ONNX file/,
  ],
  'onnx-text': [
    { 'model.onnx': 'version https://git-lfs.github.com/spec/v1\n' },
    /not a valid ONNX file|Git LFS/,
  ],
  'onnx-json': [{ 'model.onnx': '{"modelTopology": {}}' }, /not a valid ONNX file/],
  'onnx-tflite': [
    {
      'model.onnx': Buffer.concat([Buffer.of(28, 0, 0, 0), Buffer.from('TFL3'), Buffer.alloc(200)]),
    },
    /not a valid ONNX file/,
  ],
  'onnx-new-opset': [
    {
      'model.onnx': modelFile(graph('g', add, constant('w', FLOAT, [2], [1, 2]), x, y), {
        opset: 99,
      }),
    },
    /opset 99.*older|opset/i,
  ],
  'onnx-new-ir': [
    {
      'model.onnx': modelFile(graph('g', add, constant('w', FLOAT, [2], [1, 2]), x, y), { ir: 99 }),
    },
    /IR version/i,
  ],
  'onnx-missing-data': [{ 'model.onnx': outside('weights.data') }, /weights\.data/],
  'onnx-data-above': [{ 'model.onnx': outside('../../../secret.data') }, /beside|outside|escape/i],
  'onnx-data-absolute': [{ 'model.onnx': outside('/etc/passwd') }, /beside|outside|absolute/i],
  'onnx-huge-weight': [
    {
      'model.onnx': modelFile(graph('g', add, constant('w', FLOAT, [2 ** 40, 2 ** 20], []), x, y)),
    },
    /./,
  ],
  'onnx-nested': [
    { 'model.onnx': nested(20_000) },
    /^model\.onnx (?:cannot be loaded|is not a valid ONNX file)/,
  ],
  'tfjs-cut': [
    () =>
      tfjsFiles((json, weights) => ({
        'model.json': JSON.stringify(json).slice(0, 200),
        'weights.bin': weights,
      })),
    /model\.json is not valid JSON/,
  ],
  'tfjs-package': [
    { 'model.json': '{"name": "x", "version": "1.0.0"}' },
    /not a TensorFlow\.js model/,
  ],
  'tfjs-short': [
    () =>
      tfjsFiles((json, weights) => ({
        'model.json': JSON.stringify(json),
        'weights.bin': weights.subarray(0, 5),
      })),
    /the weights hold 5 bytes of 8: a shard is cut short/,
  ],
  'tfjs-long': [
    () =>
      tfjsFiles((json, weights) => ({
        'model.json': JSON.stringify(json),
        'weights.bin': Buffer.concat([weights, weights]),
      })),
    /the weights hold 16 bytes, but model\.json describes 8/,
  ],
  'tfjs-no-weights': [
    () => tfjsFiles((json) => ({ 'model.json': JSON.stringify(json) })),
    /weight shard weights\.bin cannot be read/,
  ],
  'tfjs-huge': [
    () =>
      tfjsFiles((json, weights) => ({
        'model.json': JSON.stringify(json).replace(
          '"shape":[2]',
          '"shape":[2000000000,2000000000]',
        ),
        'weights.bin': weights,
      })),
    /the weights hold 8 bytes of/,
  ],
  'tfjs-layer': [
    {
      'model.json': JSON.stringify({
        format: 'layers-model',
        modelTopology: {
          class_name: 'Sequential',
          config: {
            name: 's',
            layers: [{ class_name: 'MyLayer', config: { batch_input_shape: [null, 2] } }],
          },
        },
        weightsManifest: [],
      }),
    },
    /MyLayer/,
  ],
};

describe('files that are no model', () => {
  let root: string;
  let server: RunningApp;
  let reasons: Map<string, string | null>;

  beforeAll(async () => {
    await loadTfjsBackend('wasm');
    root = await mkdtemp(path.join(os.tmpdir(), 'bad-'));
    await writeFile(path.join(root, 'secret.data'), Buffer.alloc(8));
    const write = async (name: string, files: Files) => {
      const folder = path.join(root, 'models', name, '1');
      await mkdir(folder, { recursive: true });
      for (const [file, content] of Object.entries(files)) {
        await writeFile(path.join(folder, file), content);
      }
    };
    for (const [name, [files]] of Object.entries(CASES)) {
      await write(name, typeof files === 'function' ? await files() : files);
    }
    await write('good', { 'model.onnx': good });
    server = await runApp({
      modelsDir: path.join(root, 'models'),
      stateDir: path.join(root, 'state'),
      tfjsBackend: 'wasm',
      watchModels: false,
    });
    reasons = new Map(
      server.app.catalog
        .list()
        .map(({ name, state, reason }) => [name, state === 'failed' ? reason : state]),
    );
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  it.each(Object.keys(CASES))('%s has failed, with a reason that helps', (name) => {
    const reason = reasons.get(name);
    expect(reason).toMatch(CASES[name]![1]);
    expect(reason).not.toMatch(/(?:^|[\s"'])\/\w/);
    expect(reason).not.toBe('ready');
  });

  it('serves the good one beside them', async () => {
    const { status, body } = await server.post('/predict', {
      model: 'good',
      input: { tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 1] }] },
    });
    expect([status, body.prediction]).toEqual([200, [2, 3]]);
  });
});
