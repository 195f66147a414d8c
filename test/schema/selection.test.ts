import { buildSchema, graphqlSync, type GraphQLResolveInfo } from 'graphql';
import { expect, it } from 'vitest';
import { isSelected } from '../../schema/selection.ts';

const schema = buildSchema(`
  type Query { batch: Batch }
  type Batch { results: [Result!]! latencyMs: Float }
  union Result = Row | Failure
  type Row { outputs: Int prediction: Int }
  type Failure { code: Int }
`);

function selects(source: string, variableValues: Record<string, unknown> = {}): boolean {
  let selected: boolean | undefined;
  const rootValue = {
    batch: (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      selected = isSelected(info, 'results', 'outputs');
      return null;
    },
  };
  const { errors } = graphqlSync({ schema, source, rootValue, variableValues });
  expect(errors).toBeUndefined();
  return selected ?? false;
}

it.each([
  ['a plain field', '{ batch { results { ... on Row { outputs } } } }', true],
  ['an alias', '{ batch { results { ... on Row { raw: outputs } } } }', true],
  ['another field', '{ batch { results { ... on Row { prediction } } } }', false],
  [
    'another field of that alias',
    '{ batch { results { ... on Row { outputs: prediction } } } }',
    false,
  ],
  ['only the field above', '{ batch { latencyMs } }', false],
  [
    'a fragment',
    '{ batch { ...B } } fragment B on Batch { results { ...R } } fragment R on Row { outputs }',
    true,
  ],
  [
    'the second of two',
    '{ batch { latencyMs } batch { results { ... on Row { outputs } } } }',
    true,
  ],
  ['a skipped field', '{ batch { results { ... on Row { outputs @skip(if: true) } } } }', false],
  [
    'a field not skipped',
    '{ batch { results { ... on Row { outputs @skip(if: false) } } } }',
    true,
  ],
  [
    'a field not included',
    '{ batch { results { ... on Row @include(if: false) { outputs } } } }',
    false,
  ],
])('sees %s', (_name, source, expected) => {
  expect(selects(source)).toBe(expected);
});

it('obeys variables', () => {
  const source =
    'query ($raw: Boolean!) { batch { results { ... on Row { prediction outputs @include(if: $raw) } } } }';
  expect(selects(source, { raw: true })).toBe(true);
  expect(selects(source, { raw: false })).toBe(false);
});

it('walks fragments that spread each other twice only once', () => {
  const chain = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Row { ... on Row { ...F${i + 1} } ...F${i + 1} }`,
  );
  const source = `{ batch { results { ...F0 } } } ${chain.join(' ')} fragment F60 on Row { prediction }`;
  // Executed without validation, which walks such chains 2^n times itself.
  expect(selects(source)).toBe(false);
});
