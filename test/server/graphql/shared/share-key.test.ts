import { getOperationAST, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../../schema/index.ts';
import { shareKeyOf } from '../../../../src/server/graphql/shared/share-key.ts';

const schema = buildSchema([], { maxBatchInputs: 8 });

const keyOf = (
  text: string,
  variableValues: Record<string, unknown> = {},
  { operationName, of = schema }: { operationName?: string; of?: GraphQLSchema } = {},
) => {
  const document = parse(text);
  const definition = getOperationAST(document, operationName);
  const params = { query: text, variables: variableValues, operationName, extensions: undefined };
  return definition
    ? shareKeyOf({ schema: of, document, definition, params }, 'everybody')
    : undefined;
};

describe('what subscriptions may share', () => {
  it.each([
    'subscription { metrics { timestamp } }',
    'subscription { alias: metrics(model: "a") { timestamp } }',
    'subscription { ... on Subscription { ...Root } } fragment Root on Subscription { metrics { model } }',
  ])('is %s', (text) => {
    expect(keyOf(text)).toBeDefined();
  });

  it.each([
    '{ metrics { timestamp } }',
    'mutation { metrics { timestamp } }',
    'subscription { modelEvents { kind } }',
    'subscription { metrics { timestamp } ...Root } fragment Root on Subscription { modelEvents { kind } }',
    'subscription A { metrics { model } } subscription B { metrics { model } }',
  ])('is not %s', (text) => {
    expect(keyOf(text)).toBeUndefined();
  });

  it('is not what has variables other than scalars', () => {
    const text = 'subscription { metrics { timestamp } }';
    expect(keyOf(text, { list: [1] })).toBeUndefined();
    expect(keyOf(text, { object: {} })).toBeUndefined();
    expect(keyOf(text, { a: null, b: 1, c: 'x', d: true })).toBeDefined();
  });

  it('is the same whatever the order of the variables', () => {
    const text = 'subscription { metrics { timestamp } }';
    expect(keyOf(text, { a: 1, b: 2 })).toBe(keyOf(text, { b: 2, a: 1 }));
  });

  it.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, { a: 'null' }],
    [{ a: null }, {}],
    [{ a: Number.POSITIVE_INFINITY }, { a: null }],
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
  ])('differs between the variables %j and %j', (one, other) => {
    const text = 'subscription { metrics { timestamp } }';
    expect(keyOf(text, one)).not.toBe(keyOf(text, other));
  });

  it('differs between documents, operations and schemas', () => {
    const text = 'subscription A { metrics { model } } subscription B { metrics { replicas } }';
    const keys = [
      keyOf(text, {}, { operationName: 'A' }),
      keyOf(text, {}, { operationName: 'B' }),
      keyOf(text, {}, { operationName: 'A', of: buildSchema([], { maxBatchInputs: 8 }) }),
      keyOf('subscription A { metrics { model } }', {}, { operationName: 'A' }),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it('is found at once for fragments that spread each other twice over', () => {
    const chain = Array.from({ length: 100 }, (_, i) => {
      const below = i < 99 ? `...F${i + 1} ...F${i + 1}` : 'metrics { model }';
      return `fragment F${i} on Subscription { ${below} }`;
    });
    expect(keyOf(`subscription { ...F0 } ${chain.join(' ')}`)).toBeDefined();
  });
});
