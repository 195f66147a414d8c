import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../src/errors.ts';
import { batchSchema, errorSchema, predictionSchema } from '../../../src/server/rest/schemas.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('predictions over REST', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const post = async (path: string, body: unknown, headers?: Record<string, string>) => {
    const response = await server.post(path, body, headers);
    return { response, status: response.status, body: (await response.json()) as unknown };
  };

  it('takes a text', async () => {
    const { status, response, body } = await post('/predict', { input: 'a fine day' });
    expect(status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      id: expect.any(String) as string,
      prediction: 'positive',
      confidence: 0.75,
      latency_ms: 1.5,
      model: 'sentiment',
      version: '2',
      cached: false,
    });
    expect(predictionSchema.strict().parse(body)).toEqual(body);
    expect(server.services.requests[0]).toMatchObject({
      input: { text: 'a fine day' },
      allOutputs: false,
    });
    expect(server.services.computed).not.toContain('scores:5');
  });

  it('takes an object as ModelInput', async () => {
    await post('/predict', { input: { features: { age: 41 } } });
    expect(server.services.requests[0]?.input).toEqual({ features: { age: 41 } });
  });

  it('hands on model, version and options', async () => {
    await post('/predict', {
      input: 'a',
      model: 'sentiment',
      version: '2',
      options: { timeout_ms: 9, priority: 'bulk', cache: 'bypass' },
    });
    expect(server.services.requests[0]).toMatchObject({
      model: 'sentiment',
      version: '2',
      timeoutMs: 9,
      priority: 'BULK',
      cache: 'bypass',
    });
  });

  it('reads X-Request-Timeout-Ms and Cache-Control: no-cache', async () => {
    const headers = { 'x-request-timeout-ms': '700', 'cache-control': 'no-cache' };
    await post('/predict', { input: 'a' }, headers);
    expect(server.services.requests[0]).toMatchObject({ timeoutMs: 700, cache: 'refresh' });
    const { status } = await post('/predict', { input: 'a' }, { 'x-request-timeout-ms': '-1' });
    expect(status).toBe(400);
  });

  it('adds scores and outputs when they are asked for', async () => {
    const { body } = await post('/predict', { input: 'a', scores: 1, outputs: true });
    expect(body).toMatchObject({
      scores: [{ label: 'positive', score: 0.75 }],
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [1, 2], data: [0.25, 0.75] },
        { name: 'hidden', datatype: 'INT64', shape: [1, 1], data: [7] },
      ],
    });
    expect(server.services.requests[0]?.allOutputs).toBe(true);
  });

  it('answers a batch in order, with errors in their place', async () => {
    const { status, body } = await post('/predict/batch', {
      inputs: ['a', '', { text: 'b' }],
      scores: 2,
    });
    expect(status).toBe(200);
    expect(batchSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      latency_ms: 3,
      results: [
        { prediction: 'positive', scores: [{ label: 'positive' }, { label: 'negative' }] },
        { error: { code: 'BAD_USER_INPUT', message: 'The text is empty.' } },
        { prediction: 'positive' },
      ],
    });
  });

  it('answers errors of the service with status, details and Retry-After', async () => {
    server.services.state.beforePredict = () => {
      throw new ServiceError('OVERLOADED', 'full', {
        details: { queued: 9 },
        retryAfterSeconds: 1.2,
      });
    };
    const { status, response, body } = await post('/predict', { input: 'a' });
    expect(status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(body).toEqual({
      error: { code: 'OVERLOADED', message: 'full', details: { queued: 9 } },
    });
    expect(errorSchema.parse(body)).toEqual(body);
    expect((await post('/predict', { input: 'a', model: 'nope' })).status).toBe(503);
  });

  it('hides what is unexpected, and logs it once under the id of the request', async () => {
    server.services.state.beforePredict = () => {
      throw new TypeError('secret at /etc/passwd');
    };
    const { status, response, body } = await post('/predict', { input: 'a' });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    const logged = server.log.filter(({ level }) => level === 50);
    expect(logged).toHaveLength(1);
    expect(logged[0]?.requestId).toBe(response.headers.get('x-request-id'));
  });

  it.each([
    ['no input', {}, 'input: expected a text, or an object'],
    ['null', { input: null }, 'input: expected a text, or an object'],
    ['a number', { input: 5 }, 'input: expected a text, or an object'],
    ['an array', [], 'body: expected object, received array'],
    ['a null body', null, 'body: expected object, received null'],
    ['two kinds', { input: { text: 'a', image: 'b' } }, 'input: exactly one of text'],
    ['no kind', { input: {} }, 'input: exactly one of text'],
    ['an unknown kind', { input: { sound: 'a' } }, 'input: '],
    ['a wrong type inside', { input: { text: 5 } }, 'input.text: expected string'],
    ['an unknown key', { input: 'a', temperature: 1 }, 'temperature'],
    ['a bad option', { input: 'a', options: { timeout_ms: 0 } }, 'options.timeout_ms: '],
    ['a model that is no text', { input: 'a', model: 7 }, 'model: expected string'],
  ])('refuses %s', async (_name, sent, message) => {
    const { status, body } = await post('/predict', sent);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errorSchema.parse(body).error.message).toContain(message);
    expect(server.services.requests).toEqual([]);
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it.each([
    ['no inputs', { inputs: [] }, 'inputs: expected at least one input'],
    ['10,001 inputs', { inputs: new Array(10_001).fill('a') }, 'inputs: expected at most 10000'],
    ['a bad input', { inputs: ['a', { text: 5 }] }, 'inputs[1].text: expected string'],
    ['inputs that are no list', { inputs: 'a' }, 'inputs: expected array'],
  ])('refuses a batch of %s', async (_name, sent, message) => {
    const { status, body } = await post('/predict/batch', sent);
    expect(status).toBe(400);
    expect(errorSchema.parse(body).error.message).toContain(message);
  });

  it('hands texts on as they are: lone surrogates, NUL bytes', async () => {
    for (const text of ['\ud800', 'a\0b', '🏦']) {
      expect((await post('/predict', { input: text })).status).toBe(200);
      expect(server.services.requests.at(-1)?.input.text).toBe(text);
    }
  });
});
