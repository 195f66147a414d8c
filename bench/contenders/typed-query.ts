import type { Api } from '../load/bodies.ts';
import { Skipped } from './contender.ts';

interface TypeRef {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType: TypeRef | null;
}

interface Field {
  readonly name: string;
  readonly type: TypeRef;
  readonly args: readonly { readonly name: string; readonly type: TypeRef }[];
}

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';
const FIELDS_OF = `query ($type: String!) {
  __type(name: $type) { fields { name type { ${TYPE} } args { name type { ${TYPE} } } } }
}`;

/** Fields of a typed answer that the subject selects where the schema has them. */
const WANTED = ['id', 'label', 'prediction', 'value', 'vector', 'confidence', 'latencyMs'];
const ALSO_WANTED = ['model', 'version', 'cached'];

/**
 * The query on the field that bears a model's name, made from the schema of the running server.
 *
 * @throws {Skipped} when the schema has no such field
 */
export async function typedApi(endpoint: string, model: string): Promise<Api> {
  const field = (await fieldsOf(endpoint, 'Query')).find(({ name }) => name === model);
  const argument = field?.args.find(({ type }) => type.kind === 'NON_NULL') ?? field?.args[0];
  if (!field || !argument) throw new Skipped(`the schema has no typed field "${model}"`);
  const answer = await fieldsOf(endpoint, nameOf(field.type));
  const leaves = answer.filter(({ type }) => isLeaf(type)).map(({ name }) => name);
  const selected = [...WANTED, ...ALSO_WANTED].filter((name) => leaves.includes(name));
  const { name, type } = argument;
  return {
    kind: 'typed',
    variable: name,
    query: `query Typed($${name}: ${print(type)}) { ${model}(${name}: $${name}) { ${selected.join(' ')} } }`,
  };
}

async function fieldsOf(endpoint: string, type: string): Promise<readonly Field[]> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: FIELDS_OF, variables: { type } }),
  });
  const { data } = (await response.json()) as {
    data?: { __type: { fields: readonly Field[] | null } | null };
  };
  return data?.__type?.fields ?? [];
}

function nameOf(type: TypeRef): string {
  return type.name ?? (type.ofType ? nameOf(type.ofType) : '');
}

function isLeaf(type: TypeRef): boolean {
  if (type.ofType) return isLeaf(type.ofType);
  return type.kind === 'SCALAR' || type.kind === 'ENUM';
}

function print(type: TypeRef): string {
  const inner = type.ofType ? print(type.ofType) : (type.name ?? '');
  if (type.kind === 'NON_NULL') return `${inner}!`;
  return type.kind === 'LIST' ? `[${inner}]` : inner;
}
