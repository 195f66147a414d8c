import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, credentials, status } from '@grpc/grpc-js';
import { createApp, type App } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import type { InferResponseMessage } from '../../../src/inference-protocol/messages.ts';
import { makeModelsFolder, type ModelsFolder } from '../../support/models-folder.ts';
import { NO_DRAIN } from '../../support/no-drain.ts';
import { bytesTensor, GrpcClient } from '../../support/oip.ts';

let folder: ModelsFolder;
let app: App;
let client: GrpcClient;
let grpcPort: number;

beforeAll(async () => {
  folder = await makeModelsFolder();
  await folder.add('digits');
  await folder.add('banking77', { versions: ['2'] });
  app = createApp(
    loadConfig(
      { HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'silent', ...NO_DRAIN },
      { modelsDir: folder.root, watchModels: false },
    ),
  );
  grpcPort = (await app.start()).grpcPort!;
  client = new GrpcClient(grpcPort);
});

afterAll(async () => {
  client.close();
  await app.stop();
  await folder.remove();
});

const pixels = Float32Array.from({ length: 128 }, (_, i) => (i % 9) / 9);
const image = { name: 'image', datatype: 'FP32', shape: [2, 1, 8, 8] };
const raw = {
  model_name: 'digits',
  inputs: [image],
  raw_input_contents: [Buffer.from(pixels.buffer)],
};
const typed = {
  model_name: 'digits',
  inputs: [{ ...image, contents: { fp32_contents: [...pixels] } }],
};

describe('gRPC', () => {
  it('answers the methods of server and models', async () => {
    expect(await client.call('ServerLive', {})).toMatchObject({ live: true });
    expect(await client.call('ServerReady', {})).toMatchObject({ ready: true });
    expect(await client.call('ServerMetadata', {})).toMatchObject({ name: 'ml-inference-api' });
    expect(await client.call('ModelReady', { name: 'digits' })).toMatchObject({ ready: true });
    expect(await client.call('ModelMetadata', { name: 'digits' })).toMatchObject({
      name: 'digits',
      outputs: [{ name: 'logits', datatype: 'FP32' }],
    });
    expect(await client.call('ModelConfig', { name: 'digits' })).toMatchObject({
      config: { max_batch_size: 64, input: [{ name: 'image', data_type: 11 }, { optional: true }] },
    });
    expect(await client.call('ModelStatistics', { name: 'digits' })).toMatchObject({
      model_stats: [{ name: 'digits' }],
    });
    expect(await client.call('RepositoryIndex', {})).toMatchObject({
      models: [{ name: 'banking77', state: 'READY' }, { name: 'digits' }],
    });
  });

  it('gives the same answer to raw and typed contents, and echoes the id', async () => {
    const one = await client.call<InferResponseMessage>('ModelInfer', { ...raw, id: 'x' });
    const two = await client.call<InferResponseMessage>('ModelInfer', typed);
    expect(one.id).toBe('x');
    expect(one.raw_output_contents[0]).toHaveLength(80);
    expect(two.raw_output_contents).toEqual(one.raw_output_contents);
  });

  it('reads texts', async () => {
    const answer = await client.call<InferResponseMessage>('ModelInfer', {
      model_name: 'banking77',
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [1] }],
      raw_input_contents: [bytesTensor(['I lost my phone'])],
      outputs: [{ name: 'label' }],
    });
    expect(Buffer.from(answer.raw_output_contents[0]!).toString('utf8', 4)).toBe(
      'lost_or_stolen_phone',
    );
  });

  it.each([
    ['an unknown model', { ...raw, model_name: 'none' }, status.NOT_FOUND],
    [
      'raw and typed contents together',
      { ...typed, raw_input_contents: raw.raw_input_contents },
      status.INVALID_ARGUMENT,
    ],
    [
      'truncated raw contents',
      { ...raw, raw_input_contents: [Buffer.alloc(7)] },
      status.INVALID_ARGUMENT,
    ],
    [
      'contents of another type',
      { model_name: 'digits', inputs: [{ ...image, contents: { int_contents: [1] } }] },
      status.INVALID_ARGUMENT,
    ],
    ['no inputs', { model_name: 'digits', inputs: [] }, status.INVALID_ARGUMENT],
    ['an unknown output', { ...raw, outputs: [{ name: 'x' }] }, status.INVALID_ARGUMENT],
  ])('refuses %s', async (_name, message, code) => {
    await expect(client.call('ModelInfer', message)).rejects.toMatchObject({ code });
  });

  it('refuses what is no message, and methods that it does not have', async () => {
    const plain = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
    const send = (path: string) =>
      new Promise((resolve) => {
        plain.makeUnaryRequest(
          path,
          (it: Buffer) => it,
          (it) => it,
          Buffer.from('ffffff', 'hex'),
          (error) => resolve(error?.code),
        );
      });
    expect(await send('/inference.GRPCInferenceService/ModelInfer')).toBe(status.INVALID_ARGUMENT);
    expect(await send('/inference.GRPCInferenceService/modelinfer')).toBe(status.UNIMPLEMENTED);
    expect(await send('/x.GRPCInferenceService/ModelInfer')).toBe(status.UNIMPLEMENTED);
    plain.close();
  });

  it('keeps a stream open after a request that fails', async () => {
    const final = { triton_enable_empty_final_response: { bool_param: true } };
    const answers = await client.stream([
      { ...raw, id: '1', parameters: final },
      { ...raw, id: '2', model_name: 'none' },
      { ...raw, id: '3' },
    ]);
    const byId = new Map(
      (answers as { error_message: string; infer_response: InferResponseMessage }[]).map((it) => [
        it.infer_response.id,
        it,
      ]),
    );
    expect(byId.get('1')?.infer_response.parameters).toMatchObject({
      triton_final_response: { bool_param: true },
    });
    expect(byId.get('2')?.error_message).toContain('none');
    expect(byId.get('3')?.infer_response.raw_output_contents[0]).toHaveLength(80);
  });

  it('takes messages of more than 4 MB', async () => {
    const rows = 20_000;
    const answer = await client.call<InferResponseMessage>('ModelInfer', {
      ...raw,
      inputs: [{ ...image, shape: [rows, 1, 8, 8] }],
      raw_input_contents: [Buffer.alloc(rows * 256)],
    });
    expect(answer.raw_output_contents[0]).toHaveLength(rows * 40);
  });
});
