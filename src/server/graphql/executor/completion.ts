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
  type Path,
  recover,
  rethrowAfter,
} from './field.ts';
import { executeFields, type ObjectPlan } from './object.ts';
import type { Run } from './run.ts';
import { estimateBytes } from '../../../json/value-bytes.ts';

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
  return completeObject(
    type,
    lazily(() => planner.planObject(type, nodes)),
  );
}

/** Makes something when it is first needed: much of a large document never is. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
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
  return (value, _field, _path, run) => {
    if (isMissing(value)) return null;
    const serialized: unknown = type.serialize(value);
    if (serialized === null || serialized === undefined) {
      throw new Error(`Expected ${type.name} to serialize to a value that is not null.`);
    }
    run.countBytes(estimateBytes(serialized));
    return serialized;
  };
}

function completeObject(type: GraphQLObjectType, planOf: () => ObjectPlan): Complete {
  return (value, field, path, run) => {
    if (isMissing(value)) return null;
    if (!type.isTypeOf) return executeFields(planOf(), value, path, run);
    const check = (isOfType: boolean): MaybePromise<unknown> => {
      if (isOfType) return executeFields(planOf(), value, path, run);
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
    planner.schema.getPossibleTypes(type).map((each) => [
      each.name,
      completeObject(
        each,
        lazily(() => planner.planObject(each, nodes)),
      ),
    ]),
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
    const completion = new ListCompletion(value, completeOne, field, listPath, run);
    return completion.complete();
  };
}

/** The completion of one list, which gives way to others when it takes long. */
class ListCompletion {
  readonly #items: Iterator<unknown>;
  readonly #completeOne: Complete;
  readonly #field: FieldPlan;
  readonly #path: Path;
  readonly #run: Run;
  readonly #list: unknown[] = [];
  #pending: Promise<unknown>[] | undefined;

  constructor(
    items: Iterable<unknown>,
    completeOne: Complete,
    field: FieldPlan,
    path: Path,
    run: Run,
  ) {
    this.#items = items[Symbol.iterator]();
    this.#completeOne = completeOne;
    this.#field = field;
    this.#path = path;
    this.#run = run;
  }

  complete(): MaybePromise<unknown> {
    try {
      if (!this.#takeTurn()) return this.#goOn();
    } catch (error) {
      return rethrowAfter(this.#pending, error);
    }
    return this.#pending ? Promise.all(this.#list) : this.#list;
  }

  async #goOn(): Promise<unknown> {
    try {
      // All that pause go on together: those whose turn does not come wait for the next.
      do await this.#run.pause();
      while (this.#run.isOverTurn || !this.#takeTurn());
    } catch (error) {
      return rethrowAfter(this.#pending, error);
    }
    return this.#pending ? Promise.all(this.#list) : this.#list;
  }

  /** @returns whether the list is complete */
  #takeTurn(): boolean {
    const list = this.#list;
    for (;;) {
      if (this.#run.isOverTurn) return false;
      const next = this.#items.next();
      if (next.done === true) return true;
      this.#run.countItem();
      const path = { prev: this.#path, key: list.length, typename: undefined };
      const completed = this.#completeOne(next.value, this.#field, path, this.#run);
      list.push(completed);
      if (isPromise(completed)) {
        // It is waited for later; until then its failure is no unhandled one.
        completed.catch(() => undefined);
        (this.#pending ??= []).push(completed);
      }
    }
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
