import type { ServerResponse } from 'node:http';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_NAME, serviceMethods } from '../../../src/inference-protocol/messages.ts';
import { answerOf } from '../../support/faults/fault-server.ts';
import {
  type Asked,
  binary,
  type FakeEngine,
  json,
  METADATA,
  startFakeEngine,
} from '../../support/fake-engine.ts';
import { type RemoteServer, startRemoteServer } from '../../support/remote-server.ts';

const manifest = (url: string, more: object = {}) => ({
  runtime: 'remote',
  cache: { enabled: false },
  remote: { url, maxAnswerBytes: 100_000, maxTries: 2, ...more },
});

const ask = (server: RemoteServer, x: number, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${server.url}/predict`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'doubler',
      input: { tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [x] }] },
      outputs: true,
    }),
    headers: { 'content-type': 'application/json', ...headers },
  }).then(async (response) => answerOf((await response.json()) as never));

const y = (value: number) => ({
  model_name: 'doubler',
  model_version: null,
  id: 'an id that nobody asked for',
  outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [value] }],
});

/** The number in a request. */
const xOf = ({ headers, body }: Asked) =>
  body.readFloatLE(Number(headers['inference-header-content-length']));

describe('an engine of another make', () => {
  let engine: FakeEngine;
  let server: RemoteServer;
  beforeAll(async () => {
    process.env.TEST_TOKEN = 'Bearer secret';
    engine = await startFakeEngine();
    server = await startRemoteServer({
      doubler: manifest(engine.url, { headers: { authorization: { env: 'TEST_TOKEN' } } }),
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  it('may tell no versions and no platform, and answer in JSON with an id', async () => {
    engine.answers.infer = (asked, response) => json(response, y(2 * xOf(asked)));
    expect(await ask(server, 3)).toBe(6);
    const { path, headers, body } = engine.asked.at(-1)!;
    expect(path).toBe('/v2/models/doubler/infer');
    expect(headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/octet-stream',
    });
    const length = Number(headers['inference-header-content-length']);
    expect(JSON.parse(body.toString('utf8', 0, length))).toEqual({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], parameters: { binary_data_size: 4 } }],
      outputs: [{ name: 'y', parameters: { binary_data: true } }],
    });
    expect(body.subarray(length)).toHaveLength(4);
  });

  it('is sent nothing at the start but questions', () => {
    const before = engine.asked.slice(0, 2).map(({ method, path }) => `${method} ${path}`);
    expect(before).toEqual(['GET /v2/models/doubler', 'GET /v2/models/doubler/config']);
    expect(engine.asked.filter(({ path }) => path.endsWith('/infer'))).toHaveLength(1);
  });

  it('is sent single requests where its configuration says nothing of batches', async () => {
    engine.answers.infer = (asked, response) => json(response, y(2 * xOf(asked)));
    const answers = await Promise.all([1, 2, 3, 4].map((x) => ask(server, x)));
    expect(answers).toEqual([2, 4, 6, 8]);
    for (const { headers, body, path } of engine.asked.slice(-4)) {
      expect(path).toBe('/v2/models/doubler/infer');
      expect(body.length - Number(headers['inference-header-content-length'])).toBe(4);
    }
  });

  it('may write numbers that are not finite as null', async () => {
    engine.answers.infer = (_asked, response) =>
      json(response, { outputs: [{ ...y(0).outputs[0], data: [null] }] });
    const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] };
    const response = await fetch(`${server.url}/v2/models/doubler/infer`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(await response.json()).toMatchObject({ outputs: [{ data: ['NaN'] }] });
  });

  const output = y(1).outputs[0]!;
  const { name, datatype, shape } = output;
  const binaryY = { outputs: [{ name, datatype, shape, parameters: { binary_data_size: 4 } }] };
  const four = Buffer.alloc(4);
  const nonsense: [string, (response: ServerResponse) => unknown][] = [
    ['no JSON', (response) => response.end('<html>')],
    ['nothing', (response) => response.end()],
    ['null', (response) => json(response, null)],
    ['a list', (response) => json(response, [1])],
    ['no outputs', (response) => json(response, {})],
    ['outputs that are none', (response) => json(response, { outputs: [7, null] })],
    ['another output', (response) => json(response, { outputs: [{ ...output, name: 'z' }] })],
    [
      'another datatype',
      (response) => json(response, { outputs: [{ ...output, datatype: 'INT32' }] }),
    ],
    [
      'an unknown datatype',
      (response) => json(response, { outputs: [{ ...output, datatype: 'X' }] }),
    ],
    [
      'another shape',
      (response) => json(response, { outputs: [{ ...output, shape: [1, 2], data: [1, 2] }] }),
    ],
    [
      'a shape that lies',
      (response) => json(response, { outputs: [{ ...output, shape: [2, 1] }] }),
    ],
    [
      'a shape that overflows',
      (response) => json(response, { outputs: [{ ...output, shape: [2 ** 40, 2 ** 40] }] }),
    ],
    ['no shape', (response) => json(response, { outputs: [{ ...output, shape: 'x' }] })],
    ['texts for numbers', (response) => json(response, { outputs: [{ ...output, data: ['x'] }] })],
    ['truncated binary', (response) => binary(response, binaryY, four.subarray(1))],
    ['surplus binary', (response) => binary(response, binaryY, Buffer.alloc(5))],
    ['a header length that lies', (response) => binary(response, binaryY, four, 1e6)],
    ['a header length inside of the JSON', (response) => binary(response, binaryY, four, 5)],
    ['more than is allowed', (response) => response.end(Buffer.alloc(200_000, ' '))],
    [
      'an endless body',
      (response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384, ' ')));
        };
        response.on('drain', more);
        more();
      },
    ],
    ['a failure', (response) => json(response, { error: 'CUDA out of memory' }, 500)],
  ];
  it.each(nonsense)('that answers %s fails that request, and no other', async (_name, answer) => {
    engine.answers.infer = (_asked, response) => void answer(response);
    expect(await ask(server, 1)).toBe('INFERENCE_FAILED');
    engine.answers.infer = (asked, response) => json(response, y(2 * xOf(asked)));
    expect(await ask(server, 5)).toBe(10);
  });

  it('that answers another number of rows than it was sent fails the batch', async () => {
    await using batched = await startFakeEngine();
    batched.answers.config = { max_batch_size: 8, input: [] };
    batched.answers.infer = (_asked, response) =>
      json(response, { outputs: [{ ...output, shape: [2, 1], data: [1, 2] }] });
    await using other = await startRemoteServer({ doubler: manifest(batched.url) });
    expect(await ask(other, 1)).toBe('INFERENCE_FAILED');
  });

  it('that refuses the input makes it bad input here; its words stay in the log', async () => {
    engine.answers.infer = (_asked, response) => json(response, { error: 'secret words' }, 400);
    const response = await fetch(`${server.url}/v2/models/doubler/infer`, {
      method: 'POST',
      body: JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }],
      }),
    });
    const text = await response.text();
    expect([response.status, text.includes('secret')]).toEqual([400, false]);
  });

  it('that answers nothing is given up at the deadline', async () => {
    engine.answers.infer = () => undefined;
    const headers = { 'x-request-timeout-ms': '150' };
    expect(await ask(server, 1, headers)).toBe('DEADLINE_EXCEEDED');
  });

  it('that breaks off is asked again, and is not where it keeps state', async () => {
    let tries = 0;
    engine.answers.infer = (asked, response) => {
      if (++tries === 1) response.socket?.destroy();
      else json(response, y(2 * xOf(asked)));
    };
    expect(await ask(server, 7)).toBe(14);
    expect(tries).toBe(2);
    await using stateful = await startFakeEngine();
    stateful.answers.config = { max_batch_size: 0, input: [], sequence_batching: {} };
    tries = 0;
    stateful.answers.infer = (_asked, response) => {
      tries++;
      response.socket?.destroy();
    };
    await using other = await startRemoteServer({ doubler: manifest(stateful.url) });
    expect(await ask(other, 7)).toBe('MODEL_NOT_READY');
    expect(tries).toBe(1);
  });

  it('is told the trace of the request', async () => {
    engine.answers.infer = (asked, response) => json(response, y(2 * xOf(asked)));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(await ask(server, 8, { traceparent })).toBe(16);
    // Without a collector there are no traces, and nothing is passed on.
    expect(engine.asked.at(-1)?.headers.traceparent).toBeUndefined();
  });
});

describe('metadata that makes no sense', () => {
  const cases: [string, unknown][] = [
    ['no object', 'doubler'],
    ['no tensors', {}],
    ['a tensor without a name', { ...METADATA, inputs: [{ datatype: 'FP32', shape: [1] }] }],
    [
      'a datatype that nobody knows',
      { ...METADATA, inputs: [{ name: 'x', datatype: 'FP7', shape: [1] }] },
    ],
    [
      'a shape that is none',
      { ...METADATA, outputs: [{ name: 'y', datatype: 'FP32', shape: ['x'] }] },
    ],
  ];
  it.each(cases)('is told to the operator: %s', async (_name, metadata) => {
    await using engine = await startFakeEngine();
    engine.answers.metadata = metadata;
    await using server = await startRemoteServer({ doubler: manifest(engine.url) });
    const { body, status } = await server.get('/health');
    expect(status).toBe(503);
    expect(body.reasons?.join()).toContain('makes no sense');
    // It is asked again, and serves once it tells something better.
    engine.answers.metadata = METADATA;
    engine.answers.infer = (asked, response) => json(response, y(2 * xOf(asked)));
    while ((await server.get('/health')).status !== 200) await new Promise(setImmediate);
    expect(await ask(server, 1)).toBe(2);
  });
});

describe('an engine over gRPC', () => {
  it.each([
    ['what is no message', Buffer.from('ffffff', 'hex')],
    ['nothing', Buffer.alloc(0)],
    ['raw contents for no output', Buffer.from('320400000000', 'hex')],
    [
      'more than is allowed',
      Buffer.concat([Buffer.from('3290a10f', 'hex'), Buffer.alloc(250_000)]),
    ],
  ])('that answers %s fails that request', async (_name, bytes) => {
    const grpc = new Server();
    const methods = serviceMethods();
    const definition = Object.fromEntries(
      ['ModelMetadata', 'ModelInfer', 'ModelReady'].map((name) => {
        const { request, response } = methods.get(name)!;
        return [
          name,
          {
            path: `/${SERVICE_NAME}/${name}`,
            requestStream: false,
            responseStream: false,
            requestSerialize: (it: object) => request.encode(it),
            requestDeserialize: (it: Buffer) => request.decode(it),
            responseSerialize: (it: object) =>
              name === 'ModelInfer' ? bytes : response.encode(it),
            responseDeserialize: (it: Buffer) => response.decode(it),
          },
        ];
      }),
    );
    grpc.addService(definition, {
      ModelMetadata: (_call: unknown, answer: (error: null, it: object) => void) =>
        answer(null, { ...METADATA, versions: [] }),
      ModelReady: (_call: unknown, answer: (error: null, it: object) => void) =>
        answer(null, { ready: true }),
      ModelInfer: (_call: unknown, answer: (error: null, it: object) => void) => answer(null, {}),
    });
    const port = await new Promise<number>((resolve, reject) =>
      grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    await using server = await startRemoteServer({
      doubler: manifest(`grpc://127.0.0.1:${port}`),
    });
    expect(await ask(server, 1)).toBe('INFERENCE_FAILED');
    expect((await server.get('/livez')).status).toBe(200);
    grpc.forceShutdown();
  });
});
