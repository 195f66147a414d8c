import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { OperationParams } from '../operation-params.ts';

/** A subscription that may be shared. */
export interface ShareableOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** As the client sent it. */
  readonly params: OperationParams;
}

/** Numbers schemas, so that a key tells which one it belongs to without holding it in memory. */
const schemaNumbers = new WeakMap<GraphQLSchema, number>();
let schemas = 0;

/**
 * Name of the stream that an operation may share: operations with the same key have the same
 * results, whoever asks. A field of the type `Subscription` that says `extensions: { shared: true }`
 * promises that: its events depend on its arguments alone, begin with the present state at once,
 * and nothing below it depends on the caller but what it may see.
 *
 * @param view of the caller: only those of the same view share anything
 * @returns `undefined` for what must be executed for its caller alone
 */
export function shareKeyOf(shareable: ShareableOperation, view: string): string | undefined {
  const { schema, definition, params } = shareable;
  if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return undefined;
  if (!selectsSharedOnly(definition.selectionSet, shareable, new Set())) return undefined;
  const variables = describeVariables(params.variables ?? {});
  if (variables === undefined) return undefined;
  const name = definition.name?.value ?? null;
  return JSON.stringify([numberOf(schema), view, params.query, name, variables]);
}

/** @param visited fragments that were looked at: those that spread each other would double the way */
function selectsSharedOnly(
  { selections }: SelectionSetNode,
  args: ShareableOperation,
  visited: Set<string>,
): boolean {
  const { document, schema } = args;
  return selections.every((selection) => {
    switch (selection.kind) {
      case Kind.FIELD: {
        const field = schema.getSubscriptionType()?.getFields()[selection.name.value];
        return field?.extensions.shared === true;
      }
      case Kind.INLINE_FRAGMENT:
        return selectsSharedOnly(selection.selectionSet, args, visited);
      case Kind.FRAGMENT_SPREAD: {
        const { value } = selection.name;
        if (visited.has(value)) return true;
        visited.add(value);
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === value,
        );
        return (
          fragment?.kind === Kind.FRAGMENT_DEFINITION &&
          selectsSharedOnly(fragment.selectionSet, args, visited)
        );
      }
    }
  });
}

/** Variables in the order of their names; only scalars, which are all that is worth comparing. */
function describeVariables(
  variables: Readonly<Record<string, unknown>>,
): readonly (readonly string[])[] | undefined {
  const described: string[][] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) return undefined;
    // JSON would make null of the numbers that have no JSON (1e999).
    described.push([name, value === null ? 'null' : typeof value, String(value)]);
  }
  return described.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function numberOf(schema: GraphQLSchema): number {
  let number = schemaNumbers.get(schema);
  if (number === undefined) {
    number = ++schemas;
    schemaNumbers.set(schema, number);
  }
  return number;
}
