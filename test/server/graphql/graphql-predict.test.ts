import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphql } from '../../generated/index.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const PREDICT = graphql(/* GraphQL */ `
  mutation Predict($input: ModelInput!, $model: String, $version: String) {
    predict(input: $input, model: $model, version: $version) {
      id
      prediction
      confidence
      scores(top: 1) {
        label
        score
      }
      model
      version
      cached
      latencyMs
      timings {
        encodeMs
        cacheMs
        queueMs
        inferenceMs
      }
    }
  }
`);

const BATCH = graphql(/* GraphQL */ `
  mutation PredictBatch($inputs: [ModelInput!]!) {
    predictBatch(inputs: $inputs) {
      latencyMs
      results {
        __typename
        ... on Prediction {
          prediction
        }
        ... on PredictionError {
          code
          message
          details
        }
      }
    }
  }
`);

describe('predictions over GraphQL', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('answers a prediction with all that was asked for', async () => {
    const { status, data, errors } = await server.execute(PREDICT, { input: { text: 'glad' } });
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data?.predict).toEqual({
      id: expect.stringMatching(/^[\w-]{36}$/) as string,
      prediction: 'positive',
      confidence: 0.75,
      scores: [{ label: 'positive', score: 0.75 }],
      model: 'sentiment',
      version: '2',
      cached: false,
      latencyMs: 1.5,
      timings: { encodeMs: 0.1, cacheMs: 0.2, queueMs: 0.3, inferenceMs: 0.9 },
    });
  });

  it('computes nothing that is not selected', async () => {
    await server.graphql('mutation { predict(input: {text: "a"}) { prediction } }');
    expect(server.services.computed).toEqual(['prediction']);
    expect(server.services.requests[0]?.allOutputs).toBe(false);
  });

  it('asks for all outputs when they are selected', async () => {
    const { data } = await server.graphql(
      'mutation { predict(input: {text: "a"}) { outputs { name datatype shape data } } }',
    );
    expect(server.services.requests[0]?.allOutputs).toBe(true);
    expect(data?.predict).toEqual({
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [1, 2], data: [0.25, 0.75] },
        { name: 'hidden', datatype: 'INT64', shape: [1, 1], data: [7] },
      ],
    });
    await server.graphql(
      'mutation { predictBatch(inputs: [{text: "a"}]) { results { ... on Prediction { outputs { name } } } } }',
    );
    expect(server.services.batches[0]?.allOutputs).toBe(true);
  });

  it('gives five scores unless told otherwise', async () => {
    await server.graphql('mutation { predict(input: {text: "a"}) { scores { label } } }');
    expect(server.services.computed).toEqual(['scores:5']);
  });

  it('answers a batch in order, with errors in their place', async () => {
    const { data } = await server.execute(BATCH, {
      inputs: [{ text: 'a' }, { image: 'aGk=' }, { text: 'b' }],
    });
    expect(data?.predictBatch.results).toEqual([
      { __typename: 'Prediction', prediction: 'positive' },
      {
        __typename: 'PredictionError',
        code: 'BAD_USER_INPUT',
        message: 'sentiment takes text.',
        details: { expected: 'text' },
      },
      { __typename: 'Prediction', prediction: 'positive' },
    ]);
    expect(data?.predictBatch.latencyMs).toBe(3);
  });

  it('hands on model, version and options', async () => {
    await server.graphql(
      `mutation { predict(input: {text: "a"}, model: "sentiment", version: "2",
         options: {timeoutMs: 250, priority: BULK, cache: REFRESH}) { id } }`,
    );
    expect(server.services.requests[0]).toMatchObject({
      input: { text: 'a' },
      model: 'sentiment',
      version: '2',
      timeoutMs: 250,
      priority: 'BULK',
      cache: 'refresh',
    });
  });

  it('takes the deadline of the header, and that of the options before it', async () => {
    const headers = { 'x-request-timeout-ms': '1500' };
    await server.graphql('mutation { predict(input: {text: "a"}) { id } }', {}, headers);
    await server.graphql(
      'mutation { predict(input: {text: "a"}, options: {timeoutMs: 9}) { id } }',
      {},
      headers,
    );
    expect(server.services.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([1500, 9]);
  });

  it('takes features and tensors as JSON, as literals and as variables', async () => {
    await server.graphql(
      'mutation ($age: JSON) { predict(input: {features: {age: $age, tags: ["a", 1.5, null, true]}}) { id } }',
      { age: 41 },
    );
    const tensors = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [[1, 2]] }];
    await server.graphql('mutation ($i: ModelInput!) { predict(input: $i) { id } }', {
      i: { tensors },
    });
    expect(server.services.requests.map(({ input }) => input)).toEqual([
      { features: { age: 41, tags: ['a', 1.5, null, true] } },
      { tensors },
    ]);
  });

  it('aborts the signal of the request when the client goes away', async () => {
    const waiting = new Promise<void>((resolve) => {
      server.services.state.beforePredict = ({ signal }) =>
        new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => {
            resolve();
            reject(new Error('gone'));
          });
          client.abort();
        });
    });
    const client = new AbortController();
    const body = JSON.stringify({ query: 'mutation { predict(input: {text: "a"}) { id } }' });
    await expect(
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: client.signal,
      }),
    ).rejects.toThrow();
    await waiting;
  });
});
