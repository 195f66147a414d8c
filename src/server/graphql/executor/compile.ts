import {
  BREAK,
  defaultFieldResolver,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isLeafType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { compileArguments } from './arguments.ts';
import { compileVariables, type Values } from './coercion.ts';
import { compileCompletion, type Planner } from './completion.ts';
import type { FieldPlan, MaybePromise, Run } from './field.ts';
import {
  type Answer,
  createShape,
  executeFields,
  executeSerially,
  type ObjectPlan,
} from './object.ts';
import {
  collectFields,
  MAX_SELECTIONS,
  type Operation,
  TooManySelectionsError,
} from './selection.ts';

/** An operation that can be executed again and again. */
export interface CompiledOperation {
  /**
   * Executes it as graphql-js does.
   *
   * @returns `undefined` where the variables do not fit; nothing was executed then
   */
  execute(contextValue: unknown, variables: Values): MaybePromise<ExecutionResult> | undefined;
}

/**
 * Compiles a query or mutation of a valid document: the fields of each object, their resolvers,
 * arguments and types are looked up once instead of at each execution. What resolvers are given, what
 * comes out and which errors come with it is the same as with `execute` of graphql-js.
 *
 * @param operationName may be left out where the document has one operation
 * @returns `undefined` for what is left to graphql-js: subscriptions, documents with directives,
 *   operations that select very much, and those that are not to be found
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): CompiledOperation | undefined {
  const definition = findOperation(document, operationName);
  if (!definition || hasDirectives(document)) return undefined;
  const rootType = schema.getRootType(definition.operation);
  const readVariables = compileVariables(schema, definition.variableDefinitions ?? []);
  if (!rootType || !readVariables) return undefined;
  const plan = planOperation(rootType, {
    schema,
    definition,
    fragments: fragmentsOf(document),
    budget: { selections: MAX_SELECTIONS },
  });
  if (!plan) return undefined;
  const isSerial = definition.operation === OperationTypeNode.MUTATION && plan.fields.length > 1;
  return {
    execute(contextValue, given) {
      const variables = readVariables(given);
      if (!variables) return undefined;
      const run: Run = { contextValue, variables, errors: [] };
      try {
        const answer = isSerial
          ? executeSerially(plan, run)
          : executeFields(plan, undefined, undefined, run);
        if (!(answer instanceof Promise)) return toResult(answer, run);
        return answer.then(
          (settled) => toResult(settled, run),
          (thrown: unknown) => toFailure(thrown, run),
        );
      } catch (thrown) {
        return toFailure(thrown, run);
      }
    },
  };
}

function toResult(data: Answer | null, { errors }: Run): ExecutionResult {
  return errors.length > 0 ? { errors, data } : { data };
}

/** A field that may not be null has no value: there is no answer at all. */
function toFailure(thrown: unknown, run: Run): ExecutionResult {
  run.errors.push(
    thrown instanceof GraphQLError
      ? thrown
      : new GraphQLError(String(thrown), { originalError: thrown as Error }),
  );
  return toResult(null, run);
}

function findOperation(
  { definitions }: DocumentNode,
  name: string | undefined,
): OperationDefinitionNode | undefined {
  const operations = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (name === undefined && operations.length > 1) return undefined;
  const found =
    name === undefined ? operations[0] : operations.find((one) => one.name?.value === name);
  return found?.operation === OperationTypeNode.SUBSCRIPTION ? undefined : found;
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive() {
      found = true;
      return BREAK;
    },
  });
  return found;
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** @returns `undefined` for an operation that selects too much */
function planOperation(rootType: GraphQLObjectType, operation: Operation): ObjectPlan | undefined {
  try {
    const fields = collectFields(operation, rootType, [operation.definition.selectionSet]);
    return planFields(operation, rootType, fields);
  } catch (thrown) {
    if (thrown instanceof TooManySelectionsError) return undefined;
    throw thrown;
  }
}

function planFields(
  operation: Operation,
  parentType: GraphQLObjectType,
  selected: ReadonlyMap<string, readonly FieldNode[]>,
): ObjectPlan {
  const planner: Planner = {
    schema: operation.schema,
    planObject: (type, nodes) => {
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      return planFields(operation, type, collectFields(operation, type, sets));
    },
  };
  const fields: FieldPlan[] = [];
  for (const [key, nodes] of selected) {
    const [node] = nodes;
    const definition = node && findField(operation.schema, parentType, node.name.value);
    if (!definition) continue;
    const { resolve = defaultFieldResolver, type: returnType } = definition;
    fields.push({
      operation,
      key,
      name: definition.name,
      nodes,
      parentType,
      returnType,
      resolve: resolve === defaultFieldResolver ? undefined : resolve,
      readArguments: compileArguments(definition, node),
      complete: compileCompletion(returnType, nodes, planner),
      isNullable: !isNonNullType(returnType),
      isLeaf: isLeafType(getNullableType(returnType)),
    });
  }
  return { Shape: createShape(), fields };
}

function findField(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}
