import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { readFile } from 'node:fs/promises';
import { buildSchema, getNullableType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { typePolicies } from '../../../examples/apollo/type-policies.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';

describe('the cache policies for Apollo Client', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp();
  });
  afterAll(() => app.stop());

  const connect = (cache: InMemoryCache) =>
    new ApolloClient({ link: new HttpLink({ uri: `${app.url}/graphql` }), cache });

  it('name every type without an id that a field answers with by itself', async () => {
    const sdl = await readFile('schema/schema.graphql', 'utf8');
    const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
    const keyless = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => Object.values(type.getFields()))
      .map(({ type }) => getNullableType(type))
      .filter(isObjectType)
      .filter((type) => type.name !== '_Service' && !type.getFields().id);
    const names = [...new Set(keyless.map(({ name }) => name))].sort();
    expect(Object.keys(typePolicies).sort()).toEqual(names);
  });

  it('collect what several queries ask of one thing, without a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const client = connect(new InMemoryCache({ typePolicies }));
    const first =
      '{ health { status } models { id versions { id signature { inputs { name } } } } }';
    const second =
      '{ health { uptimeSeconds } models { id versions { id signature { outputs { name } } } } }';
    for (const query of [first, second]) await client.query({ query: gql(query) });
    const both = client.readQuery<{
      health: { status: string; uptimeSeconds: number };
      models: object[];
    }>({
      query: gql(
        '{ health { status uptimeSeconds } models { id versions { id signature { inputs { name } outputs { name } } } } }',
      ),
    });
    expect(both?.health.status).toBe('HEALTHY');
    expect(both?.health.uptimeSeconds).toBeGreaterThan(0);
    expect(both?.models).toHaveLength(3);
    expect(warn).not.toHaveBeenCalled();
    expect(error).not.toHaveBeenCalled();
    // Without them the second query costs the cache what the first one brought.
    const bare = connect(new InMemoryCache());
    for (const query of [first, second]) await bare.query({ query: gql(query) });
    expect(bare.readQuery({ query: gql('{ health { status } }') })).toBeNull();
    warn.mockRestore();
    error.mockRestore();
  });
});
