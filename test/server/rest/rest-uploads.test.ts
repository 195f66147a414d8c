import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorSchema } from '../../../src/server/rest/schemas.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const BYTES = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10, 45, 45);

/** A form of texts and of files, in the order that is given. */
function formOf(parts: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) {
    form.append(name, typeof value === 'string' ? value : new Blob([value]));
  }
  return form;
}

describe('uploads over REST', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ maxBatchInputs: 20, maxBodyBytes: 300_000 });
  });
  afterAll(() => server.close());
  afterEach(() => {
    server.services.requests.splice(0);
    server.services.batches.splice(0);
    expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  const send = async (path: string, body: BodyInit, contentType?: string) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const response = await fetch(server.url + path, { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const refusal = async (...request: Parameters<typeof send>): Promise<string> => {
    const { status, body } = await send(...request);
    const { code, message } = errorSchema.parse(body).error;
    expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    expect(server.services.requests).toEqual([]);
    expect(server.services.batches).toEqual([]);
    return message;
  };
  const multipart = (text: string) =>
    refusal('/predict', text, 'multipart/form-data; boundary=edge');

  it.each([
    ['before', ['model', 'version', 'image']],
    ['behind', ['image', 'version', 'model']],
  ])('takes a file with its fields %s it', async (_place, names) => {
    const values = { model: 'sentiment', version: '2', image: BYTES } as const;
    const form = formOf(names.map((name) => [name, values[name as keyof typeof values]]));
    expect((await send('/predict', form)).status).toBe(200);
    expect(server.services.requests).toMatchObject([{ model: 'sentiment', version: '2' }]);
    expect(Buffer.from(server.services.requests[0]?.input.image as Uint8Array)).toEqual(
      Buffer.from(BYTES),
    );
  });

  it('takes every field that the body in JSON has', async () => {
    const { body } = await send(
      '/predict',
      formOf([
        ['assignment_key', 'ann'],
        ['scores', '2'],
        ['outputs', 'true'],
        ['timings', 'true'],
        ['timeout_ms', '9000'],
        ['priority', 'bulk'],
        ['cache', 'bypass'],
        ['image', BYTES],
      ]),
    );
    expect(server.services.requests).toMatchObject([
      {
        assignmentKey: 'ann',
        timeoutMs: 9_000,
        priority: 'BULK',
        cache: 'bypass',
        allOutputs: true,
      },
    ]);
    expect(body).toMatchObject({
      scores: expect.any(Array) as unknown,
      outputs: expect.any(Array) as unknown,
      timings: { inference_ms: expect.any(Number) as unknown },
    });
  });

  it('takes an image as the body, and its fields from the URL', async () => {
    const path = '/predict?model=sentiment&scores=1';
    for (const type of ['image/png', 'image/jpeg', 'IMAGE/x-anything; a=b']) {
      const { status, body } = await send(path, BYTES, type);
      expect(status).toBe(200);
      expect(body).toMatchObject({ scores: [expect.any(Object) as unknown] });
    }
    expect(server.services.requests[0]?.input.image).toEqual(Buffer.from(BYTES));
    expect(server.services.requests[0]?.model).toBe('sentiment');
  });

  it('answers several files of a batch in their order', async () => {
    const files = Array.from({ length: 20 }, (_none, i) => ['image', Uint8Array.of(i)] as const);
    const { status } = await send('/predict/batch?model=sentiment', formOf(files));
    expect(status).toBe(200);
    const sent = server.services.batches[0]?.inputs.map(({ image }) => image?.[0]);
    expect(sent).toEqual(Array.from({ length: 20 }, (_none, i) => i));
    await send('/predict/batch', BYTES, 'image/webp');
    expect(server.services.batches[1]?.inputs).toHaveLength(1);
  });

  it.each<[string, string, Parameters<typeof formOf>[0], string]>([
    ['no file', '/predict', [['model', 'a']], 'image: expected a file'],
    ['no part at all', '/predict', [], 'image: expected a file'],
    ['two files', '/predict', Array(2).fill(['image', BYTES]), 'image: expected one file'],
    [
      'a thousand files',
      '/predict',
      Array(1_000).fill(['image', Uint8Array.of(1)]),
      'image: expected one file',
    ],
    [
      'more files than a batch may have',
      '/predict/batch',
      Array(21).fill(['image', BYTES]),
      'image: expected at most 20 files',
    ],
    ['a file of another name', '/predict', [['file', BYTES]], 'There is no field "file"'],
    [
      'a thousand unknown fields',
      '/predict',
      Array(1_000).fill(['x', 'y']),
      'There is no field "x"',
    ],
    [
      'a field twice',
      '/predict',
      [
        ['model', 'a'],
        ['model', 'a'],
        ['image', BYTES],
      ],
      'model: given twice',
    ],
    [
      'a field in the form and in the URL',
      '/predict?model=a',
      [
        ['model', 'a'],
        ['image', BYTES],
      ],
      'model: given twice',
    ],
    [
      'a number that is none',
      '/predict',
      [
        ['scores', '1e3'],
        ['image', BYTES],
      ],
      'scores: expected number',
    ],
    [
      'a flag that is none',
      '/predict',
      [
        ['outputs', 'yes'],
        ['image', BYTES],
      ],
      'outputs: expected boolean',
    ],
    [
      'a long field',
      '/predict',
      [
        ['model', 'a'.repeat(9_000)],
        ['image', BYTES],
      ],
      'model: longer than 8192 bytes',
    ],
    ['an unknown parameter', '/predict?modle=a', [['image', BYTES]], 'There is no field "modle"'],
  ])('refuses %s', async (_name, path, parts, message) => {
    expect(await refusal(path, formOf(parts))).toContain(message);
  });

  it.each([
    ['without an end', '--edge\r\nContent-Disposition: form-data; name="image"\r\n\r\nabc'],
    ['that ends in a field', '--edge\r\nContent-Disposition: form-data; name="model"\r\n\r\nabc'],
    ['that ends in the headers', '--edge\r\nContent-Disposition: form-da'],
    ['that is none', 'abc'],
    ['without a byte', ''],
  ])('refuses a form %s', async (_name, text) => {
    expect(await multipart(text)).toContain('not valid multipart/form-data');
  });

  it('refuses a form whose boundary is not named, and an image without a byte', async () => {
    expect(await refusal('/predict', 'abc', 'multipart/form-data')).toContain('boundary');
    expect(await refusal('/predict', '', 'image/png')).toContain('image: expected a file');
  });

  it.each(['/predict', '/predict/batch'])('holds %s to the limit of all bodies', async (path) => {
    const large = new Uint8Array(300_001);
    for (const [body, type] of [
      [large, 'image/png'],
      [formOf([['image', large]]), undefined],
    ] as const) {
      const { status, body: answer } = await send(path, body, type);
      expect(status).toBe(413);
      expect(errorSchema.parse(answer).error.code).toBe('PAYLOAD_TOO_LARGE');
    }
    // The length of a body in chunks is not known before.
    const chunked = new Response(large).body as ReadableStream;
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: chunked,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('takes uploads on these routes only, and nothing compressed', async () => {
    const image = { 'content-type': 'image/png' };
    for (const path of ['/models/reload', '/outcomes', '/graphql']) {
      const [sent, form] = await Promise.all([
        server.post(path, 'x', image),
        fetch(server.url + path, { method: 'POST', body: formOf([['image', BYTES]]) }),
      ]);
      expect([path, sent.status, form.status]).toEqual([path, 415, 415]);
    }
    const packed = await server.post('/predict', 'x', { ...image, 'content-encoding': 'gzip' });
    expect(packed.status).toBe(415);
    const other = await server.post('/predict', 'x', { 'content-type': 'application/pdf' });
    expect(other.status).toBe(415);
    expect(await other.text()).toContain('multipart/form-data or image/*');
  });

  it('refuses the form of a page of another site', async () => {
    const response = await fetch(`${server.url}/predict`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
      body: formOf([['image', BYTES]]),
    });
    expect(response.status).toBe(403);
    expect(server.services.requests).toEqual([]);
  });
});
