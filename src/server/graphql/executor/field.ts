import {
  type FieldNode,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  locatedError,
} from 'graphql';
import type { ReadArguments } from './arguments.ts';
import type { Values } from './coercion.ts';
import { AnswerTooLargeError, type Run } from './run.ts';
import type { Operation } from './selection.ts';

/** A value, or the promise of one. */
export type MaybePromise<T> = T | Promise<T>;

/** Where a value stands in the answer. */
export type Path = GraphQLResolveInfo['path'];

/**
 * Makes what stands in the answer out of what a resolver gave, after "Value Completion" of the
 * specification.
 */
export type Complete = (
  value: unknown,
  field: FieldPlan,
  path: Path,
  run: Run,
) => MaybePromise<unknown>;

/** A field of the answer and all that is known of it before it is executed. */
export interface FieldPlan {
  readonly operation: Operation;
  readonly key: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly returnType: GraphQLOutputType;
  /** `undefined` for a field that is a property of its object. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly readArguments: ReadArguments;
  readonly complete: Complete;
  readonly isNullable: boolean;
  /** Whether its values are scalars or enums. */
  readonly isLeaf: boolean;
}

/** Executes a field on its object. Throws (or rejects) only where the field may not be null. */
export function executeField(
  field: FieldPlan,
  source: unknown,
  parentPath: Path | undefined,
  run: Run,
): MaybePromise<unknown> {
  const { resolve, isNullable } = field;
  let path: Path | undefined;
  try {
    let result: unknown;
    if (resolve) {
      path = pathTo(field, parentPath);
      const values = field.readArguments(run.variables);
      result = resolve(source, values, run.contextValue, infoOf(field, path, run));
    } else {
      result = isObject(source) ? source[field.name] : undefined;
      if (typeof result === 'function') {
        path = pathTo(field, parentPath);
        result = callMethod(result as Method, source, field, path, run);
      } else if (field.isLeaf && !isPromise(result)) {
        // Nobody asks where such a value stands, unless it fails.
        return field.complete(result, field, NOWHERE, run);
      }
    }
    path ??= pathTo(field, parentPath);
    const completed = isPromise(result)
      ? completeLater(result, field.complete, field, path, run)
      : field.complete(result, field, path, run);
    return isPromise(completed) ? recover(completed, field, path, isNullable, run) : completed;
  } catch (thrown) {
    return fail(thrown, field, path ?? pathTo(field, parentPath), isNullable, run);
  }
}

/** Completes a value when it is there. */
export function completeLater(
  value: Promise<unknown>,
  complete: Complete,
  field: FieldPlan,
  path: Path,
  run: Run,
): Promise<unknown> {
  return value.then((settled) => complete(settled, field, path, run));
}

/** Leaves null for a value that fails, where that is allowed. */
export function recover(
  value: Promise<unknown>,
  field: FieldPlan,
  path: Path,
  isNullable: boolean,
  run: Run,
): Promise<unknown> {
  return value.then(undefined, (thrown: unknown) => fail(thrown, field, path, isNullable, run));
}

/**
 * Throws `error` when what runs beside it has come to its end: its errors are heard, and nothing
 * outlives the answer.
 */
export function rethrowAfter(
  pending: readonly Promise<unknown>[] | undefined,
  error: unknown,
): Promise<never> {
  if (!pending) throw error;
  return Promise.allSettled(pending).then(() => {
    throw error;
  });
}

/** Notes an error and leaves null, or throws the error on to where null is allowed. */
export function fail(
  thrown: unknown,
  { nodes }: FieldPlan,
  path: Path,
  isNullable: boolean,
  run: Run,
): null {
  const error = locatedError(thrown, nodes, toKeys(path));
  if (!isNullable || isFatal(error)) throw error;
  run.errors.push(error);
  return null;
}

/** Whether an error ends the whole operation, whatever could be left null. */
function isFatal({ originalError }: GraphQLError): boolean {
  return originalError instanceof AnswerTooLargeError;
}

/** What resolvers are told of the field. */
export function infoOf(field: FieldPlan, path: Path, run: Run): GraphQLResolveInfo {
  const { schema, fragments, definition } = field.operation;
  return {
    fieldName: field.name,
    fieldNodes: field.nodes,
    returnType: field.returnType,
    parentType: field.parentType,
    path,
    schema,
    fragments,
    rootValue: run.rootValue,
    operation: definition,
    variableValues: run.variables,
  };
}

/** Whether a value must be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  // Most values are texts and numbers, which are not worth a look at their properties.
  return isObject(value) && typeof value.then === 'function';
}

/** A property that is a function is called as graphql-js calls it. */
type Method = (values: Values, context: unknown, info: GraphQLResolveInfo) => unknown;

function callMethod(
  method: Method,
  source: unknown,
  field: FieldPlan,
  path: Path,
  run: Run,
): unknown {
  const values = field.readArguments(run.variables);
  return method.call(source, values, run.contextValue, infoOf(field, path, run));
}

const NOWHERE: Path = { prev: undefined, key: '', typename: undefined };

function pathTo({ key, parentType }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key, typename: parentType.name };
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

function toKeys(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
}
