import { cp } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ROUTES } from '../../../src/server/inference-protocol/routes.ts';
import * as schemas from '../../../src/server/openapi/protocol-schemas.ts';
import { makeModelsFolder, type ModelsFolder } from '../../support/models-folder.ts';
import { bytesTensor } from '../../support/oip.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

let folder: ModelsFolder;
let app: RunningApp;

beforeAll(async () => {
  folder = await makeModelsFolder();
  await folder.add('digits');
  await folder.add('banking77', { versions: ['2'] });
  await cp('test/fixtures/models/onnx-types', path.join(folder.root, 'types'), { recursive: true });
  app = await runApp({ modelsDir: folder.root, watchModels: false, maxBodyBytes: 1_000_000 });
});

afterAll(async () => {
  await app.stop();
  await folder.remove();
});

interface WireAnswer {
  readonly status: number;
  /** By their lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Sends bytes over a connection of their own, and reads one answer with a length. */
function sendBytes(bytes: Buffer): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(app.port, '127.0.0.1');
    let got = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${got.toString('latin1')}`)));
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = got.toString('latin1', 0, end).split('\r\n');
      const headers = new Map(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const body = got.subarray(end + 4);
      if (body.length < Number(headers.get('content-length'))) return;
      resolve({ status: Number(start.split(' ')[1]), headers, body });
      socket.destroy();
    });
    socket.write(bytes);
  });
}

/** A request in the form of tritonclient's HTTP library: no Content-Type, a length where there is a body. */
function triton(
  method: string,
  target: string,
  body?: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<WireAnswer> {
  const bytes = Buffer.from(body ?? '');
  const lines = [
    `${method} /${target} HTTP/1.1`,
    `Host: 127.0.0.1:${app.port}`,
    'Connection: keep-alive',
    'User-Agent: python/gevent-http-client-2.3.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${bytes.length}`]),
  ];
  return sendBytes(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
}

const jsonOf = ({ body }: WireAnswer) => JSON.parse(body.toString('utf8')) as unknown;

/** Holds an answer to its schema. */
async function holds<T>(schema: z.ZodType<T>, pending: Promise<WireAnswer>): Promise<T> {
  const answer = await pending;
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  return schema.parse(jsonOf(answer));
}

const pixels = Buffer.from(Float32Array.from({ length: 64 }, (_, i) => (i % 9) / 9).buffer);

const head = { name: 'image', shape: [1, 1, 8, 8], datatype: 'FP32' };
const binaryInput = { ...head, parameters: { binary_data_size: 256 } };

/** A body with its JSON first, and the header that tells its length. */
function binaryRequest(request: object, ...tensors: Buffer[]) {
  const json = Buffer.from(JSON.stringify(request));
  return {
    body: Buffer.concat([json, ...tensors]),
    headers: { 'Inference-Header-Content-Length': String(json.length) },
  };
}

/** JSON and bytes of a binary answer. */
function divided({ headers, body }: WireAnswer) {
  const length = Number(headers.get('inference-header-content-length'));
  const json = JSON.parse(body.toString('utf8', 0, length)) as unknown;
  return { json: schemas.inferResponseSchema.parse(json), binary: body.subarray(length) };
}

describe('every endpoint, by its bytes', () => {
  const tried = new Set<string>();
  const get = (target: string) => {
    tried.add(`GET /${target}`);
    return triton('GET', target);
  };
  const post = (target: string, body: string | Buffer, headers?: Record<string, string>) => {
    tried.add(`POST /${target}`);
    return triton('POST', target, body, headers);
  };

  it('health', async () => {
    expect(await holds(schemas.liveSchema, get('v2/health/live'))).toEqual({ live: true });
    expect(await holds(schemas.readySchema, get('v2/health/ready'))).toEqual({ ready: true });
    for (const target of ['v2/models/digits/ready', 'v2/models/digits/versions/1/ready']) {
      expect(await holds(schemas.modelReadySchema, get(target))).toEqual({
        name: 'digits',
        ready: true,
      });
    }
    const away = await triton('GET', 'v2/models/none/ready');
    expect(away.status).toBe(400);
    expect(schemas.modelReadySchema.parse(jsonOf(away)).ready).toBe(false);
  });

  it('metadata, configuration and statistics', async () => {
    await holds(schemas.serverMetadataSchema, get('v2'));
    for (const model of ['v2/models/digits', 'v2/models/digits/versions/1']) {
      const metadata = await holds(schemas.modelMetadataSchema, get(model));
      expect(metadata.inputs[0]).toEqual({ name: 'image', datatype: 'FP32', shape: [-1, 1, 8, 8] });
      await holds(schemas.modelConfigSchema, get(`${model}/config`));
      const { model_stats: stats } = await holds(schemas.statisticsSchema, get(`${model}/stats`));
      expect(stats.map(({ name }) => name)).toEqual(['digits']);
    }
    const all = await holds(schemas.statisticsSchema, get('v2/models/stats'));
    expect(all.model_stats).toHaveLength(3);
  });

  it('infer, as tritonclient asks by default: binary in, binary out', async () => {
    const { body, headers } = binaryRequest(
      { inputs: [binaryInput], parameters: { binary_data_output: true } },
      pixels,
    );
    for (const target of ['v2/models/digits/infer', 'v2/models/digits/versions/1/infer']) {
      const answer = await post(target, body, headers);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      const { json, binary } = divided(answer);
      expect(json).toEqual({
        model_name: 'digits',
        model_version: '1',
        outputs: [
          {
            name: 'logits',
            datatype: 'FP32',
            shape: [1, 10],
            parameters: { binary_data_size: 40 },
          },
        ],
      });
      expect(binary).toHaveLength(40);
    }
  });

  it('generate', async () => {
    const ask = JSON.stringify({ text_input: 'I lost my phone', parameters: { stream: false } });
    for (const model of ['v2/models/banking77', 'v2/models/banking77/versions/2']) {
      const answer = await holds(schemas.generateResponseSchema, post(`${model}/generate`, ask));
      expect(answer.text_output).toBe('lost_or_stolen_phone');
      const stream = await post(`${model}/generate_stream`, ask);
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
      expect(stream.body.toString('utf8')).toBe(`data: ${JSON.stringify(answer)}\n\n`);
    }
  });

  it('repository', async () => {
    const index = await holds(schemas.indexResponseSchema, post('v2/repository/index', ''));
    expect(index.map(({ name }) => name)).toEqual(['banking77', 'digits', 'types']);
    const unload = '{"parameters":{"unload_dependents":false}}';
    expect(await post('v2/repository/models/types/unload', unload)).toMatchObject({
      status: 200,
      body: Buffer.alloc(0),
    });
    const ready = await holds(
      schemas.indexResponseSchema,
      triton('POST', 'v2/repository/index', '{"ready":true}'),
    );
    expect(ready.map(({ name }) => name)).toEqual(['banking77', 'digits']);
    expect(await post('v2/repository/models/types/load', '{}')).toMatchObject({
      status: 200,
      body: Buffer.alloc(0),
    });
    const config = JSON.stringify({ parameters: { config: '{"max_batch_size": 4}' } });
    const refused = await triton('POST', 'v2/repository/models/types/load', config);
    expect(refused.status).toBe(400);
    expect(schemas.protocolErrorSchema.parse(jsonOf(refused)).error).toContain('config');
  });

  it('was tried with all of them', () => {
    const routes = ROUTES.map(({ method, path: route }) => `${method} ${route}`);
    const patterns = [...tried].map((target) =>
      target
        .replace(/\/models\/(?!stats$)[^/]+/, '/models/{model}')
        .replace(/\/versions\/[^/]+/, '/versions/{version}'),
    );
    expect(routes.filter((route) => !patterns.includes(route))).toEqual([]);
  });
});

describe('what clients of the field send', () => {
  const infer = 'v2/models/digits/infer';

  it('all that tritonclient can say of a request', async () => {
    const request = {
      id: 'my id',
      inputs: [binaryInput],
      outputs: [{ name: 'logits', parameters: { classification: 3, binary_data: true } }],
      parameters: {
        sequence_id: 42,
        sequence_start: true,
        sequence_end: false,
        priority: 1,
        timeout: 10_000_000,
        mine: 'a parameter of my own',
      },
    };
    const { body, headers } = binaryRequest(request, pixels);
    const { json, binary } = divided(await triton('POST', `${infer}?test=1`, body, headers));
    expect(json.id).toBe('my id');
    expect(json.outputs[0]).toMatchObject({ datatype: 'BYTES', shape: [1, 3] });
    const first = binary.toString('utf8', 4, 4 + binary.readUInt32LE(0));
    expect(first).toMatch(/^-?\d+\.\d{6}:\d:\d$/);
  });

  it.each([
    ['gzip', gzipSync, gunzipSync],
    ['deflate', deflateSync, inflateSync],
  ] as const)('bodies in %s, both ways', async (encoding, pack, unpack) => {
    const { body, headers } = binaryRequest(
      { inputs: [binaryInput], parameters: { binary_data_output: true } },
      pixels,
    );
    const answer = await triton('POST', infer, pack(body), {
      ...headers,
      'Content-Encoding': encoding,
      'Accept-Encoding': encoding,
    });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    const { binary } = divided({ ...answer, body: unpack(answer.body) });
    expect(binary).toHaveLength(40);
  });

  it('BYTES by their lengths, in and out, whatever they hold', async () => {
    const bytes = bytesTensor(['I lost my phone', 'Wo ist meine Karte? 🐧']);
    const { body, headers } = binaryRequest(
      {
        inputs: [
          {
            name: 'text',
            shape: [2, 1],
            datatype: 'BYTES',
            parameters: { binary_data_size: bytes.length },
          },
        ],
        outputs: [{ name: 'label', parameters: { binary_data: true } }],
      },
      bytes,
    );
    const { json, binary } = divided(
      await triton('POST', 'v2/models/banking77/infer', body, headers),
    );
    expect(json.outputs[0]?.shape).toEqual([2, 1]);
    expect(binary.toString('utf8', 4, 24)).toBe('lost_or_stolen_phone');
  });

  it("what KServe's client makes of a request, with its nulls and its own names", async () => {
    const json = {
      id: null,
      model_name: 'digits',
      model_version: null,
      inputs: [{ ...head, parameters: {}, data: Array.from(new Float32Array(pixels.buffer)) }],
      outputs: null,
      parameters: null,
    };
    const kserve = {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate',
      'content-type': 'application/json',
    };
    const plain = await triton('POST', infer, JSON.stringify(json), kserve);
    expect(plain.status).toBe(200);
    const text = plain.headers.get('content-encoding') ? gunzipSync(plain.body) : plain.body;
    const answer = schemas.inferResponseSchema.parse(JSON.parse(text.toString('utf8')));
    expect(answer.outputs[0]?.data).toHaveLength(10);
    expect(answer).not.toHaveProperty('id');
    const request = { id: 'a', model_name: 'digits', inputs: [binaryInput] };
    const { body, headers } = binaryRequest(request, pixels);
    const lower = {
      'inference-header-content-length': headers['Inference-Header-Content-Length'],
      'content-type': 'application/octet-stream',
    };
    expect((await triton('POST', infer, body, lower)).status).toBe(200);
  });

  it('numbers that JSON has not, as RapidJSON and Python write them', async () => {
    const data = ['NaN', 'Infinity', '-Infinity', ...Array<string>(61).fill('0.5')].join();
    const body = `{"inputs":[{"name":"image","shape":[1,1,8,8],"datatype":"FP32","data":[${data}]}]}`;
    const answer = await triton('POST', infer, body);
    expect(answer.status).toBe(200);
    const { outputs } = schemas.inferResponseSchema.parse(jsonOf(answer));
    expect(outputs[0]?.data).toContain('NaN');
  });

  it('with several requests over one connection, and a body in pieces', async () => {
    const { body, headers } = binaryRequest({ inputs: [binaryInput] }, pixels);
    const one = (method: string, target: string, more = '') =>
      `${method} /${target} HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\n${more}\r\n`;
    const socket = net.connect(app.port, '127.0.0.1');
    let text = '';
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (text.includes('"logits"')) resolve();
      });
    });
    const length = `Inference-Header-Content-Length: ${headers['Inference-Header-Content-Length']}\r\n`;
    socket.write(one('GET', 'v2/health/live'));
    socket.write(one('POST', infer, `${length}Transfer-Encoding: chunked\r\n`));
    for (const piece of [body.subarray(0, 50), body.subarray(50)]) {
      socket.write(
        Buffer.concat([
          Buffer.from(`${piece.length.toString(16)}\r\n`),
          piece,
          Buffer.from('\r\n'),
        ]),
      );
    }
    socket.write('0\r\n\r\n');
    await answered;
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"live":true[\s\S]*HTTP\/1\.1 200 OK/);
  });

  it.each([
    ['GET', 'v2/logging'],
    ['POST', 'v2/logging'],
    ['GET', 'v2/trace/setting'],
    ['POST', 'v2/models/digits/trace/setting'],
    ['GET', 'v2/systemsharedmemory/status'],
    ['POST', 'v2/systemsharedmemory/region/x/register'],
    ['GET', 'v2/cudasharedmemory/region/x/status'],
    ['POST', 'v2/cudasharedmemory/unregister'],
  ])('is told that %s %s is not there, in the form of the protocol', async (method, target) => {
    const answer = await triton(method, target, method === 'POST' ? '{}' : undefined);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/json');
    schemas.protocolErrorSchema.parse(jsonOf(answer));
  });
});

describe('bad input', () => {
  const infer = 'v2/models/digits/infer';
  const good = { inputs: [binaryInput] };
  const cases: [string, object, Buffer, string?][] = [
    ['truncated binary data', good, pixels.subarray(1)],
    ['surplus binary data', good, Buffer.concat([pixels, Buffer.of(0)])],
    ['a size that lies', { inputs: [{ ...head, parameters: { binary_data_size: 999 } }] }, pixels],
    ['a size below zero', { inputs: [{ ...head, parameters: { binary_data_size: -1 } }] }, pixels],
    [
      'a size that is none',
      { inputs: [{ ...head, parameters: { binary_data_size: '256' } }] },
      pixels,
    ],
    ['data twice', { inputs: [{ ...binaryInput, data: [1] }] }, pixels],
    ['a header length beyond the body', good, pixels, '100000'],
    ['a header length below zero', good, pixels, '-1'],
    ['a header length inside of the JSON', good, pixels, '20'],
    ['a header length inside of the data', good, pixels, '150'],
    ['a shape that overflows', { inputs: [{ ...binaryInput, shape: [2 ** 32, 2 ** 32] }] }, pixels],
    ['a shape beyond 2^53', { inputs: [{ ...binaryInput, shape: [1e300] }] }, pixels],
    [
      'too many dimensions',
      { inputs: [{ ...binaryInput, shape: Array<number>(40).fill(1) }] },
      pixels,
    ],
    ['a wrong datatype', { inputs: [{ ...binaryInput, datatype: 'INT32' }] }, pixels],
    ['an unknown datatype', { inputs: [{ ...binaryInput, datatype: 'FLOAT' }] }, pixels],
    ['an input twice', { inputs: [binaryInput, binaryInput] }, Buffer.concat([pixels, pixels])],
    ['an unknown output', { ...good, outputs: [{ name: 'x' }] }, pixels],
    ['an output twice', { ...good, outputs: [{ name: 'logits' }, { name: 'logits' }] }, pixels],
    [
      'a class count that is none',
      { ...good, outputs: [{ name: 'logits', parameters: { classification: 'x' } }] },
      pixels,
    ],
    [
      'shared memory',
      { inputs: [{ ...head, parameters: { shared_memory_region: 'x' } }] },
      Buffer.alloc(0),
    ],
  ];
  it.each(cases)('refuses %s', async (_name, request, bytes, length) => {
    const { body, headers } = binaryRequest(request, bytes);
    const given = length === undefined ? headers : { 'Inference-Header-Content-Length': length };
    const answer = await triton('POST', infer, body, given);
    expect(answer.status).toBe(400);
    schemas.protocolErrorSchema.parse(jsonOf(answer));
  });

  it('refuses unknown compressions, models and versions', async () => {
    const { body, headers } = binaryRequest(good, pixels);
    const ask = async (target: string, more = {}) =>
      (await triton('POST', target, body, { ...headers, ...more })).status;
    expect(await ask(infer, { 'Content-Encoding': 'zstd' })).toBe(415);
    expect(await ask('v2/models/none/infer')).toBe(404);
    expect(await ask('v2/models/digits/versions/9/infer')).toBe(404);
    expect(await ask(infer)).toBe(200);
  });

  it('refuses 16 MB before it has read them, and lives on', async () => {
    const answer = await triton('POST', infer, Buffer.alloc(16_000_000, ' ')).catch(
      () => undefined,
    );
    // Where the connection is closed at once, the answer may be lost with it.
    if (answer) expect(answer.status).toBe(413);
    expect((await triton('GET', 'v2/health/live')).status).toBe(200);
  });

  it('outlives bodies that break off', async () => {
    for (const cut of [10, 200]) {
      const { body, headers } = binaryRequest(good, pixels);
      const lines = [
        `POST /${infer} HTTP/1.1`,
        'Host: 127.0.0.1',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        `Content-Length: ${body.length}`,
      ];
      const socket = net.connect(app.port, '127.0.0.1');
      const over = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => undefined);
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      socket.write(body.subarray(0, cut), () => socket.resetAndDestroy());
      await over;
    }
    expect((await triton('GET', 'v2/health/live')).status).toBe(200);
  });
});
