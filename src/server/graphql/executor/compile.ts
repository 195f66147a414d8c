import {
  defaultFieldResolver,
  type DirectiveNode,
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
import type { FieldPlan, MaybePromise } from './field.ts';
import {
  type Answer,
  createShape,
  executeFields,
  executeSerially,
  type ObjectPlan,
} from './object.ts';
import { type AnswerLimits, Run } from './run.ts';
import { collectFields, type Operation } from './selection.ts';

/** An operation that can be executed again and again. */
export interface CompiledOperation {
  /** Turns the variables of a request into values; `undefined` where one does not fit. */
  readVariables(given: Values): Values | undefined;
  /**
   * Executes it as graphql-js does.
   *
   * @param variables from {@link readVariables}
   * @param rootValue the event of a subscription
   */
  execute(
    contextValue: unknown,
    variables: Values,
    rootValue: unknown,
    limits?: AnswerLimits,
  ): MaybePromise<ExecutionResult>;
}

/** Directives that the executor knows. A valid document has no others, unless the schema has. */
const KNOWN_DIRECTIVES = new Set(['skip', 'include']);

/** Plans kept of one operation: one for each combination of what `@skip` and `@include` say. */
const MAX_PLANS = 16;

/**
 * Compiles an operation of a valid document: the fields of each object, their resolvers, arguments
 * and types are looked up once instead of at each execution, each when it is first needed. What
 * resolvers are given, what comes out and which errors come with it is the same as with `execute` of
 * graphql-js; of a subscription, what it executes for each event.
 *
 * @returns `undefined` for what only graphql-js can execute: directives of the schema's own
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): CompiledOperation | undefined {
  const conditions = findConditions(document);
  const rootType = schema.getRootType(definition.operation);
  const readVariables = compileVariables(schema, definition.variableDefinitions ?? []);
  if (!rootType || !readVariables || !conditions) return undefined;
  const operation: Operation = { schema, definition, fragments: fragmentsOf(document) };
  const planFor = createPlanner(operation, rootType, conditions);
  const isMutation = definition.operation === OperationTypeNode.MUTATION;
  return {
    readVariables,
    execute(contextValue, variables, rootValue, limits) {
      const run = new Run(contextValue, variables, rootValue, limits);
      try {
        const plan = planFor(variables);
        const answer =
          isMutation && plan.fields.length > 1
            ? executeSerially(plan, run)
            : executeFields(plan, rootValue, undefined, run);
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

/** Plans of an operation by the values of the variables that decide what is selected. */
function createPlanner(
  operation: Operation,
  rootType: GraphQLObjectType,
  conditions: readonly string[],
): (variables: Values) => ObjectPlan {
  const plan = (variables: Values): ObjectPlan => {
    const sets = [operation.definition.selectionSet];
    return planFields(
      operation,
      rootType,
      collectFields(operation, rootType, sets, variables),
      variables,
    );
  };
  if (conditions.length === 0) {
    let only: ObjectPlan | undefined;
    return () => (only ??= plan({}));
  }
  const plans = new Map<string, ObjectPlan>();
  return (variables) => {
    const values = Object.fromEntries(conditions.map((name) => [name, variables[name]]));
    const key = conditions.map((name) => String(variables[name])).join();
    let known = plans.get(key);
    if (!known) {
      known = plan(values);
      if (plans.size >= MAX_PLANS) plans.clear();
      plans.set(key, known);
    }
    return known;
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

/**
 * Names of the variables that decide what is selected.
 *
 * @returns `undefined` where the document has a directive that the executor does not know
 */
export function findConditions(document: DocumentNode): readonly string[] | undefined {
  const names = new Set<string>();
  let unknown = 0;
  visit(document, {
    Directive(node: DirectiveNode) {
      if (!KNOWN_DIRECTIVES.has(node.name.value)) unknown++;
      for (const { value } of node.arguments ?? []) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return unknown === 0 ? [...names] : undefined;
}

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

function planFields(
  operation: Operation,
  parentType: GraphQLObjectType,
  selected: ReadonlyMap<string, readonly FieldNode[]>,
  variables: Values,
): ObjectPlan {
  const planner: Planner = {
    schema: operation.schema,
    planObject: (type, nodes) => {
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      return planFields(
        operation,
        type,
        collectFields(operation, type, sets, variables),
        variables,
      );
    },
  };
  const fields: FieldPlan[] = [];
  let keyBytes = 2;
  for (const [key, nodes] of selected) {
    const [node] = nodes;
    const definition = node && findField(operation.schema, parentType, node.name.value);
    if (!definition) continue;
    const { resolve = defaultFieldResolver, type: returnType } = definition;
    // The quotes, the colon and the comma.
    keyBytes += key.length + 4;
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
  return { Shape: createShape(), fields, keyBytes };
}

/** A field of a type, those of introspection too. */
export function findField(
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
