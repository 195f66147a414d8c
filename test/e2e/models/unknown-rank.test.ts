import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InferResponseMessage } from '../../../src/inference-protocol/messages.ts';
import { elementCount } from '../../../src/tensor/tensor.ts';
import {
  constant,
  FLOAT,
  graph,
  INT64,
  modelFile,
  node,
  valueInfo,
} from '../../support/faults/onnx-writer.ts';
import { binaryBody, divided, GrpcClient } from '../../support/oip.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

/**
 * Models whose input declares no shape take tensors of any rank, and native code does not survive
 * each of them: whatever is sent, over whatever API, costs that model's worker at most.
 */

const axis = (value: number) => [{ name: 'axis', value }];
const kernel = [{ name: 'kernel_shape', value: [2, 2] }];

/** Operators that expect an axis, two of them, or an image. */
const OPERATORS: Readonly<Record<string, readonly Buffer[]>> = {
  relu: [node('Relu', ['x'], ['y'])],
  softmax: [node('Softmax', ['x'], ['y'], axis(0))],
  norm: [node('LpNormalization', ['x'], ['y'], axis(0))],
  sum: [node('CumSum', ['x', 'at'], ['y']), constant('at', INT64, [], [0])],
  top: [node('TopK', ['x', 'k'], ['y', 'places'], axis(0)), constant('k', INT64, [1], [1])],
  first: [node('Gather', ['x', 'at'], ['y'], axis(0)), constant('at', INT64, [], [0])],
  product: [node('MatMul', ['x', 'x'], ['y'])],
  pool: [node('MaxPool', ['x'], ['y'], kernel)],
  average: [node('GlobalAveragePool', ['x'], ['y'])],
  turned: [node('Transpose', ['x'], ['y'])],
  flat: [node('Flatten', ['x'], ['y'], axis(1))],
  unique: [node('Unique', ['x'], ['y'], axis(0))],
  squeezed: [node('Squeeze', ['x', 'at'], ['y']), constant('at', INT64, [1], [0])],
};

const fileOf = (parts: readonly Buffer[], shape: readonly string[] | null) =>
  modelFile(
    graph(
      'g',
      ...parts,
      valueInfo('input', 'x', FLOAT, shape),
      valueInfo('output', 'y', FLOAT, shape),
    ),
  );

/** What a transport made of a request: the numbers of `y`, or the code of the error. */
type Outcome = readonly number[] | string;

let root: string;
let server: RunningApp;
let grpc: GrpcClient;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ranks-'));
  const write = async (name: string, file: Buffer) => {
    const folder = path.join(root, 'models', name, '1');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'model.onnx'), file);
  };
  for (const [name, parts] of Object.entries(OPERATORS)) await write(name, fileOf(parts, null));
  await write('neighbour', fileOf([node('Add', ['x', 'x'], ['y'])], ['n']));
  server = await runApp({
    modelsDir: path.join(root, 'models'),
    stateDir: path.join(root, 'state'),
    watchModels: false,
    grpcPort: 0,
  });
  grpc = new GrpcClient(server.grpcPort!);
}, 300_000);

afterAll(async () => {
  grpc.close();
  await server.stop();
  await rm(root, { recursive: true });
});

const valuesOf = (shape: readonly number[]) =>
  Array.from({ length: elementCount(shape) }, (_, i) => (i % 7) - 3);
const bytesOf = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const floats = (bytes: Uint8Array) => Array.from(new Float32Array(Uint8Array.from(bytes).buffer));

const PREDICT = `mutation ($model: String!, $input: ModelInput!) {
  predict(model: $model, input: $input, options: { cache: BYPASS }) { outputs { data } }
}`;

/** Sends `x` of a shape to a model. */
const TRANSPORTS: Readonly<Record<string, (model: string, shape: number[]) => Promise<Outcome>>> = {
  async GraphQL(model, shape) {
    const tensors = [{ name: 'x', datatype: 'FP32', shape, data: valuesOf(shape) }];
    const { data, errors } = await server.graphql<{
      predict: { outputs: { data: number[] }[] };
    } | null>(PREDICT, { model, input: { tensors } });
    return data?.predict.outputs[0]?.data ?? String(errors?.[0]?.extensions.code);
  },
  async REST(model, shape) {
    const tensors = [{ name: 'x', datatype: 'FP32', shape, data: valuesOf(shape) }];
    const { body } = await server.post('/predict', {
      model,
      input: { tensors },
      outputs: true,
      options: { cache: 'bypass' },
    });
    const { outputs } = body as unknown as { outputs?: { data: number[] }[] };
    return outputs?.[0]?.data ?? body.error.code;
  },
  async 'the inference protocol in JSON'(model, shape) {
    const inputs = [{ name: 'x', datatype: 'FP32', shape, data: valuesOf(shape) }];
    const answer = await server.post(`/v2/models/${model}/infer`, { inputs });
    const { outputs } = answer.body as unknown as { outputs?: { data: number[] }[] };
    return outputs?.[0]?.data ?? `HTTP ${answer.status}`;
  },
  async 'the inference protocol in binary'(model, shape) {
    const bytes = bytesOf(valuesOf(shape));
    const { body, headers } = binaryBody([{ name: 'x', datatype: 'FP32', shape, bytes }], {
      outputs: [{ name: 'y', parameters: { binary_data: true } }],
    });
    const response = await fetch(`${server.url}/v2/models/${model}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...headers },
      body,
    });
    if (!response.ok) return `HTTP ${response.status}`;
    return floats((await divided(response)).binary);
  },
  async gRPC(model, shape) {
    try {
      const answer = await grpc.call<InferResponseMessage>('ModelInfer', {
        model_name: model,
        inputs: [{ name: 'x', datatype: 'FP32', shape }],
        raw_input_contents: [bytesOf(valuesOf(shape))],
      });
      return floats(answer.raw_output_contents[0]!);
    } catch (thrown) {
      return `gRPC ${status[(thrown as { code: number }).code]}`;
    }
  },
};

/** What may come back of a rank that the model does not take, or that has just cost its worker. */
const REFUSALS = [
  'INFERENCE_FAILED',
  'MODEL_NOT_READY',
  'HTTP 500',
  'HTTP 503',
  'gRPC INTERNAL',
  'gRPC UNAVAILABLE',
];

describe('tensors of ranks 0 to 5 for models of undeclared shape', () => {
  it('has loaded them into processes of their own', () => {
    const states = server.app.catalog.list().map(({ name, state }) => [name, state]);
    expect(states.filter(([, state]) => state !== 'ready')).toEqual([]);
    const kinds = server.app.catalog.versions().map(({ model, pool }) => {
      const workers = pool && 'workers' in pool ? pool.workers : [];
      return [model, ...workers.map(({ kind }) => kind)];
    });
    for (const [model, kind] of kinds) {
      expect([model, kind]).toEqual([model, model === 'neighbour' ? 'thread' : 'process']);
    }
  });

  it.each(Object.keys(TRANSPORTS))(
    'are answered or refused over %s, and the neighbour serves on',
    async (transport) => {
      const send = TRANSPORTS[transport]!;
      for (let rank = 0; rank <= 5; rank++) {
        const shape = Array<number>(rank).fill(2);
        for (const name of Object.keys(OPERATORS)) {
          const outcome = await send(name, shape);
          if (name === 'relu') expect(outcome).toEqual(valuesOf(shape).map((x) => Math.max(0, x)));
          else if (typeof outcome === 'string') expect(REFUSALS).toContain(outcome);
          expect(await send('neighbour', [3])).toEqual([-6, -4, -2]);
        }
      }
    },
    120_000,
  );

  it('are answered again by each model once its worker is back', async () => {
    const send = TRANSPORTS.REST!;
    const good = { product: 2, pool: 4, average: 4, squeezed: 0 } as Record<string, number>;
    for (const name of Object.keys(OPERATORS)) {
      if (name === 'squeezed') continue;
      const shape = Array<number>(good[name] ?? 2).fill(2);
      expect([name, await send(name, shape)]).toEqual([name, expect.any(Array)]);
    }
  });
});
