import { ServiceError } from '../../errors.ts';
import { countElements } from '../../inference-protocol/shape.ts';
import {
  DATATYPES,
  formatShape,
  type Datatype,
  type Signature,
  type TensorMap,
  type TensorSpec,
} from '../../tensor/tensor.ts';
import { RemoteFailure } from './remote-client.ts';

/** Answers that make no sense, whatever reads them. */
export const nonsense = (message: string, cause?: unknown): RemoteFailure =>
  new RemoteFailure('failed', `its answer makes no sense: ${message}`, cause);

/** Reads an answer; what the readers of tensors refuse is nonsense here, not a client's mistake. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw nonsense(thrown.message);
    throw thrown;
  }
}

/** Checks the name of a datatype. */
export function requireDatatype(what: string, datatype: unknown): Datatype {
  const known = DATATYPES.find((candidate) => candidate === datatype);
  if (known) return known;
  throw nonsense(
    `${what} has the datatype ${typeof datatype === 'string' ? datatype : typeof datatype}`,
  );
}

/** Counts the elements of a shape that a remote engine gave. */
export function requireCount(what: string, shape: unknown): { shape: number[]; count: number } {
  if (!Array.isArray(shape) || !shape.every((size) => typeof size === 'number')) {
    throw nonsense(`${what} has no shape`);
  }
  return { shape, count: reading(() => countElements(what, shape)) };
}

/**
 * Makes a tensor's declaration of what metadata says.
 *
 * @param shape -1 where a size is open
 */
export function toSpec(name: unknown, datatype: unknown, shape: unknown): TensorSpec {
  if (typeof name !== 'string' || name === '') throw nonsense('a tensor has no name');
  const what = `tensor "${name}"`;
  if (!Array.isArray(shape)) throw nonsense(`${what} has no shape`);
  return {
    name,
    datatype: requireDatatype(what, datatype),
    shape: shape.map((size: unknown) => {
      const number = typeof size === 'bigint' ? Number(size) : size;
      if (typeof number !== 'number' || !Number.isInteger(number)) {
        throw nonsense(`${what} has the shape ${JSON.stringify(shape.map(String))}`);
      }
      return number < 0 ? null : number;
    }),
  };
}

/** Refuses a model without inputs or outputs: it could be neither asked nor answer. */
export function requireTensors(signature: Signature): Signature {
  if (signature.inputs.length === 0) throw nonsense('the model has no inputs');
  if (signature.outputs.length === 0) throw nonsense('the model has no outputs');
  return signature;
}

/**
 * Holds an answer against what the model says of its outputs.
 *
 * @param rows size of the batch axis, where the model has one
 * @throws {RemoteFailure} `failed`
 */
export function checkOutputs(
  answer: TensorMap,
  wanted: readonly string[],
  { outputs }: Signature,
  rows: number | undefined,
): TensorMap {
  const checked: Record<string, TensorMap[string]> = {};
  for (const name of wanted) {
    const tensor = answer[name];
    const spec = outputs.find((candidate) => candidate.name === name);
    if (!tensor || !spec) throw nonsense(`output "${name}" is missing`);
    const { shape, datatype } = tensor;
    const fits =
      datatype === spec.datatype &&
      // A model may declare no shape at all.
      (spec.shape.length === 0 ||
        (shape.length === spec.shape.length &&
          spec.shape.every((size, axis) => size === null || size === shape[axis])));
    if (!fits) {
      throw nonsense(
        `output "${name}" is ${datatype} ${formatShape(shape)}; its metadata says ${spec.datatype} ${formatShape(spec.shape)}`,
      );
    }
    if (rows !== undefined && shape[0] !== rows) {
      throw nonsense(`output "${name}" has ${shape[0] ?? 'no'} rows for ${rows} of the inputs`);
    }
    checked[name] = tensor;
  }
  return checked;
}
