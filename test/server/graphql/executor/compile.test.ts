import {
  buildSchema,
  execute,
  type ExecutionResult,
  getIntrospectionQuery,
  parse,
  type DocumentNode,
  getOperationAST,
} from 'graphql';
import { type GraphQLSchema, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileOperation } from '../../../../src/server/graphql/executor/compile.ts';

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(resolve, value));
const failLater = (message: string): Promise<never> =>
  new Promise((_resolve, reject) => setImmediate(reject, new Error(message)));

const SCHEMA = `
  enum Colour { RED GREEN }
  input Point { x: Float! = 1, y: Float, tags: [String!], next: Point, colour: Colour = RED }
  input Choice @oneOf { text: String, point: Point }
  interface Named { name: String! }
  type Cat implements Named { name: String!, lives: Int, friends: [Named!]! }
  type Dog implements Named { name: String!, barks: Boolean }
  union Pet = Cat | Dog
  type Node {
    id: ID!
    echo(point: Point, choice: Choice, list: [Int!] = [1, 2], n: Int! = 7, any: String): String
    child: Node
    must: Node!
    sync(n: Int): Int
    async: Int
    strict: Int!
    strictAsync: Int!
    fails: String
    failsAsync: String
    value: Colour
    list: [Int]
    strictList: [Int!]
    strictAsyncList: [Int!]!
    notAList: [Int]
    nested: [[Int!]]
    pets: [Pet]
    named: [Named!]
    unknownPet: Pet
    method(x: Int): String
    error: Int
    badInt: Int
  }
  type Query { node: Node, must: Node!, other(id: ID!): Node, deep: Node! }
  type Mutation { first: Int, second: Int!, fails: Int }
`;

class Source {
  readonly id = 1;
  readonly value = 'RED';
  get list() {
    return [1, null, later(3), failLater('item')];
  }
  readonly strictList = [1, null];
  get strictAsyncList() {
    return [later(1), failLater('one'), failLater('two')];
  }
  readonly notAList = 'abc';
  readonly nested = [[1, 2], null, [null]];
  readonly strict = null;
  get strictAsync() {
    return later(null);
  }
  get async() {
    return later(5);
  }
  readonly badInt = 'x';
  readonly error = new Error('a value that is an error');
  method({ x }: { x?: number }, context: { name: string }) {
    return `${this.id} ${x} ${context.name}`;
  }
  get child() {
    return new Source();
  }
  get must() {
    return later(new Source());
  }
  get pets() {
    const cat = {
      __typename: 'Cat',
      name: 'Tom',
      lives: 7,
      friends: [{ __typename: 'Dog', name: null }],
    };
    return [cat, later({ __typename: 'Dog', name: 'Rex', barks: true }), null];
  }
  get named() {
    return [{ __typename: 'Cat', name: later('Tom'), friends: [] }];
  }
  get unknownPet() {
    return { __typename: 'Fish' };
  }
  get fails(): never {
    throw new Error('no');
  }
  get failsAsync() {
    return failLater('not later either');
  }
}

const log: string[] = [];

function createSchema(): GraphQLSchema {
  const schema = buildSchema(SCHEMA);
  const node = schema.getType('Node');
  const fields = node && 'getFields' in node ? node.getFields() : {};
  Object.assign(fields.echo ?? {}, {
    resolve: (_source: unknown, args: object, context: object, info: object) => {
      const { path, fieldName, variableValues, fieldNodes } = info as never as Record<
        string,
        object
      >;
      return JSON.stringify({ args, context, path, fieldName, variableValues, n: fieldNodes });
    },
  });
  Object.assign(fields.sync ?? {}, { resolve: (_source: unknown, { n }: { n?: number }) => n });
  const query = schema.getQueryType()?.getFields() ?? {};
  for (const field of Object.values(query)) field.resolve = () => new Source();
  Object.assign(query.deep ?? {}, { resolve: () => later(new Source()) });
  const mutation = schema.getMutationType()?.getFields() ?? {};
  const step = (name: string, result: () => unknown) => async () => {
    log.push(`${name} begins`);
    await later(null);
    log.push(`${name} ends`);
    return result();
  };
  Object.assign(mutation.first ?? {}, { resolve: step('first', () => 1) });
  Object.assign(mutation.second ?? {}, { resolve: step('second', () => null) });
  Object.assign(mutation.fails ?? {}, { resolve: step('fails', () => failLater('third')) });
  return schema;
}

const schema = createSchema();
const contextValue = { name: 'context' };

/** What both make of an operation; `undefined` where it is not compiled or nothing was executed. */
async function both(
  query: string,
  variables: Record<string, unknown> = {},
  operationName?: string,
): Promise<{ expected: ExecutionResult; actual: ExecutionResult | undefined }> {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const expected = await execute({
    schema,
    document,
    contextValue,
    variableValues: variables,
    operationName,
  });
  return { expected, actual: await run(document, variables, operationName) };
}

/** Compiles and executes; `undefined` where the variables do not fit. */
function run(
  document: DocumentNode,
  given: Record<string, unknown> = {},
  operationName?: string,
): ExecutionResult | Promise<ExecutionResult> | undefined {
  const definition = getOperationAST(document, operationName);
  const compiled = definition ? compileOperation(schema, document, definition) : undefined;
  const variables = compiled?.readVariables(given);
  return variables && compiled?.execute(contextValue, variables, undefined);
}

/** As it is sent; the order of errors is that in which promises settle. */
function sent(result: ExecutionResult | undefined) {
  const { data, errors } = JSON.parse(JSON.stringify(result ?? {})) as ExecutionResult;
  return { data, errors: errors?.map((error) => JSON.stringify(error)).sort() };
}

describe('a compiled operation', () => {
  it.each([
    ['leaves', '{ node { id value async sync(n: 3) list __typename } }'],
    [
      'aliases, merged fields and fragments',
      `
      { a: node { id ...F ... on Node { child { x: id } } } a: node { child { id } } b: node { id } }
      fragment F on Node { child { __proto__: value, sync(n: 4) ...G } }
      fragment G on Node { id }`,
    ],
    ['methods of the source', '{ node { method(x: 2) } }'],
    ['errors that leave null', '{ node { fails failsAsync error badInt id } }'],
    ['a list with null, promises and an error', '{ node { list nested } }'],
    ['lists that may not hold null', '{ node { strictList child { strictAsyncList } } }'],
    ['what is not a list', '{ node { notAList } }'],
    ['null where it is not allowed', '{ node { id child { strict } must { id strictAsync } } }'],
    ['an answer that is null altogether', '{ must { must { strict } } }'],
    ['an answer that turns null later', '{ deep { must { strictAsync } } }'],
    [
      'unions and interfaces',
      `
      { node { pets { __typename ... on Named { name } ... on Cat { lives friends { name } } ...D }
        named { name ... on Cat { lives } } } }
      fragment D on Dog { barks }`,
    ],
    [
      'constant arguments',
      `{ node {
      echo(point: { x: 3, tags: "one", next: { y: 2 } }, list: [4], n: 1, any: null) } }`,
    ],
    ['default arguments', '{ node { echo } other(id: 5) { id } }'],
    ['introspection', getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })],
    ['one type', '{ __type(name: "Point") { name inputFields { name defaultValue } } __typename }'],
  ])('answers as graphql-js does: %s', async (_what, query) => {
    const { expected, actual } = await both(query);
    expect(sent(actual)).toEqual(sent(expected));
    expect(actual?.data === undefined).toBe(false);
  });

  const VARIABLES = `query Q($point: Point, $choice: Choice, $list: [Int!], $n: Int! = 8, $any: String = "x") {
    node { echo(point: $point, choice: $choice, list: $list, n: $n, any: $any)
      again: echo(point: { next: $point, tags: ["a", $any] }, list: [$n]) }
  }`;

  it.each<[string, Record<string, unknown>]>([
    ['none', {}],
    [
      'all',
      {
        point: { y: 1, tags: ['a'], next: { x: 2, colour: 'GREEN' } },
        choice: { text: 't' },
        list: [1],
        n: 3,
        any: 'b',
      },
    ],
    ['null', { point: null, choice: null, list: null, any: null }],
    ['one for a list', { list: 4, point: { tags: 'one' } }],
    ['a list within a choice', { choice: { point: { tags: [] } } }],
    ['more than there are', { more: 1 }],
  ])('reads variables as graphql-js does: %s', async (_what, variables) => {
    const { expected, actual } = await both(VARIABLES, variables);
    expect(expected.data).toBeDefined();
    expect(sent(actual)).toEqual(sent(expected));
  });

  it.each<[string, Record<string, unknown>]>([
    ['null that is not allowed', { n: null }],
    ['of another type', { n: 'x' }],
    ['too large', { n: 2 ** 31 }],
    ['no enum value', { point: { colour: 'BLUE' } }],
    ['an unknown field', { point: { z: 1 } }],
    ['a field that may not be null', { point: { x: null } }],
    ['no object', { point: 'x' }],
    ['null in a list', { list: [1, null] }],
    ['two of one', { choice: { text: 'a', point: {} } }],
    ['none of one', { choice: {} }],
    ['null of one', { choice: { text: null } }],
    ['deep down', { point: { next: { next: { tags: [1] } } } }],
  ])('executes nothing where a variable does not fit: %s', async (_what, variables) => {
    const { expected, actual } = await both(VARIABLES, variables);
    expect(expected.data).toBeUndefined();
    expect(actual).toBeUndefined();
  });

  it('needs a variable that has no default', async () => {
    const query = 'query ($id: ID!) { other(id: $id) { id } }';
    expect((await both(query)).actual).toBeUndefined();
    const { expected, actual } = await both(query, { id: 1 });
    expect(sent(actual)).toEqual(sent(expected));
  });

  it('says what is wrong with an argument as graphql-js does', async () => {
    // A variable that may be null is allowed where the argument has a default.
    const query = 'query ($n: Int = 1) { node { echo(n: $n) id } }';
    const { expected, actual } = await both(query, { n: null });
    expect(expected.errors).toHaveLength(1);
    expect(sent(actual)).toEqual(sent(expected));
  });

  it('leaves null for a type that is not of the union', async () => {
    const { expected, actual } = await both('{ node { id unknownPet { __typename } } }');
    expect(sent(actual).data).toEqual(sent(expected).data);
    expect(actual?.errors).toHaveLength(1);
    expect(actual?.errors?.[0]?.path).toEqual(expected.errors?.[0]?.path);
  });

  it('runs the fields of a mutation one after the other', async () => {
    log.length = 0;
    const document = parse('mutation { fails first again: first }');
    const result = await run(document);
    expect(log).toEqual(
      ['fails', 'first', 'first'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    expect(result?.data).toEqual({ fails: null, first: 1, again: 1 });
    expect(result?.errors?.[0]?.path).toEqual(['fails']);
  });

  it('stops a mutation at a field that may not be null', async () => {
    log.length = 0;
    const document = parse('mutation { second first }');
    const result = await run(document);
    expect(log).toEqual(['second begins', 'second ends']);
    expect(result?.data).toBeNull();
    expect(result?.errors?.[0]?.path).toEqual(['second']);
  });

  it('can be executed again with other variables', async () => {
    const document = parse('query ($n: Int) { node { sync(n: $n) } }');
    for (const n of [1, 2, null]) {
      const result = await run(document, { n });
      expect(JSON.parse(JSON.stringify(result))).toEqual({ data: { node: { sync: n } } });
    }
  });

  it('is chosen by its name', async () => {
    const query = 'query A { node { id } } query B { other(id: 1) { value } }';
    for (const name of ['A', 'B']) {
      const { expected, actual } = await both(query, {}, name);
      expect(sent(actual)).toEqual(sent(expected));
    }
  });

  it.each([
    ['query ($a: Boolean!) { node { id @include(if: $a) sync(n: 1) @skip(if: $a) } }', { a: true }],
    [
      'query ($a: Boolean!) { node { id @include(if: $a) sync(n: 1) @skip(if: $a) } }',
      { a: false },
    ],
    ['query ($a: Boolean! = true) { node @skip(if: $a) { id } other(id: 1) { value } }', {}],
    ['query ($a: Boolean = true) { node { id } node @include(if: $a) { id } }', { a: null }],
    ['query ($a: Boolean = true) { node { id @skip(if: $a) } }', { a: null }],
    [
      'query ($a: Boolean!) { ...F @include(if: $a) } fragment F on Query { node { id } }',
      { a: false },
    ],
  ])('obeys @skip and @include: %s %j', async (query, variables) => {
    const { expected, actual } = await both(query, variables);
    expect(sent(actual)).toEqual(sent(expected));
  });

  it('leaves directives of the schema to others', () => {
    const withDirective = buildSchema('directive @x on FIELD\ntype Query { a: Int }');
    const document = parse('{ a @x }');
    const definition = getOperationAST(document)!;
    expect(compileOperation(withDirective, document, definition)).toBeUndefined();
  });
});
