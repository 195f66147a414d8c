import {
  executeField,
  type FieldPlan,
  isPromise,
  type MaybePromise,
  type Path,
  rethrowAfter,
} from './field.ts';
import type { Run } from './run.ts';

/** An object of the answer. */
export type Answer = Record<string, unknown>;

/** Makes empty objects of one kind, with no prototype in whose way a key could be. */
export type Shape = new () => Answer;

/** The fields that are selected on one object type. */
export interface ObjectPlan {
  readonly Shape: Shape;
  readonly fields: readonly FieldPlan[];
  /** Bytes of the keys in the answer, with what stands around them. */
  readonly keyBytes: number;
}

/**
 * A constructor of objects that all have the same keys in the same order. Unlike what
 * `Object.create(null)` makes they are no hash tables, which takes less to fill and to print.
 */
export function createShape(): Shape {
  const shape = function () {
    // Keys come with the execution.
  };
  shape.prototype = Object.create(null) as object;
  return shape as unknown as Shape;
}

/** Executes all fields of an object, side by side where they wait. */
export function executeFields(
  { Shape, fields, keyBytes }: ObjectPlan,
  source: unknown,
  path: Path | undefined,
  run: Run,
): MaybePromise<Answer> {
  run.countFields(fields.length, keyBytes);
  const answer = new Shape();
  let pending: Promise<void>[] | undefined;
  try {
    for (const field of fields) {
      const value = executeField(field, source, path, run);
      answer[field.key] = value;
      if (isPromise(value)) {
        const { key } = field;
        (pending ??= []).push(
          value.then((settled) => {
            answer[key] = settled;
          }),
        );
      }
    }
  } catch (error) {
    return rethrowAfter(pending, error);
  }
  if (!pending) return answer;
  const [only] = pending;
  const settled = only && pending.length === 1 ? only : Promise.all(pending);
  return settled.then(() => answer);
}

/** Executes the fields of a mutation one after the other. */
export async function executeSerially(
  { Shape, fields, keyBytes }: ObjectPlan,
  run: Run,
): Promise<Answer> {
  run.countFields(fields.length, keyBytes);
  const answer = new Shape();
  for (const field of fields) {
    answer[field.key] = await executeField(field, run.rootValue, undefined, run);
  }
  return answer;
}
