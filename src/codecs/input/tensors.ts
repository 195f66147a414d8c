import { badInput } from '../../errors.ts';
import {
  allocate,
  type Datatype,
  elementCount,
  formatShape,
  formatSpec,
  type Signature,
  type Tensor,
  type TensorData,
  type TensorMap,
  type TensorSpec,
} from '../../tensor/tensor.ts';
import type { ModelInput, TensorInput } from '../../services/model-input.ts';
import type { EncodedInput, InputCodec, PreparedInput } from '../codec.ts';
import { concatRows } from '../../tensor/concat-rows.ts';
import { expectKind } from './expect-kind.ts';
import { toBfloat, toHalf } from '../../tensor/half.ts';
import { INTEGER_RANGES } from '../../tensor/integer-ranges.ts';
import { fitsFloat } from '../../tensor/write-number.ts';
import { hasOpenRows } from '../pick-tensor.ts';

/**
 * Raw tensors, checked against the signature. Where the first dimension of every input and output
 * is open it is taken for the batch axis by those who leave it out: their input is one row. Inputs
 * may have no, one or several axes, of any size, zero too; those that the model can do without may
 * be missing.
 */
export class TensorsCodec implements InputCodec {
  readonly kind = 'tensors';
  readonly #specs: readonly TensorSpec[];
  readonly #hasRows: boolean;
  readonly #answers: 'one' | 'many';

  /** @param answers whether the model's answer is of a single row, or of as many as were sent */
  constructor(signature: Signature, answers: 'one' | 'many' = 'many') {
    this.#answers = answers;
    this.#specs = signature.inputs;
    this.#hasRows = hasOpenRows(signature);
  }

  prepare(input: ModelInput): PreparedInput {
    const given = expectKind(input, 'tensors');
    const tensors: Record<string, Tensor> = {};
    for (const spec of this.#specs) {
      const tensor = this.#check(spec, given);
      if (tensor) tensors[spec.name] = tensor;
    }
    this.#refuseOthers(given);
    const encoded = encodeTensors(tensors);
    const { rows } = encoded;
    if (this.#answers === 'one' && this.#hasRows && rows > 1) {
      throw badInput(
        `This model answers one row at a time; ${rows} were sent. Send a batch instead.`,
      );
    }
    return { key: keyOf(tensors), encode: () => encoded };
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    return concatRows(batch.map(({ tensors }) => tensors));
  }

  /** Names that the model does not have, and names that come twice. */
  #refuseOthers(given: readonly TensorInput[]): void {
    const free = new Set(this.#specs.map(({ name }) => name));
    for (const { name } of given) {
      if (free.delete(name)) continue;
      const known = this.#specs.map((spec) => `"${spec.name}"`).join(', ');
      const problem = this.#specs.some((spec) => spec.name === name)
        ? `Tensor "${name}" was sent twice.`
        : `There is no tensor "${name}"; the model takes ${known}.`;
      throw badInput(problem, { tensor: name });
    }
  }

  #check(spec: TensorSpec, given: readonly TensorInput[]): Tensor | undefined {
    const { name, datatype } = spec;
    const tensor = given.find((candidate) => candidate.name === name);
    const expected = `${datatype} ${formatSpec(spec)}`;
    if (!tensor) {
      if (spec.optional) return undefined;
      throw badInput(`Tensor "${name}" is missing; expected ${expected}.`, { tensor: name });
    }
    if (tensor.datatype !== datatype) {
      throw badInput(`Tensor "${name}" has datatype ${tensor.datatype}; expected ${datatype}.`, {
        tensor: name,
      });
    }
    const shape =
      this.#hasRows && tensor.shape.length === spec.shape.length - 1
        ? [1, ...tensor.shape]
        : tensor.shape;
    const fits =
      spec.unranked === true ||
      (shape.length === spec.shape.length &&
        spec.shape.every((size, axis) => size === null || size === shape[axis]));
    if (!fits) {
      throw badInput(
        `Tensor "${name}" has shape ${formatShape(tensor.shape)}; expected ${expected}.`,
        { tensor: name, expected: spec.shape },
      );
    }
    return { datatype, shape, data: readData(tensor, elementCount(shape)) };
  }
}

/** Tensors as they go into a batch. */
export function encodeTensors(tensors: TensorMap): EncodedInput {
  return { tensors, ...joinable(Object.entries(tensors)) };
}

/**
 * How an input goes into a batch: as many rows as its tensors have along their first axis, with
 * others that are alike but for it. One whose tensors have unlike first axes, or none, goes alone.
 */
function joinable(
  tensors: readonly (readonly [name: string, tensor: Tensor])[],
): Pick<EncodedInput, 'rows' | 'group' | 'isOne'> {
  const rows = tensors[0]?.[1].shape[0];
  if (rows === undefined || rows === 0) return { rows: 1, group: null };
  const isOne = tensors.every(([, { shape }]) => shape.length <= 1);
  let group = '';
  for (const [name, { shape }] of tensors) {
    if (shape[0] !== rows) return { rows: 1, group: null };
    group += `${name}[${shape.slice(1).join()}]`;
  }
  return { rows, group, ...(isOne && { isOne }) };
}

/** Names of the numbers that JSON does not have. */
const NOT_FINITE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function readData(tensor: TensorInput, expected: number): TensorData {
  const { datatype } = tensor;
  const flat = tensor.data.some(Array.isArray) ? tensor.data.flat<unknown[], 16>(16) : tensor.data;
  const where = `Tensor "${tensor.name}"`;
  if (flat.length !== expected) {
    throw badInput(`${where} has ${flat.length} elements; its shape needs ${expected}.`);
  }
  const data = allocate(datatype, expected);
  const bad = (at: number) => badInput(`${where}: element ${at} is not a valid ${datatype}.`);
  switch (datatype) {
    case 'BYTES':
      for (let i = 0; i < expected; i++) {
        const value = flat[i];
        if (typeof value !== 'string') throw bad(i);
        (data as string[])[i] = value;
      }
      break;
    case 'BOOL':
      for (let i = 0; i < expected; i++) {
        const value = flat[i];
        if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw bad(i);
        (data as Uint8Array)[i] = Number(value);
      }
      break;
    case 'INT64':
    case 'UINT64':
      for (let i = 0; i < expected; i++) {
        (data as BigInt64Array)[i] = readBigInt(flat[i], datatype, () => bad(i));
      }
      break;
    case 'FP16':
      for (let i = 0; i < expected; i++) {
        (data as Uint16Array)[i] = toHalf(readNumber(flat[i], datatype, () => bad(i)));
      }
      break;
    case 'BF16':
      for (let i = 0; i < expected; i++) {
        (data as Uint16Array)[i] = toBfloat(readNumber(flat[i], datatype, () => bad(i)));
      }
      break;
    case 'FP32':
    case 'FP64':
      for (let i = 0; i < expected; i++) {
        (data as Float32Array)[i] = readNumber(flat[i], datatype, () => bad(i));
      }
      break;
    default: {
      const [least, greatest] = INTEGER_RANGES[datatype] ?? [0, 0];
      for (let i = 0; i < expected; i++) {
        const value = flat[i];
        if (!Number.isInteger(value) || (value as number) < least || (value as number) > greatest)
          throw bad(i);
        (data as Int32Array)[i] = value as number;
      }
    }
  }
  return data;
}

/** A number of floating point, or the name of one that JSON does not have. */
function readNumber(value: unknown, datatype: Datatype, bad: () => Error): number {
  if (typeof value === 'number' && fitsFloat(datatype, value)) return value;
  const named = NOT_FINITE.get(value);
  if (named === undefined) throw bad();
  return named;
}

/** 64-bit integers may come as numbers (exact up to 2^53) or as decimal strings. */
function readBigInt(value: unknown, datatype: 'INT64' | 'UINT64', bad: () => Error): bigint {
  if (!(Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value)))) {
    throw bad();
  }
  const big = BigInt(value as number | string);
  const wrapped = datatype === 'INT64' ? BigInt.asIntN(64, big) : BigInt.asUintN(64, big);
  if (wrapped !== big) throw bad();
  return big;
}

function keyOf(tensors: TensorMap): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    parts.push(Buffer.from(`${name}[${shape.join()}]`));
    parts.push(
      Array.isArray(data)
        ? Buffer.from(JSON.stringify(data))
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }
  return Buffer.concat(parts);
}
