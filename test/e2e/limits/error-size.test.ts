import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../src/errors.ts';
import { openGraphQLSocket } from '../../support/api/graphql-socket.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

/** Longest text that an error may hold, in characters. */
const LONGEST = 500;

/** Most errors of one answer. */
const MOST = 10;

/** Largest answer that such errors make. */
const MOST_BYTES = 50_000;

/** All texts of a value, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function expectSmall(text: string): void {
  expect(text.length).toBeLessThan(MOST_BYTES);
  const body = JSON.parse(text) as { errors?: unknown[]; error?: unknown };
  expect(body.errors ?? body.error).toBeDefined();
  expect(body.errors?.length ?? 1).toBeLessThanOrEqual(MOST);
  for (const each of textsOf(body)) expect(each.length).toBeLessThanOrEqual(LONGEST);
}

const LONG = 'n'.repeat(200_000);
const NAME = 'n'.repeat(900);
const many = (count: number, part: (at: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, at) => part(at)).join(separator);

describe('errors, whatever made them', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp();
  });
  afterAll(() => server.stop());

  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return response.text();
  };

  const OPERATIONS: [string, string, Record<string, unknown>?][] = [
    ['the parser', `{ a(b: "${LONG}`],
    ['the parser, of a long name', `{ ${LONG} ${LONG}`],
    ['validation', `{ ${many(200, (at) => `${NAME}${at}`)} }`],
    ['validation, of a long name', `{ ${LONG} }`],
    [
      'validation, of a long operation name',
      `query ${NAME}(${many(100, (at) => `$v${at}: Int`)}) { __typename }`,
    ],
    [
      'validation, of a long operation name beyond the limit',
      `query ${LONG}(${many(100, (at) => `$v${at}: Int`)}) { __typename }`,
    ],
    [
      'variables',
      'mutation ($i: [ModelInput!]!) { predictBatch(inputs: $i) { latencyMs } }',
      { i: many(500, () => LONG.slice(0, 5_000), '|').split('|') },
    ],
    [
      'unknown members of variables',
      'mutation ($i: ModelInput!) { predict(input: $i) { id } }',
      { i: { [LONG]: 1 } },
    ],
    [
      'execution',
      `mutation { ${many(50, (at) => `a${at}: predict(model: "nope", input: { text: "a" }) { id }`)} }`,
    ],
    [
      'a service that quotes a model',
      'mutation ($m: String!) { predict(model: $m, input: { text: "a" }) { id } }',
      { m: 'm'.repeat(256) },
    ],
    [
      'a codec that quotes columns',
      'mutation ($f: JSONObject!) { predict(model: "penguins", input: { features: $f }) { id } }',
      { f: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}${NAME}`, 0])) },
    ],
    [
      'a codec that quotes a value',
      'mutation ($f: JSONObject!) { predict(model: "penguins", input: { features: $f }) { id } }',
      { f: { island: LONG, sex: [LONG], bill_length_mm: { [LONG]: LONG }, [LONG]: 1 } },
    ],
    ['an operation that is not there', `query a { __typename }`, { operationName: LONG }],
  ];

  it.each(OPERATIONS)('are few and short over GraphQL: %s', async (_name, query, variables) => {
    const { operationName, ...rest } = variables ?? {};
    const body = { query, variables: rest, ...(operationName !== undefined && { operationName }) };
    expectSmall(await send('/graphql', body));
    const accept = 'application/graphql-response+json';
    expectSmall(await send('/graphql', body, { accept }));
  });

  it.each(OPERATIONS)('are few and short over WebSocket: %s', async (_name, query, variables) => {
    await using socket = await openGraphQLSocket(server.url);
    socket.subscribe('1', query, variables);
    const { type, payload } = await socket.next();
    const errors = type === 'error' ? payload : (payload as { errors: unknown }).errors;
    // Over a socket the name of the operation is left out, so that this one is found.
    if (errors !== undefined) expectSmall(JSON.stringify({ errors }));
    else expect(query).toBe('query a { __typename }');
  });

  it.each([
    ['unknown keys', '/predict', `{"input":"a",${many(9_000, (at) => `"k${at}":0`, ',')}}`],
    ['600,000 unknown keys', '/predict', `{${many(600_000, (at) => `"k${at}":0`, ',')}}`],
    ['a long unknown key', '/predict', { input: 'a', [LONG]: 1 }],
    [
      'many bad inputs',
      '/predict/batch',
      { inputs: new Array(9_000).fill({ [LONG.slice(0, 500)]: 1 }) },
    ],
    ['a long model', '/predict', { input: 'a', model: LONG }],
    ['a long feature', '/predict', { model: 'penguins', input: { features: { [LONG]: 1 } } }],
    [
      'many features',
      '/predict',
      `{"model":"penguins","input":{"features":{${many(9_000, (at) => `"k${at}":0`, ',')}}}}`,
    ],
    [
      'a long tensor',
      '/predict',
      {
        model: 'penguins',
        input: { tensors: [{ name: LONG, datatype: 'FP32', shape: [1], data: [1] }] },
      },
    ],
    ['an unknown path', `/${'p'.repeat(8_000)}`, {}],
  ])('are few and short over REST: %s', async (_name, path, body) => {
    expectSmall(await send(path, body));
  });

  it.each([
    ['an unknown tensor', { inputs: [{ name: LONG, datatype: 'FP32', shape: [1], data: [1] }] }],
    ['an unknown datatype', { inputs: [{ name: 'a', datatype: LONG, shape: [1], data: [1] }] }],
    [
      'an unknown output',
      {
        inputs: [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['a'] }],
        outputs: [{ name: LONG }],
      },
    ],
  ])('are few and short over the inference protocol: %s', async (_name, body) => {
    expectSmall(await send('/v2/models/banking77/infer', body));
    expectSmall(await send(`/v2/models/${'m'.repeat(8_000)}/infer`, body));
  });

  it('are short in the rows of a batch', async () => {
    const inputs = [{ features: { [LONG]: LONG, island: LONG } }];
    const text = await send('/predict/batch', { model: 'penguins', inputs });
    expect(text.length).toBeLessThan(MOST_BYTES);
    for (const each of textsOf(JSON.parse(text))) expect(each.length).toBeLessThanOrEqual(LONGEST);
  });
});

describe('a registry error', () => {
  it('is cut as it is made, its details too', () => {
    const error = new ServiceError('BAD_USER_INPUT', LONG, {
      details: { name: LONG, names: new Array(1_000).fill(LONG), nested: { name: LONG }, count: 3 },
    });
    expect(error.message).toHaveLength(LONGEST);
    expect(error.details?.names).toHaveLength(50);
    for (const each of textsOf(error.details)) expect(each).toHaveLength(LONGEST);
    expect(error.details?.count).toBe(3);
  });
});
