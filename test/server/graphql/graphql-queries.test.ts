import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('queries over GraphQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('tells the health', async () => {
    const { data } = await server.graphql(
      '{ health { status modelLoaded ready reasons uptimeSeconds serverVersion models { name state reason } } }',
    );
    expect(data?.health).toEqual({
      status: 'HEALTHY',
      modelLoaded: true,
      ready: true,
      reasons: ['broken: model.onnx is not a model'],
      uptimeSeconds: 10,
      serverVersion: '1.2.3',
      models: [
        { name: 'broken', state: 'FAILED', reason: 'model.onnx is not a model' },
        { name: 'sentiment', state: 'READY', reason: null },
      ],
    });
  });

  it('tells the metrics of all and of one', async () => {
    const { data } = await server.graphql(
      `{ all: metrics { model cacheHitRate avgLatencyMs p99LatencyMs batchSizes { upTo count } errors { code count } }
         one: metrics(model: "sentiment") { model } }`,
    );
    expect(data).toEqual({
      all: {
        model: null,
        cacheHitRate: 0.25,
        avgLatencyMs: 2,
        p99LatencyMs: 5,
        batchSizes: [
          { upTo: 1, count: 1 },
          { upTo: null, count: 1 },
        ],
        errors: [{ code: 'BAD_USER_INPUT', count: 2 }],
      },
      one: { model: 'sentiment' },
    });
  });

  it('describes the models', async () => {
    const { data } = await server.graphql(
      `{ models { name } model(name: "sentiment") {
           description isDefault servingVersion inputKind outputKind labels
           examples { input prediction }
           versions { version state engine backend loadMs workers signature { inputs { name datatype shape } } }
         } nothing: model(name: "nope") { name } }`,
    );
    expect(data).toEqual({
      models: [{ name: 'broken' }, { name: 'sentiment' }],
      model: {
        description: 'Tells whether a text is glad.',
        isDefault: true,
        servingVersion: '2',
        inputKind: 'TEXT',
        outputKind: 'CLASSIFICATION',
        labels: ['negative', 'positive'],
        examples: [{ input: { text: 'What a <great> day' }, prediction: 'positive' }],
        versions: [
          {
            version: '2',
            state: 'READY',
            engine: 'onnx',
            backend: 'cpu',
            loadMs: 12.5,
            workers: 1,
            signature: { inputs: [{ name: 'ids', datatype: 'INT32', shape: [null, 64] }] },
          },
        ],
      },
      nothing: null,
    });
  });

  it('answers introspection', async () => {
    const { errors } = await server.graphql(getIntrospectionQuery({ oneOf: true }));
    expect(errors).toBeUndefined();
  });
});
