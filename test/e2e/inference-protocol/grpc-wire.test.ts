import { cp } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { Fields, frame, pb, read, WireClient } from '../../support/grpc-wire.ts';
import { makeModelsFolder, type ModelsFolder } from '../../support/models-folder.ts';
import { NO_DRAIN } from '../../support/no-drain.ts';
import { bytesTensor, GrpcClient } from '../../support/oip.ts';

let folder: ModelsFolder;
let app: App;
let port: number;
let client: WireClient;

beforeAll(async () => {
  folder = await makeModelsFolder();
  await folder.add('digits');
  await folder.add('banking77', { versions: ['2'] });
  await cp('test/fixtures/models/onnx-types', path.join(folder.root, 'types'), { recursive: true });
  const config = loadConfig(
    { HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'silent', ...NO_DRAIN },
    { modelsDir: folder.root, watchModels: false, maxBodyBytes: 1_000_000 },
  );
  app = createApp(config);
  port = (await app.start()).grpcPort!;
  client = new WireClient(port);
});

afterAll(async () => {
  client.close();
  await app.stop();
  await folder.remove();
});

const SERVICE = '/inference.GRPCInferenceService/';

/** `name` and `version` of the requests that have them. */
const named = (name: string, version = '') =>
  Buffer.concat([pb.bytes(1, name), pb.bytes(2, version)]);

const answerTo = async (method: string, message?: Buffer) => {
  const { code, messages, trailers } = await client.call(method, message);
  expect([code, trailers['grpc-message']]).toEqual([0, 'OK']);
  expect(messages).toHaveLength(1);
  return new Fields(messages[0]!);
};

const pixels = Buffer.from(Float32Array.from({ length: 64 }, (_, i) => (i % 9) / 9).buffer);

/** An input's head: name, datatype, shape. */
const input = (name: string, datatype: string, shape: readonly number[], ...more: Buffer[]) =>
  pb.bytes(5, pb.bytes(1, name), pb.bytes(2, datatype), pb.packed(3, shape), ...more);

/** What tritonclient sends for an array of pixels. */
const infer = (...more: Buffer[]) =>
  Buffer.concat([
    pb.bytes(1, 'digits'),
    input('image', 'FP32', [1, 1, 8, 8]),
    pb.bytes(7, pixels),
    ...more,
  ]);

describe('every method, by its bytes', () => {
  it('ServerLive and ServerReady', async () => {
    expect((await answerTo('ServerLive')).int(1)).toBe(1);
    expect((await answerTo('ServerReady')).int(1)).toBe(1);
  });

  it('ModelReady, also of what there is not', async () => {
    expect((await answerTo('ModelReady', named('digits'))).int(1)).toBe(1);
    expect((await answerTo('ModelReady', named('digits', '1'))).int(1)).toBe(1);
    expect((await answerTo('ModelReady', named('digits', '9'))).int(1)).toBe(0);
    expect((await answerTo('ModelReady', named('none'))).int(1)).toBe(0);
  });

  it('ServerMetadata', async () => {
    const answer = await answerTo('ServerMetadata');
    expect(answer.text(1)).toBe('ml-inference-api');
    expect(answer.text(2)).toMatch(/^\d+\.\d+\.\d+/);
    expect(answer.texts(3)).toEqual(
      expect.arrayContaining(['binary_tensor_data', 'model_repository', 'statistics']),
    );
  });

  it('ModelMetadata', async () => {
    const answer = await answerTo('ModelMetadata', named('digits'));
    expect([answer.text(1), answer.texts(2), answer.text(3)]).toEqual([
      'digits',
      ['1'],
      'onnx_onnxv1',
    ]);
    const inputs = answer.messages(4).map((it) => [it.text(1), it.text(2)]);
    expect(inputs).toEqual([
      ['image', 'FP32'],
      ['image_bytes', 'BYTES'],
    ]);
    const [output] = answer.messages(5);
    expect([output?.text(1), output?.text(2)]).toEqual(['logits', 'FP32']);
    // -1, then 10, packed.
    expect(output?.bytes(3)[0]?.toString('hex')).toBe('ffffffffffffffffff010a');
  });

  it('ModelConfig', async () => {
    const config = (await answerTo('ModelConfig', named('digits'))).message(1);
    expect([config.text(1), config.int(4), config.text(17)]).toEqual(['digits', 64, 'onnxruntime']);
    const [image, encoded] = config.messages(5);
    expect([image?.text(1), image?.int(2), image?.bytes(4)[0]?.toString('hex')]).toEqual([
      'image',
      11,
      '010808',
    ]);
    expect([encoded?.text(1), encoded?.int(2), encoded?.int(8)]).toEqual(['image_bytes', 13, 1]);
    expect(config.messages(6).map((it) => [it.text(1), it.int(2)])).toEqual([['logits', 11]]);
  });

  it('ModelInfer', async () => {
    const answer = await answerTo('ModelInfer', infer(pb.bytes(3, 'my id')));
    expect([answer.text(1), answer.text(2), answer.text(3)]).toEqual(['digits', '1', 'my id']);
    const [output] = answer.messages(5);
    expect([output?.text(1), output?.text(2)]).toEqual(['logits', 'FP32']);
    expect(output?.bytes(3)[0]?.toString('hex')).toBe('010a');
    expect(answer.bytes(6).map(({ length }) => length)).toEqual([40]);
  });

  it('ModelInfer with all that tritonclient can say', async () => {
    const answer = await answerTo(
      'ModelInfer',
      infer(
        pb.bytes(2, '1'),
        pb.entry(4, 'sequence_id', pb.int(2, 7)),
        pb.entry(4, 'sequence_start', pb.int(1, 1)),
        pb.entry(4, 'sequence_end', pb.int(1, 0)),
        pb.entry(4, 'priority', pb.int(5, 2)),
        pb.entry(4, 'timeout', pb.int(2, 5_000_000)),
        pb.entry(4, 'my_parameter', pb.bytes(3, 'mine')),
        pb.bytes(6, pb.bytes(1, 'logits'), pb.entry(2, 'classification', pb.int(2, 2))),
      ),
    );
    const [output] = answer.messages(5);
    expect([output?.text(2), output?.bytes(3)[0]?.toString('hex')]).toEqual(['BYTES', '0102']);
    expect(answer.bytes(6)[0]?.toString('utf8')).toMatch(
      /^.{4}-?\d+\.\d{6}:\d:\d.{4}-?\d+\.\d{6}:\d:\d$/s,
    );
  });

  it('reads BF16 and FP16 as raw contents only', async () => {
    for (const datatype of ['FP16', 'BF16']) {
      const head = [pb.bytes(1, 'digits'), input('image', datatype, [1, 1, 8, 8])];
      const raw = await client.call(
        'ModelInfer',
        Buffer.concat([...head, pb.bytes(7, Buffer.alloc(128))]),
      );
      expect(raw.code).toBe(status.INVALID_ARGUMENT);
      // They were read: it is the model that takes none.
      expect(raw.trailers['grpc-message']).toContain('FP32');
      const typed = input('image', datatype, [1], pb.bytes(5, pb.packed(2, [1])));
      const { trailers } = await client.call(
        'ModelInfer',
        Buffer.concat([pb.bytes(1, 'digits'), typed]),
      );
      expect(decodeURIComponent(String(trailers['grpc-message']))).toContain('send it as raw');
    }
  });

  it('ModelStatistics', async () => {
    await answerTo('ModelInfer', infer());
    const [statistics] = (await answerTo('ModelStatistics', named('digits'))).messages(1);
    expect([statistics?.text(1), statistics?.text(2)]).toEqual(['digits', '1']);
    expect(statistics?.int(3)).toBeGreaterThan(1_700_000_000_000);
    const durations = statistics!.message(6);
    // success, queue, compute_input, compute_infer, compute_output
    for (const field of [1, 3, 4, 5, 6])
      expect(durations.message(field).int(1), `${field}`).toBeGreaterThan(0);
    for (const field of [1, 4, 5, 6])
      expect(durations.message(field).int(2), `${field}`).toBeGreaterThan(0);
    const [batch] = statistics!.messages(7);
    expect(batch?.int(1)).toBe(1);
    expect(batch?.message(3).int(2)).toBeGreaterThan(0);
    expect((await answerTo('ModelStatistics')).messages(1).length).toBe(3);
    expect((await client.call('ModelStatistics', named('none'))).code).toBe(status.NOT_FOUND);
  });

  it('RepositoryIndex, RepositoryModelUnload and RepositoryModelLoad', async () => {
    const index = async (ready: number) =>
      (await answerTo('RepositoryIndex', Buffer.concat([pb.bytes(1, ''), pb.int(2, ready)])))
        .messages(1)
        .map((it) => [it.text(1), it.text(2), it.text(3)]);
    expect(await index(0)).toContainEqual(['types', '1', 'READY']);
    const unload = pb.entry(3, 'unload_dependents', pb.int(1, 0));
    await answerTo('RepositoryModelUnload', Buffer.concat([pb.bytes(2, 'types'), unload]));
    expect((await index(1)).map(([name]) => name)).toEqual(['banking77', 'digits']);
    expect((await answerTo('ModelReady', named('types'))).int(1)).toBe(0);
    // KServe's own message has the name in field 1, and its answer tells it back.
    const loaded = await answerTo('RepositoryModelLoad', pb.bytes(1, 'types'));
    expect([loaded.text(1), loaded.int(2)]).toEqual(['types', 1]);
    expect((await answerTo('ModelReady', named('types'))).int(1)).toBe(1);
    await answerTo('RepositoryModelUnload', pb.bytes(2, 'none'));
    expect((await client.call('RepositoryModelLoad', pb.bytes(2, 'none'))).code).toBe(
      status.NOT_FOUND,
    );
    const config = pb.entry(3, 'config', pb.bytes(3, '{}'));
    const refused = await client.call(
      'RepositoryModelLoad',
      Buffer.concat([pb.bytes(2, 'types'), config]),
    );
    expect(refused.code).toBe(status.INVALID_ARGUMENT);
  });

  it('ModelStreamInfer, in the order of the requests', async () => {
    const slow = Buffer.concat([
      pb.bytes(1, 'digits'),
      pb.bytes(3, 'slow'),
      input('image', 'FP32', [200, 1, 8, 8]),
      pb.bytes(7, Buffer.alloc(200 * 256)),
    ]);
    const none = Buffer.concat([pb.bytes(1, 'none'), pb.bytes(3, 'none'), input('x', 'FP32', [0])]);
    const body = [slow, none, infer(pb.bytes(3, 'quick'))].map((message) => frame(message));
    const answer = await client.send(`${SERVICE}ModelStreamInfer`, Buffer.concat(body));
    expect(answer.code).toBe(0);
    const answers = answer.messages.map((message) => new Fields(message));
    expect(answers.map((it) => it.message(2).text(3))).toEqual(['slow', 'none', 'quick']);
    expect(answers.map((it) => it.text(1) !== '')).toEqual([false, true, false]);
    const [parameter] = answers[0]!.message(2).messages(4);
    expect([parameter?.text(1), parameter?.message(2).int(1)]).toEqual([
      'triton_final_response',
      1,
    ]);
  });

  it('ends a stream with the status of the error where the client asks for it', async () => {
    const stream = client.open(`${SERVICE}ModelStreamInfer`, { triton_grpc_error: 'true' });
    const answer = read(stream);
    stream.write(frame(Buffer.concat([pb.bytes(1, 'none'), input('x', 'FP32', [0])])));
    expect(await answer).toMatchObject({ code: status.NOT_FOUND, messages: [] });
    stream.close();
  });

  it('Check of the health service', async () => {
    const check = (service: string) =>
      client.send('/grpc.health.v1.Health/Check', frame(pb.bytes(1, service)));
    for (const service of ['', 'inference.GRPCInferenceService']) {
      expect(new Fields((await check(service)).messages[0]!).int(1)).toBe(1);
    }
    expect((await check('none')).code).toBe(status.NOT_FOUND);
  });

  it('says that it has not what Triton has besides', async () => {
    for (const method of [
      'TraceSetting',
      'LogSettings',
      'SystemSharedMemoryStatus',
      'SystemSharedMemoryRegister',
      'SystemSharedMemoryUnregister',
      'CudaSharedMemoryStatus',
      'CudaSharedMemoryRegister',
      'CudaSharedMemoryUnregister',
    ]) {
      expect((await client.call(method)).code, method).toBe(status.UNIMPLEMENTED);
    }
  });
});

describe('compression', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('takes messages in %s', async (encoding, pack) => {
    const headers = { 'grpc-encoding': encoding };
    const body = frame(pack(infer()), 1);
    const { code, messages } = await client.send(`${SERVICE}ModelInfer`, body, headers);
    expect(code).toBe(0);
    expect(new Fields(messages[0]!).bytes(6)[0]).toHaveLength(40);
  });

  it.each([
    ['an encoding that nobody knows', 'br', frame(infer(), 1), status.UNIMPLEMENTED],
    ['what is not compressed at all', 'gzip', frame(infer(), 1), status.INTERNAL],
    ['what is cut short', 'gzip', frame(gzipSync(infer()).subarray(0, -9), 1), status.INTERNAL],
    ['a bomb', 'gzip', frame(gzipSync(Buffer.alloc(16_000_000)), 1), status.RESOURCE_EXHAUSTED],
  ])('refuses %s', async (_name, encoding, body, code) => {
    const headers = { 'grpc-encoding': encoding };
    expect((await client.send(`${SERVICE}ModelInfer`, body, headers)).code).toBe(code);
    expect((await answerTo('ServerLive')).int(1)).toBe(1);
  });
});

describe('bad input', () => {
  const typed = (datatype: string, shape: readonly number[], field: number, ...values: number[]) =>
    Buffer.concat([
      pb.bytes(1, 'digits'),
      input('image', datatype, shape, pb.bytes(5, pb.packed(field, values))),
    ]);
  const rawOf = (bytes: Buffer, shape: readonly (number | bigint)[] = [1, 1, 8, 8]) =>
    Buffer.concat([
      pb.bytes(1, 'digits'),
      pb.bytes(5, pb.bytes(1, 'image'), pb.bytes(2, 'FP32'), pb.packed(3, shape)),
      pb.bytes(7, bytes),
    ]);
  const texts = (bytes: Buffer) =>
    Buffer.concat([pb.bytes(1, 'banking77'), input('text', 'BYTES', [1]), pb.bytes(7, bytes)]);
  const cases: [string, Buffer][] = [
    ['truncated contents', rawOf(pixels.subarray(1))],
    ['surplus contents', rawOf(Buffer.concat([pixels, Buffer.of(0)]))],
    ['contents for no input', Buffer.concat([rawOf(pixels), pb.bytes(7, pixels)])],
    ['a shape that overflows', rawOf(pixels, [2n ** 40n, 2n ** 40n])],
    ['a shape beyond 2^53', rawOf(pixels, [2n ** 62n])],
    ['a negative shape', rawOf(pixels, [-1, 1, 8, 8])],
    ['too many dimensions', rawOf(pixels, Array<number>(40).fill(1))],
    ['a datatype that there is not', typed('FP7', [1], 2, 1)],
    ['another datatype than the model takes', typed('INT32', [1], 2, 1)],
    ['contents of another type', typed('FP32', [1], 2, 1)],
    ['a number that its type cannot hold', typed('UINT8', [1], 4, 256)],
    ['an input without a name', Buffer.concat([pb.bytes(1, 'digits'), input('', 'FP32', [0])])],
    ['no inputs', pb.bytes(1, 'digits')],
    ['elements whose length lies', texts(Buffer.from('ffffffff61', 'hex'))],
    ['elements that end too early', texts(Buffer.from('0500000061', 'hex'))],
    ['a text that is not UTF-8', texts(bytesTensor([Uint8Array.of(0xff, 0xfe)]))],
    ['an output that there is not', infer(pb.bytes(6, pb.bytes(1, 'x')))],
    [
      'an output twice',
      infer(pb.bytes(6, pb.bytes(1, 'logits')), pb.bytes(6, pb.bytes(1, 'logits'))),
    ],
    ['a priority that is none', infer(pb.entry(4, 'priority', pb.bytes(3, 'high')))],
    [
      'shared memory',
      Buffer.concat([
        pb.bytes(1, 'digits'),
        input('image', 'FP32', [1, 1, 8, 8], pb.entry(4, 'shared_memory_region', pb.bytes(3, 'x'))),
      ]),
    ],
    ['what is no message', Buffer.from('ffffffff', 'hex')],
    ['a message that is cut short', infer().subarray(0, -5)],
  ];
  it.each(cases)('refuses %s', async (_name, message) => {
    const { code, trailers } = await client.call('ModelInfer', message);
    expect([code, trailers['error-code']]).toEqual([status.INVALID_ARGUMENT, 'BAD_USER_INPUT']);
    expect(trailers['grpc-message']).not.toBe('');
  });

  it('answers each of them in a stream, and the request after them', async () => {
    const body = [...cases.map(([, message]) => message), infer(pb.bytes(3, 'last'))];
    const answer = await client.send(
      `${SERVICE}ModelStreamInfer`,
      Buffer.concat(body.map((message) => frame(message))),
    );
    const answers = answer.messages.map((message) => new Fields(message));
    expect(answers.map((it) => it.text(1) !== '')).toEqual([...cases.map(() => true), false]);
    expect(answers.at(-1)?.message(2).text(3)).toBe('last');
  });

  it('refuses models and versions that there are not', async () => {
    const versions = infer(pb.bytes(2, '9'));
    for (const message of [infer(pb.bytes(1, 'none')), versions]) {
      expect((await client.call('ModelInfer', message)).code).toBe(status.NOT_FOUND);
    }
  });

  it.each([
    'inference.GRPCInferenceService/ServerLive',
    '//inference.GRPCInferenceService/ServerLive',
    '/inference.GRPCInferenceService/serverlive',
    '/inference.GRPCInferenceService/ServerLive/',
    '/inference.GRPCInferenceService/ServerLive?a=b',
    '/inference.GRPCInferenceService/%53erverLive',
    '/inference.grpcinferenceservice/ServerLive',
    '/GRPCInferenceService/ServerLive',
    '/',
  ])('takes %s for no method', async (name) => {
    const { code, messages } = await client.send(name, frame(Buffer.alloc(0)));
    // Without its slash it is no path at all: HTTP/2 itself refuses the stream.
    expect([code, messages]).toEqual([name.startsWith('/') ? status.UNIMPLEMENTED : undefined, []]);
  });

  it('takes a message up to MAX_BODY_BYTES, and refuses one of 16 MB', async () => {
    const rows = 3900;
    const large = await client.call(
      'ModelInfer',
      Buffer.concat([
        pb.bytes(1, 'digits'),
        input('image', 'FP32', [rows, 1, 8, 8]),
        pb.bytes(7, Buffer.alloc(rows * 256)),
      ]),
    );
    expect(large.code).toBe(0);
    const library = new GrpcClient(port);
    const tooLarge = { model_name: 'digits', inputs: [], raw_input_contents: [Buffer.alloc(16e6)] };
    await expect(library.call('ModelInfer', tooLarge)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    library.close();
    expect((await answerTo('ServerLive')).int(1)).toBe(1);
  });

  it('outlives what is broken off', async () => {
    const half = frame(infer()).subarray(0, 100);
    expect((await client.send(`${SERVICE}ModelInfer`, half)).code).not.toBe(0);
    expect((await client.send(`${SERVICE}ModelInfer`, Buffer.alloc(0))).code).not.toBe(0);
    for (const method of ['ModelInfer', 'ModelStreamInfer']) {
      const broken = client.open(SERVICE + method);
      const over = read(broken);
      broken.write(half);
      broken.close(8);
      await over;
    }
    const stream = client.open(`${SERVICE}ModelStreamInfer`);
    const over = read(stream);
    for (let i = 0; i < 200; i++) stream.write(frame(infer()));
    stream.once('data', () => stream.close(8));
    await over;
    const torn = new WireClient(port);
    const lost = torn.open(`${SERVICE}ModelStreamInfer`);
    const gone = read(lost);
    lost.write(frame(infer()));
    lost.once('data', () => torn.close());
    await gone;
    expect((await answerTo('ModelInfer', infer())).bytes(6)[0]).toHaveLength(40);
  });
});
