import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../../src/runtimes/engine.ts';
import { onnxEngine } from '../../../src/runtimes/engines/onnx.ts';
import { allocate, DATATYPES, type Tensor, type TensorMap } from '../../../src/tensor/tensor.ts';
import {
  FIXTURES,
  largestDifference,
  readExpected,
  SHIPPED,
  type ExpectedTensor,
} from '../../codecs/serve-model.ts';

const fileOf = (model: string, root = FIXTURES) => path.join(root, model, '1/model.onnx');

const load = (file: string, options: Record<string, unknown> = {}): Promise<LoadedModel> =>
  onnxEngine.load({ engine: 'onnx', path: file, options });

function toTensor({ datatype, shape, data }: ExpectedTensor): Tensor {
  const own = allocate(datatype, data.length);
  const isBig = datatype === 'INT64' || datatype === 'UINT64';
  for (const [i, value] of data.entries()) {
    if (Array.isArray(own)) own[i] = value as string;
    else (own as unknown as unknown[])[i] = isBig ? BigInt(value as string) : Number(value);
  }
  return { datatype, shape, data: own };
}

const toTensors = (tensors: Readonly<Record<string, ExpectedTensor>>): TensorMap =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toTensor(tensor)]));

describe('answers equal those of the training framework', () => {
  it.each([
    ['onnx-two-heads', FIXTURES],
    ['onnx-regression', FIXTURES],
    ['onnx-embedding', FIXTURES],
    ['onnx-token-embedding', FIXTURES],
    ['onnx-multilabel', FIXTURES],
    ['onnx-sklearn', FIXTURES],
    ['onnx-fixed-batch', FIXTURES],
    ['hf-text-classification', FIXTURES],
    ['hf-embeddings', FIXTURES],
    ['digits', SHIPPED],
    ['penguins', SHIPPED],
  ])('%s', async (name, root) => {
    const model = await load(fileOf(name, root));
    const { cases, tolerance } = await readExpected(name);
    expect(tolerance).toBeLessThanOrEqual(1e-5);
    for (const { inputs, outputs } of cases) {
      const actual = await model.run(toTensors(inputs), Object.keys(outputs));
      for (const [output, expected] of Object.entries(outputs)) {
        expect(actual[output]).toMatchObject({
          datatype: expected.datatype,
          shape: expected.shape,
        });
        const numbers = actual[output]!.data as Float32Array;
        // Prices run into the hundred thousands: single precision has a relative error.
        const scale = Math.max(1, ...numbers.map(Math.abs)) / 100;
        const difference = largestDifference(numbers, expected.data as number[]);
        expect(difference).toBeLessThan(tolerance * Math.max(1, scale));
      }
    }
    await model.dispose();
  });
});

describe('types', () => {
  it('carries every type that the library can, unchanged', async () => {
    const model = await load(fileOf('onnx-types'));
    const { cases } = await readExpected('onnx-types');
    const types = model.signature.inputs.map(({ datatype }) => datatype);
    expect(new Set(types)).toEqual(new Set(DATATYPES.filter((type) => type !== 'BF16')));
    for (const { inputs } of cases) {
      const given = toTensors(inputs);
      const outputs = model.signature.outputs.map(({ name }) => name);
      const actual = await model.run(given, outputs);
      for (const [name, tensor] of Object.entries(toTensors(inputs))) {
        expect(actual[`${name}_out`]).toEqual(tensor);
      }
    }
  });

  it('reads dynamic axes as such', async () => {
    const { signature } = await load(fileOf('onnx-token-embedding'));
    expect(signature.inputs[0]).toEqual({
      name: 'input_ids',
      datatype: 'INT64',
      shape: [null, null],
    });
    expect(signature.outputs[0]?.shape).toEqual([null, null, 8]);
  });

  it('says what to do about types that it cannot carry', async () => {
    await expect(load(fileOf('onnx-bfloat16'))).rejects.toThrow(
      'model.onnx has an input or output of type bfloat16, which ONNX Runtime for Node cannot carry; export it as float32 or float16',
    );
    await expect(load(fileOf('onnx-sequence-map'))).rejects.toThrow(
      'output "output_probability" is not a tensor but a sequence or map; scikit-learn exports need options={\'zipmap\': False}',
    );
  });
});

describe('options', () => {
  const file = fileOf('onnx-two-heads');

  it('takes all that are documented', async () => {
    const model = await load(file, {
      intraOpThreads: 2,
      interOpThreads: 2,
      executionMode: 'parallel',
      graphOptimization: 'extended',
      executionProviders: ['cpu'],
      memoryArena: false,
      memoryPattern: false,
      dimensions: { batch: 2 },
      sessionConfig: { 'session.disable_prepacking': '1' },
    });
    expect(model.backend).toBe('cpu');
  });

  it.each([
    [{ intraOpThreads: 0 }, 'model.yaml, options.intraOpThreads: Too small'],
    [{ threads: 2 }, 'model.yaml, options: unknown key threads; allowed: intraOpThreads,'],
    [{ graphOptimization: 'most' }, 'model.yaml, options.graphOptimization: expected one of'],
    [
      { executionProviders: ['coral'] },
      'model.yaml, options.executionProviders: "coral" is not available here; this build has cpu',
    ],
  ])('%j: %s', async (options, message) => {
    await expect(load(file, options)).rejects.toThrow(message);
  });

  // The build for Linux knows CUDA but brings none of its libraries; other builds do not know it.
  it('says that CUDA is missing', async () => {
    const error: unknown = await load(file, { executionProviders: ['cuda'] }).catch(
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Error)) return; // a machine that has it
    expect(error.message).toMatch(
      /^model\.yaml, options\.executionProviders: "cuda" (?:cannot be started|is not available)/,
    );
  });
});

describe('only what was asked for', () => {
  it('fetches the wanted outputs alone', async () => {
    const model = await load(fileOf('onnx-two-heads'));
    const x = { datatype: 'FP32', shape: [1, 4], data: new Float32Array(4) } as const;
    expect(Object.keys(await model.run({ x }, ['b']))).toEqual(['b']);
    expect(Object.keys(await model.run({ x }, ['b', 'a']))).toEqual(['b', 'a']);
  });
});

describe('bad files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const broken = async (content: Uint8Array | string): Promise<string> => {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, content);
    const error: unknown = await load(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).not.toContain(folder);
    expect(message).not.toMatch(/\/\w+\//);
    return message;
  };

  it('says that a file is empty', async () => {
    expect(await broken('')).toBe('model.onnx is empty');
  });

  it('says that a file is cut short, wherever', async () => {
    const whole = await readFile(fileOf('hf-embeddings'));
    for (const part of [0.1, 0.5, 0.99]) {
      expect(await broken(whole.subarray(0, whole.length * part))).toMatch(/^model\.onnx /);
    }
  });

  it('says that a file is something else', async () => {
    expect(await broken('not a model')).toBe(
      'model.onnx is not a valid ONNX file: it is damaged or cut short',
    );
    expect(await broken('\0')).toMatch(/^model\.onnx /);
  });

  it('names an operator that it does not know, without a path', async () => {
    const file = fileOf('onnx-unsupported-op');
    const error = await load(file).catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).toBe(
      'model.onnx cannot be loaded: Fatal error: com.example.custom:Frobnicate(-1) is not a registered function/op',
    );
  });
});
