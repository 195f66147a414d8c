import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestAccess } from '../../support/access/keys.ts';
import { type RawAnswer, rawRequest } from '../../support/api/raw-http.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

/** Headers that every answer has, so that browsers make nothing else of it. */
const SECURITY_HEADERS = ['x-content-type-options', 'x-frame-options', 'referrer-policy'] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const JSON_TYPE = { 'content-type': 'application/json' };

/** The code of a refusal in the shape of each API. */
const SHAPES: Readonly<Record<string, (body: never) => unknown>> = {
  '/predict': ({ error }: { error: { code: string } }) => error.code,
  '/graphql': ({ errors }: { errors: [{ extensions: { code: string } }] }) =>
    errors[0].extensions.code,
  '/v2/models/sentiment/infer': ({ error }: { error: string }) => typeof error,
};

describe.each(Object.entries(SHAPES))('a refusal of %s at the door', (path, codeOf) => {
  let server: TestServer;
  const counted: string[] = [];
  const { access, keys } = createTestAccess({ all: { scopes: ['predict', 'models:read'] } });
  const key = { authorization: `Bearer ${keys.all}` };
  beforeEach(async () => {
    counted.length = 0;
    server = await startServer(
      { maxBodyBytes: 1_000, maxConcurrentRequests: 1 },
      {
        access,
        counters: {
          callEnded: (_transport, _api, code) => void counted.push(code),
          executorFallback: () => undefined,
          limitReached: () => undefined,
        },
      },
    );
  });
  afterEach(() => server.close());

  const check = async (answer: RawAnswer, status: number, code: string): Promise<void> => {
    expect(answer.status).toBe(status);
    const shape = codeOf(JSON.parse(answer.text) as never);
    expect(shape).toBe(path.startsWith('/v2') ? 'string' : code);
    expect(answer.headers['x-request-id']).toMatch(UUID);
    for (const name of SECURITY_HEADERS) expect(answer.headers[name], name).toBeTruthy();
    await vi.waitFor(() => {
      const lines = server.log.filter(
        ({ requestId }) => requestId === answer.headers['x-request-id'],
      );
      expect(lines).toMatchObject([{ msg: 'request', path, status, code }]);
      expect(counted).toContain(code);
    });
  };

  it.each([
    ['without a credential', JSON_TYPE, 401, 'UNAUTHENTICATED'],
    [
      'from a page of another site',
      { ...JSON_TYPE, ...key, origin: 'https://evil.example' },
      403,
      'FORBIDDEN',
    ],
    [
      'in another media type',
      { ...key, 'content-type': 'application/xml' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'without a deadline that is one',
      { ...JSON_TYPE, ...key, 'x-request-timeout-ms': 'soon' },
      400,
      'BAD_USER_INPUT',
    ],
  ])('%s is like any other answer', async (_name, headers, status, code) => {
    const answer = await rawRequest(server.url, { method: 'POST', path, headers, chunks: ['{}'] });
    await check(answer, status, code);
  });

  it('for its size is like any other answer', async () => {
    const answer = await rawRequest(server.url, {
      method: 'POST',
      path,
      headers: { ...JSON_TYPE, ...key },
      chunks: ['x'.repeat(1_001)],
    });
    await check(answer, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('in overload is like any other answer', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    server.services.state.beforePredict = () => held;
    const begun = once(server.services.events, 'predict');
    const first = server.post('/predict', { input: 'a' }, key);
    await begun;
    const headers = { ...JSON_TYPE, ...key };
    const answer = await rawRequest(server.url, { method: 'POST', path, headers, chunks: ['{}'] });
    letGo();
    await first;
    await check(answer, 503, 'OVERLOADED');
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('the name of an operation', () => {
  it('is logged, but not its whole length', async () => {
    await using server = await startServer();
    await server.graphql(`query ${'x'.repeat(1_000)} { __typename }`);
    await vi.waitFor(() => {
      const line = server.log.find(({ path }) => path === '/graphql');
      expect(line?.operation).toBe('x'.repeat(100));
    });
  });
});

describe('a GraphQL operation that fails', () => {
  it.each([
    ['{ nope }', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['{', { code: 'GRAPHQL_PARSE_FAILED' }],
    [
      'mutation { predict(model: "gone", input: { text: "a" }) { id } }',
      { code: 'MODEL_NOT_FOUND' },
    ],
    [
      'mutation { predict(model: "broken", input: { text: "a" }) { id } }',
      { code: 'MODEL_NOT_READY', reason: 'broken could not be loaded.' },
    ],
    ['mutation { predict(input: { text: "" }) { id } }', { code: 'BAD_USER_INPUT' }],
  ])('is told in its line of the log: %s', async (query, expected) => {
    await using server = await startServer();
    await server.graphql(query);
    await vi.waitFor(() => {
      const line = server.log.find(({ msg }) => msg === 'request');
      expect(line).toMatchObject({ ...expected, reason: expect.any(String) as string });
    });
  });
});

describe('bytes that make no request', () => {
  /** Sends bytes over a connection of their own, and gives what comes until it closes. */
  const send = async (url: string, text: string): Promise<string> => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_USER_INPUT'],
    ['another version', 'GET / HTTP/9.9\r\n\r\n', 400, 'BAD_USER_INPUT'],
    ['a target that is none', 'GET models HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'BAD_USER_INPUT'],
    [
      'two lengths',
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a length and chunks',
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'too many headers',
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`,
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('are refused like anything else: %s', async (_name, text, status, code) => {
    await using server = await startServer();
    const answer = await send(server.url, text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const name of SECURITY_HEADERS) expect(head.toLowerCase()).toContain(`${name}: `);
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
    const id = /X-Request-Id: (\S+)/.exec(head)?.[1];
    expect(id).toMatch(UUID);
    expect(server.log).toMatchObject([{ msg: 'request', requestId: id, status, code }]);
  });

  it('do not break into an answer that is being written', async () => {
    await using server = await startServer();
    const request = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await send(server.url, `${request}garbage\r\n\r\n`);
    expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(2);
    for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d+)/g)) {
      expect(['200', '400']).toContain(status);
    }
  });
});
