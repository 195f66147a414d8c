import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const SHOP = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { tickets: [Ticket!]! }
  type Ticket @key(fields: "id") { id: ID! subject: String! }
`;

/** An island of penguins costs what its manifest says; nothing is measured before it predicts. */
const PENGUIN = { island: 'Biscoe', body_mass_g: 5100 };
const STATED = 4096;

describe('the cost of GraphQL operations', { timeout: 60_000 }, () => {
  let folder: ModelsFolder;
  const servers: RunningApp[] = [];
  beforeAll(async () => {
    folder = await makeModelsFolder();
    await folder.add('penguins');
    await folder.add('banking77', { versions: ['2'] });
    await folder.configure('penguins', { cost: { msPerRow: 4 } });
    await folder.configure('banking77', {
      cost: { msPerRow: 1 },
      entities: { Ticket: { input: { text: ['subject'] }, fields: { intent: 'label' } } },
    });
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(() => folder.remove());

  const serve = async (config: Partial<Config>) => {
    const server = await runApp({ modelsDir: folder.root, cacheMaxBytes: 0, ...config });
    servers.push(server);
    const ask = async (query: string, variables: object = {}) => {
      const { status, headers, text } = await server.post('/graphql', { query, variables });
      const { data, errors } = JSON.parse(text) as {
        data?: Record<string, unknown> | null;
        errors?: { extensions: { code: string; details: unknown } }[];
      };
      return { status, cost: headers.get('x-query-cost'), data, error: errors?.[0]?.extensions };
    };
    return { server, ask };
  };

  const BATCH =
    'mutation ($inputs: [ModelInput!]!) { predictBatch(inputs: $inputs, model: "penguins") { results { ... on Prediction { prediction } ... on PredictionError { code message } } } }';
  const inputs = (count: number) => Array.from({ length: count }, () => ({ features: PENGUIN }));

  it('is counted from rows, models and fields, and told in a header', async () => {
    const { ask } = await serve({ queryCost: 'measure', maxQueryCost: 1 });
    // One microsecond a field.
    expect((await ask('{ __typename a: __typename }')).cost).toBe('2');
    const one = 'penguins(island: Biscoe, bodyMassG: 5100)';
    const typed = await ask(`{ ${one} { prediction: label confidence } }`);
    expect(typed.error).toBeUndefined();
    expect(typed.cost).toBe(String(STATED + 3));
    expect((await ask(`{ a: ${one} { label } b: ${one} { label } }`)).cost).toBe(
      String(2 * (STATED + 2)),
    );
    // The list and its dearest member count once for each row.
    expect((await ask(BATCH, { inputs: inputs(8) })).cost).toBe(String(8 * STATED + 2 + 8 * 2));
    const skipped = `query ($no: Boolean!) { __typename ${one} @skip(if: $no) { label } }`;
    expect((await ask(skipped, { no: true })).cost).toBe('1');
    expect((await ask(skipped, { no: false })).cost).toBe(String(STATED + 3));
    const scored = 'query ($top: Int!) { banking77(text: "card") { scores(top: $top) { label } } }';
    expect((await ask(scored, { top: 20 })).cost).toBe(String(1024 + 2 + 20));
    const fragments = `{ ...A ...B } fragment A on Query { ${one} { label } } fragment B on Query { ${one} { label } }`;
    expect((await ask(fragments)).cost).toBe(String(STATED + 2));
    const entities = await ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { intent } } }',
      { r: Array.from({ length: 3 }, (_, i) => ({ __typename: 'Ticket', subject: `card ${i}` })) },
    );
    expect(entities.error).toBeUndefined();
    expect(entities.cost).toBe(String(1 + 3 * (1024 + 1)));
    // The default model is the first.
    const byName = 'mutation { predict(input: { text: "card" }) { prediction } }';
    expect((await ask(byName)).cost).toBe(String(1024 + 2));
  });

  it('over MAX_QUERY_COST is refused before anything runs, with QUERY_COST=enforce', async () => {
    const { server, ask } = await serve({ queryCost: 'enforce', maxQueryCost: 5 * STATED });
    expect((await ask(BATCH, { inputs: inputs(4) })).status).toBe(200);
    const cost = 5 * STATED + 2 + 5 * 2;
    const refused = await ask(BATCH, { inputs: inputs(5) });
    expect(refused).toMatchObject({
      status: 400,
      cost: String(cost),
      error: { code: 'COST_EXCEEDED', details: { cost, maxQueryCost: 5 * STATED } },
    });
    const { text } = await server.get('/metrics/prometheus');
    expect(text).toContain('ml_inference_query_cost_operations_total{outcome="refused"} 1');
    expect(text).toContain('ml_inference_limit_refusals_total{limit="MAX_QUERY_COST"} 1');
    expect(text).toContain(
      'ml_inference_requests_total{model="penguins",version="1",outcome="success"} 4',
    );
  });

  it('follows what was measured, and is printed in the SDL for gateways', async () => {
    const { server, ask } = await serve({ queryCost: 'measure' });
    const sdlOf = async () => {
      const { data } = await ask('{ _service { sdl } }');
      return (data?._service as { sdl: string }).sdl;
    };
    const before = await sdlOf();
    expect(before).toContain('"@cost", "@listSize"');
    expect(before).toMatch(
      new RegExp(`penguins\\([^]*?\\): \\w+ [^\\n]*@cost\\(weight: ${STATED}\\)`),
    );
    expect(before).toMatch(/models: \[Model!\]! @listSize\(assumedSize: 2\)/);
    expect(before).toMatch(/scores\([^]*?@listSize\(assumedSize: 5, slicingArguments: \["top"\]/);
    expect(before).toMatch(/text: String @cost\(weight: 1024\)/);
    const composed = composeServices([
      { name: 'models', typeDefs: parse(before), url: 'http://models' },
      { name: 'shop', typeDefs: parse(SHOP), url: 'http://shop' },
    ]);
    expect(composed.errors ?? []).toEqual([]);
    expect(composed.supergraphSdl).toContain(`@cost(weight: ${STATED})`);
    for (let i = 0; i < 64; i++) await ask(BATCH, { inputs: inputs(4) });
    const measured = Number((await ask(BATCH, { inputs: inputs(1) })).cost) - 4;
    expect(measured).toBeLessThan(STATED);
    expect(Math.log2(measured) % 1).toBe(0);
    expect(await sdlOf()).toContain(`@cost(weight: ${measured})`);
    const { text } = await server.get('/metrics/prometheus');
    expect(text).toContain(`ml_inference_row_cost_seconds{model="penguins"} ${measured / 1e6}`);
  });

  it('is not counted by default', async () => {
    const { ask } = await serve({});
    expect((await ask('{ __typename }')).cost).toBeNull();
    expect(JSON.stringify((await ask('{ _service { sdl } }')).data)).not.toContain('@cost');
  });

  it.skipIf(!redisServerAvailable)('is shared by replicas through Redis', async () => {
    const redis = await RedisServer.start();
    try {
      const config = { queryCost: 'measure', redisUrl: redis.url } as const;
      const { ask } = await serve(config);
      for (let i = 0; i < 64; i++) await ask(BATCH, { inputs: inputs(4) });
      const { cost } = await ask(BATCH, { inputs: inputs(1) });
      // The same connection carries the weight before the other replica reads it.
      const other = await serve(config);
      await expect
        .poll(async () => (await other.ask(BATCH, { inputs: inputs(1) })).cost)
        .toBe(cost);
    } finally {
      await redis.stop();
    }
  });
});
