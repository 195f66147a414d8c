import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync, inflateSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../../support/models-folder.ts';
import { binaryBody, bytesTensor, divided } from '../../support/oip.ts';
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

const get = (route: string, headers = {}) => fetch(app.url + route, { headers });
const post = (route: string, body?: Buffer | string, headers: Record<string, string> = {}) =>
  fetch(app.url + route, {
    method: 'POST',
    headers,
    body:
      body === undefined
        ? null
        : typeof body === 'string'
          ? Buffer.from(body)
          : Uint8Array.from(body),
  });
const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;

const pixels = Float32Array.from({ length: 64 }, (_, i) => (i % 9) / 9);
const image = {
  name: 'image',
  datatype: 'FP32',
  shape: [1, 1, 8, 8],
  bytes: Buffer.from(pixels.buffer),
};
const imageJson = { name: 'image', datatype: 'FP32', shape: [1, 1, 8, 8], data: [...pixels] };

describe('server and models', () => {
  it('tells its metadata, and that it is live and ready', async () => {
    const metadata = (await (await get('/v2')).json()) as { name: string; extensions: string[] };
    expect(metadata.name).toBe('ml-inference-api');
    expect(metadata.extensions).toContain('binary_tensor_data');
    expect(await (await get('/v2/health/live')).json()).toEqual({ live: true });
    expect(await (await get('/v2/health/ready')).json()).toEqual({ ready: true });
  });

  it('tells the tensors of a model, and what its encoder reads as BYTES', async () => {
    expect(await (await get('/v2/models/digits')).json()).toEqual({
      name: 'digits',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'image', datatype: 'FP32', shape: [-1, 1, 8, 8] },
        { name: 'image_bytes', datatype: 'BYTES', shape: [-1, 1] },
      ],
      outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 10] }],
    });
    const config: unknown = await (await get('/v2/models/digits/versions/1/config')).json();
    expect(config).toMatchObject({
      max_batch_size: 64,
      input: [{ name: 'image', data_type: 'TYPE_FP32', dims: [1, 8, 8] }, { optional: true }],
      output: [{ name: 'logits', data_type: 'TYPE_FP32', dims: [10] }],
    });
  });

  it('tells whether a model, or a version of it, is ready', async () => {
    for (const route of ['digits/ready', 'digits/versions/1/ready']) {
      const response = await get(`/v2/models/${route}`);
      expect([response.status, await response.json()]).toEqual([
        200,
        { name: 'digits', ready: true },
      ]);
    }
    for (const route of ['none/ready', 'digits/versions/9/ready']) {
      expect((await get(`/v2/models/${route}`)).status).toBe(400);
    }
  });

  it.each([
    ['GET', '/v2/models/none', 404],
    ['GET', '/v2/models/digits/versions/9', 404],
    ['GET', '/v2/models/none/stats', 404],
    ['GET', '/v2/nothing', 404],
    ['DELETE', '/v2/models/digits', 405],
    ['GET', '/v2/models/digits/infer', 405],
  ])('answers %s %s with %i and a text', async (method, route, status) => {
    const response = await fetch(app.url + route, { method });
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toEqual(expect.any(String));
  });

  it('counts what it does', async () => {
    const { body, headers } = binaryBody([{ ...image, shape: [1, 1, 8, 8] }]);
    await post('/v2/models/digits/infer', body, headers);
    const { model_stats: stats } = (await (await get('/v2/models/digits/stats')).json()) as {
      model_stats: { name: string; inference_stats: { success: { count: number } } }[];
    };
    expect(stats).toHaveLength(1);
    expect(stats[0]?.inference_stats.success.count).toBeGreaterThan(0);
    const all = (await (await get('/v2/models/stats')).json()) as { model_stats: unknown[] };
    expect(all.model_stats).toHaveLength(3);
  });

  it('lists, unloads and loads models', async () => {
    const index = async (body: string) =>
      (await (await post('/v2/repository/index', body)).json()) as {
        name: string;
        state: string;
      }[];
    expect(await index('')).toContainEqual(
      expect.objectContaining({ name: 'types', version: '1', state: 'READY' }),
    );
    const unloaded = await post('/v2/repository/models/types/unload');
    expect([unloaded.status, await unloaded.text()]).toEqual([200, '']);
    expect((await index('{"ready":true}')).map(({ name }) => name)).not.toContain('types');
    expect((await post('/v2/repository/models/none/unload')).status).toBe(200);
    expect((await post('/v2/repository/models/none/load')).status).toBe(404);
    const loaded = await post('/v2/repository/models/types/load');
    expect([loaded.status, await loaded.text()]).toEqual([200, '']);
    expect((await get('/v2/models/types/ready')).status).toBe(200);
  });
});

describe('infer', () => {
  it('gives the same answer in JSON and in binary, in every mixture', async () => {
    const json = await post(
      '/v2/models/digits/infer',
      JSON.stringify({ id: 'a', inputs: [imageJson] }),
    );
    const plain = (await json.json()) as { id: string; outputs: { data: number[] }[] };
    expect(plain.id).toBe('a');
    const data = plain.outputs[0]?.data ?? [];
    expect(data).toHaveLength(10);

    const { body, headers } = binaryBody([image], { parameters: { binary_data_output: true } });
    const both = await divided(await post('/v2/models/digits/infer', body, headers));
    expect(both.json).not.toHaveProperty('id');
    expect(both.json.outputs[0]?.parameters).toEqual({ binary_data_size: 40 });
    expect([
      ...new Float32Array(
        both.binary.buffer.slice(both.binary.byteOffset, both.binary.byteOffset + 40),
      ),
    ]).toEqual(data);

    const out = await divided(
      await post(
        '/v2/models/digits/infer',
        JSON.stringify({
          inputs: [imageJson],
          outputs: [{ name: 'logits', parameters: { binary_data: true } }],
        }),
      ),
    );
    expect(out.binary.equals(both.binary)).toBe(true);

    const mixed = binaryBody([image], {
      parameters: { binary_data_output: true },
      outputs: [{ name: 'logits', parameters: { binary_data: false } }],
    });
    const inJson = await post('/v2/models/digits/versions/1/infer', mixed.body, mixed.headers);
    expect(((await inJson.json()) as typeof plain).outputs[0]?.data).toEqual(data);
  });

  it('takes a body of nothing but the data of the one input', async () => {
    const raw = await divided(
      await post('/v2/models/digits/infer', image.bytes, {
        'inference-header-content-length': '0',
      }),
    );
    expect(raw.json.outputs[0]).toMatchObject({ shape: [1, 10] });
    const file = await readFile('models/digits/examples/three.png');
    const picture = await divided(
      await post('/v2/models/digits/infer', file, { 'inference-header-content-length': '0' }),
    );
    expect(picture.binary).toHaveLength(40);
  });

  it('carries every datatype byte for byte', async () => {
    const sizes = {
      bool: 1,
      uint8: 1,
      uint16: 2,
      uint32: 4,
      uint64: 8,
      int8: 1,
      int16: 2,
      int32: 4,
      int64: 8,
      fp16: 2,
      fp32: 4,
      fp64: 8,
    };
    const numbers = Object.entries(sizes).map(([name, size]) => ({
      name,
      datatype: name.toUpperCase(),
      shape: [1, 3],
      bytes:
        name === 'bool'
          ? Buffer.of(1, 0, 1)
          : Buffer.from(Array.from({ length: 3 * size }, (_, i) => (i * 7 + 3) % 60)),
    }));
    const texts = bytesTensor([Uint8Array.of(0xff, 0, 0xfe, 0x41), 'naïve\0🐧', '']);
    const inputs = [...numbers, { name: 'bytes', datatype: 'BYTES', shape: [1, 3], bytes: texts }];
    const { body, headers } = binaryBody(inputs, { parameters: { binary_data_output: true } });
    const { json, binary } = await divided(await post('/v2/models/types/infer', body, headers));
    let at = 0;
    for (const { name, parameters } of json.outputs) {
      const { binary_data_size: size } = parameters as { binary_data_size: number };
      const sent = inputs.find((input) => `${input.name}_out` === name)?.bytes;
      expect(binary.subarray(at, at + size).equals(sent!), name).toBe(true);
      at += size;
    }
    expect(at).toBe(binary.length);
  });

  it('reads texts and images, and answers with labels where they are asked for', async () => {
    const response = await post(
      '/v2/models/banking77/infer',
      JSON.stringify({
        inputs: [
          {
            name: 'text',
            datatype: 'BYTES',
            shape: [2, 1],
            data: ['I lost my phone', 'Why was I charged a fee for withdrawing cash?'],
          },
        ],
        outputs: [
          { name: 'label' },
          { name: 'score' },
          { name: 'logits', parameters: { classification: 2 } },
        ],
      }),
    );
    const { outputs } = (await response.json()) as {
      outputs: { data: (string | number)[]; shape: number[] }[];
    };
    expect(outputs[0]).toMatchObject({
      shape: [2, 1],
      data: ['lost_or_stolen_phone', 'cash_withdrawal_charge'],
    });
    expect(outputs[1]?.data.every((score) => Number(score) > 0 && Number(score) <= 1)).toBe(true);
    expect(outputs[2]?.shape).toEqual([2, 2]);
    expect(outputs[2]?.data[0]).toMatch(/^-?\d+\.\d{6}:\d+:lost_or_stolen_phone$/);
    const file = await readFile('models/digits/examples/three.png');
    const bytes = bytesTensor([file]);
    const picture = binaryBody([{ name: 'image_bytes', datatype: 'BYTES', shape: [1, 1], bytes }], {
      outputs: [{ name: 'label' }],
    });
    const answer = await post('/v2/models/digits/infer', picture.body, picture.headers);
    expect(await answer.json()).toMatchObject({ outputs: [{ data: ['3'] }] });
  });

  it.each(['gzip', 'deflate'])('takes and gives %s', async (encoding) => {
    const { body, headers } = binaryBody([image], { parameters: { binary_data_output: true } });
    const packed = encoding === 'gzip' ? gzipSync(body) : deflateSync(body);
    const request = new Request(app.url + '/v2/models/digits/infer', {
      method: 'POST',
      body: packed,
      headers: { ...headers, 'content-encoding': encoding, 'accept-encoding': encoding },
    });
    // fetch undoes the compression itself; the header tells that there was one.
    const response = await fetch(request);
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect((await divided(response)).binary).toHaveLength(40);
    expect(gunzipSync(gzipSync(body)).equals(inflateSync(deflateSync(body)))).toBe(true);
  });

  it('answers generate where a model takes one text', async () => {
    const ask = JSON.stringify({ id: 'g', text_input: 'I lost my phone' });
    const expected = {
      id: 'g',
      model_name: 'banking77',
      model_version: '2',
      text_output: 'lost_or_stolen_phone',
    };
    expect(await (await post('/v2/models/banking77/generate', ask)).json()).toEqual(expected);
    const stream = await post('/v2/models/banking77/generate_stream', ask);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.text()).toBe(`data: ${JSON.stringify(expected)}\n\n`);
    expect((await post('/v2/models/digits/generate', ask)).status).toBe(400);
  });
});

describe('bad input', () => {
  const infer = '/v2/models/digits/infer';
  const cases: [string, Buffer | string, Record<string, string>, number][] = [
    ['no JSON', '{', {}, 400],
    ['an empty body', '', {}, 400],
    ['a list', '[]', {}, 400],
    ['no inputs', '{"inputs":[]}', {}, 400],
    ['inputs of a wrong type', '{"inputs":{}}', {}, 400],
    ['a wrong datatype', JSON.stringify({ inputs: [{ ...imageJson, datatype: 'FP64' }] }), {}, 400],
    [
      'an unknown datatype',
      JSON.stringify({ inputs: [{ ...imageJson, datatype: 'FP7' }] }),
      {},
      400,
    ],
    ['an unknown input', JSON.stringify({ inputs: [{ ...imageJson, name: 'x' }] }), {}, 400],
    [
      'a shape that overflows',
      JSON.stringify({ inputs: [{ ...imageJson, shape: [2 ** 31, 2 ** 31] }] }),
      {},
      400,
    ],
    [
      'a negative shape',
      JSON.stringify({ inputs: [{ ...imageJson, shape: [-1, 1, 8, 8] }] }),
      {},
      400,
    ],
    ['too few elements', JSON.stringify({ inputs: [{ ...imageJson, data: [1] }] }), {}, 400],
    [
      'an unknown output',
      JSON.stringify({ inputs: [imageJson], outputs: [{ name: 'x' }] }),
      {},
      400,
    ],
    [
      'a bad classification',
      JSON.stringify({
        inputs: [imageJson],
        outputs: [{ name: 'logits', parameters: { classification: -1 } }],
      }),
      {},
      400,
    ],
    [
      'a bad timeout',
      JSON.stringify({ inputs: [imageJson], parameters: { timeout: -1 } }),
      {},
      400,
    ],
    ['a header length that lies', '{}', { 'inference-header-content-length': '99' }, 400],
    ['a header length that is none', '{}', { 'inference-header-content-length': 'x' }, 400],
    ['an unknown compression', '{}', { 'content-encoding': 'br' }, 415],
    ['a compression that is none', '{}', { 'content-encoding': 'gzip' }, 400],
    ['another media type', '{}', { 'content-type': 'text/xml' }, 415],
    ['a bomb', gzipSync(Buffer.alloc(2_000_000)), { 'content-encoding': 'gzip' }, 413],
    ['a large body', Buffer.alloc(1_100_000), {}, 413],
  ];
  it.each(cases)('refuses %s', async (_name, body, headers, status) => {
    const response = await post(infer, body, headers);
    expect(await errorOf(response)).toEqual(expect.any(String));
    expect(response.status).toBe(status);
  });

  it('refuses truncated and surplus binary data', async () => {
    const { body, headers } = binaryBody([image]);
    for (const wrong of [body.subarray(0, -1), Buffer.concat([body, Buffer.of(0)])]) {
      expect((await post(infer, wrong, headers)).status).toBe(400);
    }
  });
});
