import type { Signature, TensorSpec } from '../tensor/tensor.ts';

/**
 * Finds a tensor of a signature by name.
 *
 * @param key of model.yaml that names it, for the message
 * @throws {Error} for the operator, listing what the model has
 */
export function requireTensor(specs: readonly TensorSpec[], name: string, key: string): TensorSpec {
  const spec = specs.find((candidate) => candidate.name === name);
  if (!spec) {
    throw new Error(`model.yaml, ${key}: the model has no "${name}"; it has ${namesOf(specs)}`);
  }
  return spec;
}

/** Names of tensors for a message: `"a", "b"`. */
export function namesOf(specs: readonly TensorSpec[]): string {
  return specs.map(({ name }) => `"${name}"`).join(', ') || 'none';
}

/**
 * Whether axis 0 of every input and output is open, and so may be the batch axis. Whether it is
 * one, only the model can show.
 */
export function hasOpenRows({ inputs, outputs }: Signature): boolean {
  const isOpen = ({ shape }: TensorSpec) => shape.length > 0 && shape[0] === null;
  // What is not declared of an output, its runs tell.
  return inputs.every(isOpen) && outputs.every((spec) => spec.unranked === true || isOpen(spec));
}

/**
 * Checks that one row can be given to an input: its first axis is dynamic, or fixed at 1.
 *
 * @throws {Error} for the operator
 */
export function requireSingleRow({ name, shape }: TensorSpec): void {
  const [rows] = shape;
  if (rows === undefined || rows === null || rows === 1) return;
  throw new Error(
    `input "${name}" takes exactly ${rows} rows at a time; export the model with a dynamic first axis`,
  );
}
