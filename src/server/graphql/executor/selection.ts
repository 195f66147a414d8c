import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
} from 'graphql';
import type { Values } from './coercion.ts';

/** The valid operation that is compiled. */
export interface Operation {
  readonly schema: GraphQLSchema;
  readonly definition: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * Fields that are selected on an object type, by response key, in the order of their execution,
 * after "Field Collection" of the specification
 * (https://spec.graphql.org/October2021/#sec-Field-Collection).
 *
 * @param variables those that `@skip` and `@include` depend on
 */
export function collectFields(
  operation: Operation,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  variables: Values,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
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

/** @throws {GraphQLError} where a variable of the directive is null */
function isIncluded(node: SelectionNode, variables: Values): boolean {
  if (!node.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variables);
  if (skip?.if === true) return false;
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variables);
  return include?.if !== false;
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
