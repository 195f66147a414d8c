import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

describe('GraphQL over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const send = async (init: RequestInit, search = '') => {
    const response = await fetch(`${server.url}/graphql${search}`, init);
    return { response, body: (await response.json()) as Body };
  };

  it('answers queries by GET', async () => {
    const { response, body } = await send({}, '?query={__typename}&variables={}');
    expect(response.status).toBe(200);
    expect(body).toEqual({ data: { __typename: 'Query' } });
  });

  it('refuses mutations by GET', async () => {
    const query = encodeURIComponent('mutation { predict(input: {text: "a"}) { id } }');
    const { response, body } = await send({}, `?query=${query}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'METHOD_NOT_ALLOWED' });
    expect(server.services.requests).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/graphql', undefined])(
    'refuses a body sent as %s',
    async (type) => {
      const { response, body } = await send({
        method: 'POST',
        body: new TextEncoder().encode('{"query":"{__typename}"}'),
        ...(type !== undefined && { headers: { 'content-type': type } }),
      });
      expect(response.status).toBe(415);
      expect(body.errors?.[0]?.extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it('refuses multipart forms', async () => {
    const form = new FormData();
    form.set('operations', '{"query":"{__typename}"}');
    const { response } = await send({ method: 'POST', body: form });
    expect(response.status).toBe(415);
  });

  it('takes application/json with a charset', async () => {
    const { body } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"query":"{__typename}","variables":null,"operationName":null}',
    });
    expect(body).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    ['invalid JSON', '{"query":', 'The body is not valid JSON.'],
    ['an empty body', '', 'The body is empty; a JSON object is expected.'],
    ['a string', '"hello"', 'The body must be a JSON object with the key query.'],
    ['null', 'null', 'The body must be a JSON object with the key query.'],
    ['no query', '{}', 'query: expected a string with a GraphQL operation'],
    ['a number as the query', '{"query":5}', 'query: expected a string with a GraphQL operation'],
    [
      'a list of variables',
      '{"query":"{__typename}","variables":[]}',
      'variables: expected an object',
    ],
    [
      'a batch',
      '[{"query":"{__typename}"}]',
      'Several operations in one request are not supported; send one at a time.',
    ],
  ])('refuses %s', async (_name, text, message) => {
    const { response, body } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(response.status).toBe(400);
    expect(body.errors).toEqual([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('takes a body that begins with a byte order mark', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new TextEncoder().encode('\ufeff{"query": "{ health { status } }"}'),
    });
    expect(await response.json()).toMatchObject({ data: { health: {} } });
  });

  it('refuses a body that is not UTF-8', async () => {
    const { response, body } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(response.status).toBe(400);
    expect(body.errors?.[0]?.message).toBe('The body is not valid UTF-8.');
  });

  it('refuses bad variables in the query string', async () => {
    const { response, body } = await send({}, '?query={__typename}&variables={');
    expect(response.status).toBe(400);
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('refuses an operation that the document does not have', async () => {
    const { response, body } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"query A { __typename }","operationName":"B"}',
    });
    expect(response.status).toBe(400);
    expect(body.errors?.[0]?.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('answers other methods with 405 and Allow', async () => {
    const { response, body } = await send({ method: 'PUT' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(body.errors?.[0]?.extensions.code).toBe('METHOD_NOT_ALLOWED');
  });

  it('uses 400 for an operation that does not fit where the client takes the newer media type', async () => {
    const { response } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: '{"query":"{ nope }"}',
    });
    expect(response.status).toBe(400);
  });

  it('does not answer to a path that merely ends in /graphql or /health', async () => {
    for (const path of ['/x/graphql', '/x/health', '/graphql/']) {
      const { status, text } = await rawRequest(server.url, { path });
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
  });

  it('refuses a Host header or a target that is none, without a stack trace', async () => {
    for (const options of [{ headers: { host: 'a b' } }, { path: 'http://[' }]) {
      const { status, text } = await rawRequest(server.url, options);
      expect(status).toBe(400);
      expect(text).not.toContain('at ');
    }
  });

  it('logs none of these as a defect', () => {
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});
