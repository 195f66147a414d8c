import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
} from 'graphql';

/** The valid operation that is compiled. */
export interface Operation {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Selections that may still be looked at. */
  readonly budget: { selections: number };
}

/**
 * Most selections that are looked at for one operation. Fragments that are spread again and again
 * make more of a short document than the memory holds, although few of its fields may ever be
 * executed.
 */
export const MAX_SELECTIONS = 500;

/** The operation selects too much to be compiled. */
export class TooManySelectionsError extends Error {}

/**
 * Fields that are selected on an object type, by response key, in the order of their execution. For
 * operations without directives; what fields there are does not depend on variables then.
 *
 * @throws {TooManySelectionsError}
 */
export function collectFields(
  operation: Operation,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (--operation.budget.selections < 0) throw new TooManySelectionsError();
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(operation.schema, selection.typeCondition, type)) {
          collect(selection.selectionSet);
        }
      } else {
        const name = selection.name.value;
        const fragment = operation.fragments[name];
        if (!fragment || visited.has(name)) continue;
        visited.add(name);
        if (applies(operation.schema, fragment.typeCondition, type)) {
          collect(fragment.selectionSet);
        }
      }
    }
  };
  sets.forEach(collect);
  return fields;
}

function applies(
  schema: GraphQLSchema,
  condition: TypeNode | undefined,
  type: GraphQLObjectType,
): boolean {
  if (!condition) return true;
  const wanted = typeFromAST(schema, condition);
  return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
}
