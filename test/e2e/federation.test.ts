import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const SHOP = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { tickets: [Ticket!]! }
  type Ticket @key(fields: "id") { id: ID! subject: String! message: String }
  type Penguin @key(fields: "tag") { tag: ID! island: String! mass: Float }
`;

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Ticket { id intent certainty }
    ... on Penguin { tag species answer { label } }
  }
}`;

interface Entities {
  readonly _entities: readonly (Record<string, unknown> | null)[];
}

describe('a server in a federated graph', { timeout: 60_000 }, () => {
  let folder: ModelsFolder;
  let server: RunningApp;
  beforeAll(async () => {
    folder = await makeModelsFolder();
    await folder.add('banking77', { versions: ['2'] });
    await folder.add('penguins');
    await folder.configure('banking77', {
      entities: {
        Ticket: {
          input: { text: ['subject', 'message'] },
          fields: { intent: 'label', certainty: 'confidence' },
          types: { message: 'String' },
        },
      },
    });
    await folder.configure('penguins', {
      entities: {
        Penguin: {
          key: 'tag',
          input: { features: { island: 'island', body_mass_g: 'mass' } },
          fields: { species: 'label', answer: 'prediction' },
        },
      },
    });
    server = await runApp({ modelsDir: folder.root, entityWindowMs: 50 });
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  const batches = async (model: string): Promise<number> => {
    const { data } = await server.graphql<{ metrics: { batches: number } }>(
      `{ metrics(model: "${model}") { batches } }`,
    );
    return data.metrics.batches;
  };

  it('has an SDL that composes with the subgraph that owns the types', async () => {
    const { data } = await server.graphql<{ _service: { sdl: string } }>('{ _service { sdl } }');
    const { sdl } = data._service;
    expect(sdl).toContain('type Ticket @key(fields: "id")');
    expect(sdl).toMatch(/subject: String! @external/);
    expect(sdl).toMatch(/intent: Banking77Label @requires\(fields: "subject message"\)/);
    expect(sdl).not.toContain('_entities');
    const composed = composeServices([
      { name: 'shop', typeDefs: parse(SHOP), url: 'http://shop' },
      { name: 'models', typeDefs: parse(sdl), url: 'http://models' },
    ]);
    expect(composed.errors ?? []).toEqual([]);
    expect(composed.supergraphSdl).toContain('intent: Banking77Label');
  });

  it('predicts all entities of one fetch, and of a fetch in parts, in one batch', async () => {
    const before = await batches('banking77');
    const part = (from: number) =>
      server.graphql<Entities>(ENTITIES, {
        representations: Array.from({ length: 10 }, (_, i) => ({
          __typename: 'Ticket',
          id: String(from + i),
          subject: `Where is my card number ${from + i}?`,
          message: null,
        })),
      });
    const [one, two] = await Promise.all([part(0), part(10)]);
    expect(one.errors).toBeUndefined();
    expect(one.data._entities).toHaveLength(10);
    expect(two.data._entities[0]).toMatchObject({
      id: '10',
      intent: expect.any(String) as string,
      certainty: expect.any(Number) as number,
    });
    expect((await batches('banking77')) - before).toBe(1);
  });

  it('fails for a bad representation alone, and says what is missing', async () => {
    const { data, errors } = await server.graphql<Entities>(ENTITIES, {
      representations: [
        { __typename: 'Penguin', tag: 'a', island: 'Biscoe', mass: 5100 },
        { __typename: 'Penguin', tag: 'b', mass: 5100 },
        { __typename: 'Stranger', id: '1' },
        'not an object',
        { __typename: 'Ticket', id: '2', subject: 7, message: null },
        { __typename: '__proto__' },
      ],
    });
    expect(data._entities[0]).toMatchObject({ species: 'Gentoo', answer: { label: 'Gentoo' } });
    expect(data._entities.slice(1)).toEqual([
      { tag: 'b', species: null, answer: null },
      null,
      null,
      { id: '2', intent: null, certainty: null },
      null,
    ]);
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
    const messages = errors?.map(({ message }) => message).join('\n');
    expect(messages).toContain('lacks "island", which @requires names');
    expect(messages).toContain('Ticket, Penguin'.split(', ')[0]);
  });

  it('refuses more representations than a batch may have', async () => {
    const { data, errors } = await server.graphql<Entities | null>(ENTITIES, {
      representations: Array.from({ length: 10_001 }, () => ({ __typename: 'Ticket' })),
    });
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('at most 10000');
  });
});
