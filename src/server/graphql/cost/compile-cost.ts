import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { costOf, type FieldCost } from '../../../../schema/cost.ts';
import { FIELD_COST } from '../../../access/cost/model-costs.ts';
import { compileArguments, type ReadArguments } from '../executor/arguments.ts';
import type { Values } from '../executor/coercion.ts';
import { findConditions, findField, fragmentsOf } from '../executor/compile.ts';
import { collectFields, type Operation } from '../executor/selection.ts';

/** Plans kept of one operation: one for each combination of what `@skip` and `@include` say. */
const MAX_PLANS = 16;

/** Cost of a row of a model; of the default one where none is named. */
export type Weigh = (model: string | undefined) => number;

/** What an operation costs with the variables of a request, in microseconds. */
export type CostOf = (variables: Values, weigh: Weigh) => number;

/** A field whose cost is known but for what its arguments say. */
interface CostedField {
  readonly name: string;
  readonly cost: FieldCost | undefined;
  readonly readArguments: ReadArguments | undefined;
  /** One for each object type that the field may answer. */
  readonly objects: readonly ObjectCost[];
}

type ObjectCost = readonly CostedField[];

/**
 * Compiles what an operation of a valid document costs: every field one microsecond for each time
 * that it is answered, and every row of a model its weight. Lists count as many items as their
 * arguments ask for, else one; what may be of several types counts as the dearest.
 */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): CostOf {
  const root = schema.getRootType(definition.operation);
  if (!root) return () => 0;
  const operation: Operation = { schema, definition, fragments: fragmentsOf(document) };
  // A directive of the schema's own selects nothing.
  const conditions = findConditions(document) ?? [];
  const plans = new Map<string, ObjectCost>();
  return (variables, weigh) => {
    const key = conditions.map((name) => String(variables[name])).join();
    let plan = plans.get(key);
    if (!plan) {
      plan = planObject(operation, root, [definition.selectionSet], variables);
      if (plans.size >= MAX_PLANS) plans.clear();
      plans.set(key, plan);
    }
    return sumOf(plan, variables, weigh, undefined, 0);
  };
}

function planObject(
  operation: Operation,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  variables: Values,
): ObjectCost {
  const fields: CostedField[] = [];
  for (const nodes of collectFields(operation, type, sets, variables).values()) {
    const [node] = nodes;
    const field = node && findField(operation.schema, type, node.name.value);
    if (!field) continue;
    const cost = costOf(field);
    fields.push({
      name: field.name,
      cost,
      readArguments: cost && field.args.length > 0 ? compileArguments(field, node) : undefined,
      objects: objectTypes(operation.schema, getNamedType(field.type)).map((object) =>
        planObject(operation, object, setsOf(nodes), variables),
      ),
    });
  }
  return fields;
}

function setsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

function objectTypes(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}

/**
 * @param sizedField field of the object that answers a list of `size` items
 */
function sumOf(
  fields: ObjectCost,
  variables: Values,
  weigh: Weigh,
  sizedField: string | undefined,
  size: number,
): number {
  let sum = 0;
  let shared: Set<string> | undefined;
  for (const { name, cost, readArguments, objects } of fields) {
    sum += FIELD_COST;
    let items = name === sizedField ? size : 1;
    let rows = 1;
    if (cost) {
      const args = readArguments?.(variables) ?? {};
      rows = cost.rows?.(args) ?? 1;
      items = cost.size?.(args) ?? items;
      if (cost.anyModel) {
        sum += rows * weigh(typeof args.model === 'string' ? args.model : undefined);
      } else if (cost.model !== undefined) {
        const isCounted = cost.isShared === true && shared?.has(cost.model) === true;
        if (!isCounted) sum += rows * weigh(cost.model);
        if (cost.isShared) (shared ??= new Set()).add(cost.model);
      }
    }
    let dearest = 0;
    for (const object of objects) {
      dearest = Math.max(dearest, sumOf(object, variables, weigh, cost?.sizedField, rows));
    }
    sum += items * dearest;
  }
  return sum;
}
