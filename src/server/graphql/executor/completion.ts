import {
  type FieldNode,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  defaultTypeResolver,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import {
  type Complete,
  completeLater,
  fail,
  type FieldPlan,
  infoOf,
  isPromise,
  type MaybePromise,
  recover,
  rethrowAfter,
} from './field.ts';
import { executeFields, type ObjectPlan } from './object.ts';

/** Compiles what fields select on objects. */
export interface Planner {
  readonly schema: GraphQLSchema;
  /** What the fields select on an object type. */
  planObject(type: GraphQLObjectType, nodes: readonly FieldNode[]): ObjectPlan;
}

/** Makes the completion of a field's values by their type. */
export function compileCompletion(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  planner: Planner,
): Complete {
  if (isNonNullType(type)) {
    const inner = compileCompletion(type.ofType, nodes, planner);
    return (value, field, path, run) => {
      const completed = inner(value, field, path, run);
      return isPromise(completed)
        ? completed.then((settled) => requireValue(settled, field))
        : requireValue(completed, field);
    };
  }
  if (isListType(type)) return completeList(type.ofType, nodes, planner);
  if (isLeafType(type)) return completeLeaf(type);
  if (isAbstractType(type)) return completeAbstract(type, nodes, planner);
  return completeObject(type, planner.planObject(type, nodes));
}

function requireValue(value: unknown, { parentType, name }: FieldPlan): unknown {
  if (value !== null) return value;
  throw new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`);
}

function isMissing(value: unknown): value is null | undefined {
  if (value instanceof Error) throw value;
  return value === null || value === undefined;
}

function completeLeaf(type: GraphQLLeafType): Complete {
  return (value) => {
    if (isMissing(value)) return null;
    const serialized: unknown = type.serialize(value);
    if (serialized === null || serialized === undefined) {
      throw new Error(`Expected ${type.name} to serialize to a value that is not null.`);
    }
    return serialized;
  };
}

function completeObject(type: GraphQLObjectType, plan: ObjectPlan): Complete {
  return (value, field, path, run) => {
    if (isMissing(value)) return null;
    if (!type.isTypeOf) return executeFields(plan, value, path, run);
    const check = (isOfType: boolean): MaybePromise<unknown> => {
      if (isOfType) return executeFields(plan, value, path, run);
      throw new GraphQLError(`Expected value of type "${type.name}".`, { nodes: field.nodes });
    };
    const isOfType = type.isTypeOf(value, run.contextValue, infoOf(field, path, run));
    return isPromise(isOfType) ? isOfType.then(check) : check(isOfType);
  };
}

function completeAbstract(
  type: GraphQLAbstractType,
  nodes: readonly FieldNode[],
  planner: Planner,
): Complete {
  const completions = new Map(
    planner.schema
      .getPossibleTypes(type)
      .map((each) => [each.name, completeObject(each, planner.planObject(each, nodes))]),
  );
  const resolveType = type.resolveType ?? defaultTypeResolver;
  return (value, field, path, run) => {
    if (isMissing(value)) return null;
    const complete = (name: unknown): MaybePromise<unknown> => {
      const completion = typeof name === 'string' ? completions.get(name) : undefined;
      if (completion) return completion(value, field, path, run);
      throw new GraphQLError(
        `Abstract type "${type.name}" must resolve to one of its object types for field ` +
          `"${field.parentType.name}.${field.name}".`,
        { nodes: field.nodes },
      );
    };
    const name = resolveType(value, run.contextValue, infoOf(field, path, run), type);
    return isPromise(name) ? name.then(complete) : complete(name);
  };
}

function completeList(
  itemType: GraphQLOutputType,
  nodes: readonly FieldNode[],
  planner: Planner,
): Complete {
  const completeItem = compileCompletion(itemType, nodes, planner);
  const isNullable = !isNonNullType(itemType);
  const completeOne: Complete = (item, field, path, run) => {
    try {
      const completed = isPromise(item)
        ? completeLater(item, completeItem, field, path, run)
        : completeItem(item, field, path, run);
      return isPromise(completed) ? recover(completed, field, path, isNullable, run) : completed;
    } catch (thrown) {
      return fail(thrown, field, path, isNullable, run);
    }
  };
  return (value, field, listPath, run) => {
    if (isMissing(value)) return null;
    if (!isIterable(value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.name}".`,
      );
    }
    const list: unknown[] = [];
    let pending: Promise<unknown>[] | undefined;
    try {
      for (const item of value) {
        const path = { prev: listPath, key: list.length, typename: undefined };
        const completed = completeOne(item, field, path, run);
        list.push(completed);
        if (isPromise(completed)) (pending ??= []).push(completed);
      }
    } catch (error) {
      return rethrowAfter(pending, error);
    }
    return pending ? Promise.all(list) : list;
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
