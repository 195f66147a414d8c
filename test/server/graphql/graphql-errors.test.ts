import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MASKED_MESSAGE, ServiceError } from '../../../src/errors.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const PREDICT = 'mutation ($input: ModelInput!) { predict(input: $input) { id } }';

describe('errors over GraphQL', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const codeOf = async (query: string, variables?: Record<string, unknown>) => {
    const { status, errors } = await server.graphql(query, variables);
    return { status, code: errors?.[0]?.extensions?.code, message: errors?.[0]?.message };
  };

  it('carry the code, details and retry of the service', async () => {
    server.services.state.beforePredict = () => {
      throw new ServiceError('OVERLOADED', 'full', {
        details: { queued: 9 },
        retryAfterSeconds: 2,
      });
    };
    const { status, data, errors } = await server.graphql(PREDICT, { input: { text: 'a' } });
    expect(status).toBe(200);
    expect(data).toBeNull();
    expect(errors).toEqual([
      {
        message: 'full',
        path: ['predict'],
        locations: [{ line: 1, column: 34 }],
        extensions: { code: 'OVERLOADED', details: { queued: 9 }, retryAfterSeconds: 2 },
      },
    ]);
  });

  it('hide what is unexpected, and log it once under the id of the request', async () => {
    server.services.state.beforePredict = () => {
      throw new TypeError('secret at /etc/passwd');
    };
    const { errors, headers } = await server.graphql(PREDICT, { input: { text: 'a' } });
    expect(errors?.[0]?.message).toBe(MASKED_MESSAGE);
    expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    const logged = server.log.filter(({ level }) => level === 50);
    expect(logged).toHaveLength(1);
    expect(logged[0]?.requestId).toBe(headers.get('x-request-id'));
    expect(JSON.stringify(logged[0])).toContain('secret');
  });

  it('tell a document that does not parse from one that does not fit', async () => {
    expect(await codeOf('{')).toMatchObject({ status: 200, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await codeOf('{')).toMatchObject({ status: 200, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await codeOf('{ nope }')).toMatchObject({
      status: 200,
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
    ['mutation { predict(input: { text: "secret" }, model: "nope") { id } }', 'MODEL_NOT_FOUND'],
  ])('are logged and counted as the client is told: %s', async (query, code) => {
    const counted: string[] = [];
    const counters = {
      callEnded: (_transport: string, _api: string, told: string) => void counted.push(told),
      limitReached: () => undefined,
      executorFallback: () => undefined,
    };
    await using other = await startServer({}, { counters });
    const { errors } = await other.graphql(query);
    expect(errors?.[0]?.extensions?.code).toBe(code);
    await vi.waitFor(() => expect(counted).toEqual([code]));
    const line = other.log.find(({ msg }) => msg === 'request');
    expect(line).toMatchObject({ code, path: '/graphql' });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it.each([
    ['a number for a text', { text: 5 }],
    ['null', null],
    ['nothing', {}],
    ['two kinds at once', { text: 'a', image: 'b' }],
    ['null for a kind', { text: null }],
    ['an unknown kind', { sound: 'a' }],
    ['an array', []],
    ['features that are no object', { features: [1] }],
    [
      'a tensor of an unknown type',
      { tensors: [{ name: 'x', datatype: 'FP8', shape: [], data: [] }] },
    ],
    [
      'a tensor without elements',
      { tensors: [{ name: 'x', datatype: 'FP32', shape: [1], data: 1 }] },
    ],
    ['a negative size', { tensors: [{ name: 'x', datatype: 'FP32', shape: [-1], data: [] }] }],
  ])('call %s a BAD_USER_INPUT', async (_name, input) => {
    expect(await codeOf(PREDICT, { input })).toMatchObject({ status: 200, code: 'BAD_USER_INPUT' });
    expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('do not repeat a large input', async () => {
    const { message } = await codeOf(PREDICT, { input: { text: ['x'.repeat(100_000)] } });
    expect(message?.length).toBeLessThan(1_000);
  });

  it.each([
    ['predict(input: {text: "a"}, model: "") { id }', 'model: '],
    ['predict(input: {text: "a"}, options: {timeoutMs: 0}) { id }', 'options.timeoutMs: '],
    ['predict(input: {text: "a"}) { scores(top: 0) { label } }', 'top: '],
    ['predictBatch(inputs: []) { latencyMs }', 'inputs: expected at least one input'],
  ])('name the argument of %s', async (field, expected) => {
    const { code, message } = await codeOf(`mutation { ${field} }`);
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain(expected);
  });

  it('refuse 10,001 inputs', async () => {
    const inputs = new Array(10_001).fill({ text: 'a' });
    const { code, message } = await codeOf(
      'mutation ($inputs: [ModelInput!]!) { predictBatch(inputs: $inputs) { latencyMs } }',
      { inputs },
    );
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toBe('inputs: expected at most 10000 inputs');
  });

  it('refuse a bad deadline header for the whole request', async () => {
    const { status, errors } = await server.graphql('{ health { status } }', undefined, {
      'x-request-timeout-ms': 'soon',
    });
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('refuse documents that are too deep or too long', async () => {
    const deep = `{ __schema { types { ${'fields { type { '.repeat(10)} name ${'} }'.repeat(10)} } } }`;
    expect(await codeOf(deep)).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    const long = `{ ${'__typename '.repeat(50_001)} }`;
    expect(await codeOf(long)).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
  });

  it('come quickly for fragments that spread each other in a chain', async () => {
    const chain = Array.from(
      { length: 300 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
    );
    const query = `{ ...F0 } ${chain.join(' ')} fragment F300 on Query { __typename }`;
    const { errors } = await server.graphql(query);
    expect(errors).toBeUndefined();
  });
});
