import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe('bad input on both APIs', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp({ maxBodyBytes: 10 * 1024 * 1024 });
  });
  afterAll(() => server.stop());

  const OPERATION =
    'mutation ($input: ModelInput!, $model: String, $version: String) { predict(input: $input, model: $model, version: $version) { prediction } }';

  const cases: [string, { input: unknown; model?: string; version?: string }, string][] = [
    ['an empty text', { input: { text: '' } }, 'BAD_USER_INPUT'],
    ['a blank text', { input: { text: ' \n\t' } }, 'BAD_USER_INPUT'],
    ['an over-long text', { input: { text: 'a'.repeat(20_000) } }, 'BAD_USER_INPUT'],
    ['an input of another kind', { input: { features: { a: 1 } } }, 'BAD_USER_INPUT'],
    ['an unknown model', { input: { text: 'x' }, model: 'nope' }, 'MODEL_NOT_FOUND'],
    ['a hostile model name', { input: { text: 'x' }, model: '../../etc' }, 'MODEL_NOT_FOUND'],
    ['an unknown version', { input: { text: 'x' }, version: '99' }, 'MODEL_NOT_FOUND'],
  ];

  it.each(cases)('refuses %s with the same code', async (_name, body, code) => {
    const request = { model: 'banking77', ...body };
    const rest = await server.post('/predict', request);
    expect(rest.body.error.code).toBe(code);
    expect(rest.body.error.message).not.toMatch(/\/(work|root|home|usr)\//);
    const { errors } = await server.graphql(OPERATION, request);
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(errors?.[0]?.message).toBe(rest.body.error.message);
  });

  it.each([
    ['a number for the input', { input: 5 }],
    ['null for the input', { input: null }],
    ['no input', {}],
    ['two kinds at once', { input: { text: 'a', image: 'b' } }],
    ['an array', []],
    ['a string', 'hello'],
  ])('refuses %s over REST', async (_name, body) => {
    const { status, body: answer } = await server.post('/predict', body);
    expect(status).toBe(400);
    expect(answer.error.code).toBe('BAD_USER_INPUT');
  });

  it('refuses 10,001 inputs in one batch', async () => {
    const inputs = new Array(10_001).fill('hello');
    const { status, body } = await server.post('/predict/batch', { model: 'banking77', inputs });
    expect(status).toBe(400);
    expect(body.error.message).toContain('10000');
  });

  it('answers lone surrogates and NUL bytes like any text', async () => {
    for (const text of ['card \ud800 lost', 'card \udfff', 'card\u0000lost', '🏦💳']) {
      const { status } = await server.post('/predict', { model: 'banking77', input: text });
      expect(status).toBe(200);
    }
  });

  it('refuses invalid JSON, another media type and 20 MB, and answers the next request', async () => {
    const send = (body: string, type: string) =>
      fetch(`${server.url}/predict`, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await send('{"input": ', 'application/json')).status).toBe(400);
    expect((await send('input=hello', 'application/x-www-form-urlencoded')).status).toBe(415);
    const big = await send(JSON.stringify({ input: 'a'.repeat(20e6) }), 'application/json');
    expect(big.status).toBe(413);
    const next = await server.post('/predict', { model: 'banking77', input: 'where is my card' });
    expect(next.status).toBe(200);
  });
});
