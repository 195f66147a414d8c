import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, Kind, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { checkDefinitions, checkDocument } from '../../../src/server/graphql/document-limits.ts';
import { openGraphQLSocket } from '../../support/api/graphql-socket.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

const texts = (count: number) => Array.from({ length: count }, (_, at) => ({ text: `card ${at}` }));

describe('the predictions of one operation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ maxBatchInputs: 10 });
  });
  afterAll(() => server.close());

  const batch = (alias: string, count: number) =>
    `${alias}: predictBatch(inputs: [${'{ text: "good" } '.repeat(count)}]) { latencyMs }`;
  const codesOf = async (query: string) => {
    const { errors = [] } = await server.graphql(query);
    return errors.map(({ extensions }) => extensions?.code);
  };

  it('are counted together over batches and aliases', async () => {
    expect(await codesOf(`mutation { ${batch('a', 5)} ${batch('b', 5)} }`)).toEqual([]);
    const { errors } = await server.graphql(`mutation { ${batch('a', 6)} ${batch('b', 6)} }`);
    expect(errors?.[0]?.message).toBe(
      'An operation may ask for at most 10 predictions, in all of its fields together.',
    );
    const aliases = Array.from(
      { length: 12 },
      (_, i) => `a${i}: predict(input: {text: "good"}) { id }`,
    );
    expect(await codesOf(`mutation { ${aliases.join(' ')} }`)).toEqual(['BAD_USER_INPUT']);
  });

  it('are counted together over fragments', async () => {
    const query = `mutation { ...f ...g } fragment f on Mutation { ${batch('a', 6)} }
      fragment g on Mutation { ${batch('b', 6)} }`;
    expect(await codesOf(query)).toEqual(['BAD_USER_INPUT']);
  });

  it('are counted anew for each operation of a socket', async () => {
    await using socket = await openGraphQLSocket(server.url);
    for (const id of ['1', '2']) {
      socket.subscribe(id, `mutation { ${batch('a', 8)} }`);
      expect((await socket.next()).payload).not.toHaveProperty('errors');
      await socket.next();
    }
  });
});

describe('answers', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp({ maxAnswerBytes: 2_000_000 });
  });
  afterAll(() => server.stop());

  const QUERY = `mutation ($inputs: [ModelInput!]!) {
    predictBatch(model: "banking77", inputs: $inputs) { results { ... on Prediction { scores(top: 77) { label score } } } }
  }`;

  it('over REST are refused where they are too large, and written whole where not', async () => {
    const body = { model: 'banking77', scores: 77 };
    const large = await server.post('/predict/batch', { ...body, inputs: texts(2_000) });
    expect([large.status, large.body.error.code]).toEqual([413, 'ANSWER_TOO_LARGE']);
    const fits = await server.post('/predict/batch', { ...body, inputs: texts(300) });
    expect(fits.status).toBe(200);
    expect(fits.body.results).toHaveLength(300);
    expect(fits.text.length).toBeGreaterThan(500_000);
  });

  it('over the inference protocol too', async () => {
    const body = (count: number) => ({
      inputs: [
        {
          name: 'text',
          datatype: 'BYTES',
          shape: [count],
          data: texts(count).map(({ text }) => text),
        },
      ],
    });
    const large = await server.post('/v2/models/banking77/infer', body(2_000));
    expect(large.status).toBe(413);
    const fits = await server.post('/v2/models/banking77/infer', body(1_000));
    const { outputs } = JSON.parse(fits.text) as { outputs: { shape: number[]; data: number[] }[] };
    expect(outputs[0]?.shape).toEqual([1_000, 77]);
    expect(outputs[0]?.data).toHaveLength(77_000);
  });

  it('are the same, whatever they are written in', async () => {
    const variables = { inputs: texts(300) };
    const expected = (await server.graphql(QUERY, variables)) as unknown;
    const answers: string[] = [];
    for (const accept of ['application/graphql-response+json', 'text/event-stream']) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: QUERY, variables }),
      });
      expect(response.headers.get('content-type')).toContain(accept);
      answers.push(await response.text());
    }
    expect(JSON.parse(answers[0] ?? '')).toEqual(expected);
    const data = /^data: (\{.*)$/m.exec(answers[1] ?? '')?.[1];
    expect(JSON.parse(data ?? '')).toEqual(expected);
    expect(answers[1]).toMatch(/event: complete\ndata:\n\n$/);
    await using socket = await openGraphQLSocket(server.url);
    socket.subscribe('1', QUERY, variables);
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: expected });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
  });

  it('that were refused are counted by the setting of their bound', async () => {
    await server.post('/predict', JSON.parse(`{"input":${'['.repeat(70)}${']'.repeat(70)}}`));
    await server.graphql(
      `{ ${Array.from({ length: 1_001 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    );
    const { text } = await server.get('/metrics/prometheus');
    for (const limit of ['MAX_ANSWER_BYTES', 'MAX_JSON_DEPTH', 'MAX_ALIASES']) {
      expect(text).toMatch(
        new RegExp(`^ml_inference_limit_refusals_total\\{.*limit="${limit}".*\\} [1-9]`, 'm'),
      );
    }
  });
});

describe('the defaults', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp();
  });
  afterAll(() => server.stop());

  it('admit the introspection of GraphiQL', async () => {
    const { errors } = await server.graphql(
      getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, oneOf: true }),
    );
    expect(errors).toBeUndefined();
  });

  it('admit 1,000 inline inputs', async () => {
    const row =
      '{ features: { island: "Biscoe", bill_length_mm: 46.2, bill_depth_mm: 14.4, flipper_length_mm: 214, body_mass_g: 4650, sex: "male" } }';
    const { errors, data } = await server.graphql<{ predictBatch: { results: unknown[] } }>(
      `mutation { predictBatch(model: "penguins", inputs: [${`${row} `.repeat(1_000)}]) { results { ... on Prediction { prediction } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.predictBatch.results).toHaveLength(1_000);
  });

  it('admit 10,000 inputs as variables, with five scores each', async () => {
    const { errors, data } = await server.graphql<{
      predictBatch: { results: { scores: unknown[] }[] };
    }>(
      `mutation ($inputs: [ModelInput!]!) {
        predictBatch(model: "banking77", inputs: $inputs) { results { ... on Prediction { scores { label score } } } }
      }`,
      { inputs: texts(10_000) },
    );
    expect(errors).toBeUndefined();
    expect(data.predictBatch.results).toHaveLength(10_000);
    expect(data.predictBatch.results.every(({ scores }) => scores.length === 5)).toBe(true);
  });

  it('admit images inline, in the document and in the body', async () => {
    const image = readFileSync('models/digits/examples/eight.png').toString('base64');
    const { errors } = await server.graphql(
      `mutation { predictBatch(model: "digits", inputs: [${`{ image: "${image}" } `.repeat(200)}]) { results { ... on Prediction { prediction } } } }`,
    );
    expect(errors).toBeUndefined();
    const inputs = new Array(5_000).fill({ image });
    const { status } = await server.post('/predict/batch', { model: 'digits', inputs });
    expect(status).toBe(200);
  });

  it('admit every documented example', () => {
    const config = loadConfig({});
    const files = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
    const examples = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/```graphql[^\n]*\n(.*?)```/gs)])
      .map(([, text = '']) => text);
    let operations = 0;
    for (const text of examples) {
      let document;
      try {
        document = parse(text, { maxTokens: config.maxDocumentTokens });
      } catch {
        // Some show only a part of a document.
        continue;
      }
      if (document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) operations++;
      expect(checkDefinitions(document)).toBeUndefined();
      expect(checkDocument(document, config)).toBeUndefined();
    }
    expect(operations).toBeGreaterThan(3);
  });
});
