import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelSchema } from '../../../src/server/rest/models.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

describe('changes of what is served', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.services.changes.length = 0;
    server.services.requests.length = 0;
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(server.url + path, {
      method,
      // Asked for without a body too: a form on another page cannot send it.
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('are mutations', async () => {
    const { data, errors } = await server.graphql(`mutation {
      a: loadModel(name: "sentiment", version: "1", force: true) { name }
      b: unloadModel(name: "sentiment") { state }
      c: reloadModels { name }
      d: setTraffic(
        model: "sentiment"
        split: [{ version: "canary", percent: 12.5 }]
        shadow: { version: "3", percent: 100 }
      ) { traffic { version percent } shadow { version percent } }
      e: setTraffic(model: "sentiment", split: []) { traffic { version } }
      f: setTraffic(model: "sentiment") { versionLabels }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      a: { name: 'sentiment' },
      d: {
        traffic: [{ version: 'canary', percent: 12.5 }],
        shadow: { version: '3', percent: 100 },
      },
    });
    expect(server.services.changes).toEqual([
      ['loadModel', 'sentiment', '1', true],
      ['unloadModel', 'sentiment', undefined],
      ['reloadModels', undefined, false],
      [
        'setTraffic',
        'sentiment',
        {
          split: [{ version: 'canary', percent: 12.5 }],
          shadow: { version: '3', percent: 100 },
        },
      ],
      ['setTraffic', 'sentiment', { split: [], shadow: null }],
      ['setTraffic', 'sentiment', null],
    ]);
  });

  it('are REST routes, with or without a body', async () => {
    const loaded = await call('POST', '/models/sentiment/load');
    expect(loaded.status).toBe(200);
    expect(modelSchema.strict().parse(loaded.body)).toEqual(loaded.body);
    await call('POST', '/models/sentiment/unload', { version: '1' });
    expect((await call('POST', '/models/reload', { model: 'sentiment' })).body).toHaveProperty(
      'models',
    );
    const split = [{ version: '2', percent: 10 }];
    expect((await call('PUT', '/models/sentiment/traffic', { split })).body).toMatchObject({
      traffic: split,
      shadow: null,
    });
    await call('PUT', '/models/sentiment/traffic', {});
    expect(server.services.changes).toEqual([
      ['loadModel', 'sentiment', undefined, false],
      ['unloadModel', 'sentiment', '1'],
      ['reloadModels', 'sentiment', false],
      ['setTraffic', 'sentiment', { split, shadow: null }],
      ['setTraffic', 'sentiment', null],
    ]);
  });

  it('are refused without a media type, also with an empty body', async () => {
    for (const headers of [{}, { 'content-type': 'application/x-www-form-urlencoded' }]) {
      for (const path of ['/models/reload', '/models/sentiment/unload']) {
        const response = await fetch(server.url + path, { method: 'POST', headers });
        expect(response.status).toBe(415);
      }
    }
    expect(server.services.changes).toEqual([]);
  });

  it('are refused to pages of other sites', async () => {
    for (const headers of [
      { origin: 'https://other.example' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await server.post('/models/reload', {}, headers);
      expect(response.status).toBe(403);
      const answer = await server.graphql('mutation { reloadModels { name } }', {}, headers);
      expect(answer.status).toBe(403);
      expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
    expect(server.services.changes).toEqual([]);
  });

  it('are refused with reasons', async () => {
    expect((await call('POST', '/models/nope/load')).status).toBe(404);
    expect((await call('POST', '/models/sentiment/load', { verison: '1' })).status).toBe(400);
    const split = [{ version: '2', percent: 101 }];
    expect((await call('PUT', '/models/sentiment/traffic', { split })).status).toBe(400);
    expect((await call('PUT', '/models/sentiment/traffic')).status).not.toBe(200);
    expect((await call('GET', '/models/sentiment/load')).status).toBe(405);
    // A model may be called like the route.
    expect((await call('GET', '/models/reload')).body).toMatchObject({
      error: { code: 'MODEL_NOT_FOUND' },
    });
    const { errors } = await server.graphql('mutation { loadModel(name: "nope") { name } }');
    expect(errors?.[0]?.extensions?.code).toBe('MODEL_NOT_FOUND');
  });

  it('take the assignment key from argument, body or header, in this order', async () => {
    const header = { 'x-assignment-key': 'from-header' };
    const query = (args: string) => `mutation { predict(input: { text: "a" }${args}) { version } }`;
    await server.graphql(query(', assignmentKey: "from-argument"'), undefined, header);
    await server.graphql(query(''), undefined, header);
    await server.graphql(query(''), undefined, { ...header, origin: server.url });
    await server.graphql('{ sentiment(text: "a", assignmentKey: "typed") { version } }');
    await server.post('/predict', { input: 'a', assignment_key: 'from-body' }, header);
    await server.post('/predict', { input: 'a' }, header);
    await server.post('/predict', { input: 'a' }, { 'x-assignment-key': '' });
    expect(server.services.requests.map(({ assignmentKey }) => assignmentKey)).toEqual([
      'from-argument',
      'from-header',
      'from-header',
      'typed',
      'from-body',
      'from-header',
      undefined,
    ]);
  });
});
