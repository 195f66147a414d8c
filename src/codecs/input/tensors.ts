import { badInput } from '../../errors.ts';
import {
  allocate,
  elementCount,
  formatShape,
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
import { isBatchable } from '../pick-tensor.ts';

/**
 * Raw tensors, checked against the signature. Where the first dimension of every input is dynamic
 * it is the batch axis, and an input may leave it out (one row) or bring several rows.
 */
export class TensorsCodec implements InputCodec {
  readonly kind = 'tensors';
  readonly #specs: readonly TensorSpec[];
  readonly #batched: boolean;

  readonly #answers: 'one' | 'many';

  /** @param answers whether the model's answer is of a single row, or of as many as were sent */
  constructor(signature: Signature, answers: 'one' | 'many' = 'many') {
    this.#answers = answers;
    this.#specs = signature.inputs;
    this.#batched = isBatchable(signature);
  }

  prepare(input: ModelInput): PreparedInput {
    const given = expectKind(input, 'tensors');
    const tensors: Record<string, Tensor> = {};
    let rows: number | undefined;
    for (const spec of this.#specs) {
      const tensor = this.#check(spec, given);
      tensors[spec.name] = tensor;
      if (!this.#batched) continue;
      const own = tensor.shape[0] ?? 1;
      if (rows !== undefined && rows !== own) {
        throw badInput(`Tensor "${spec.name}" has ${own} rows where another input has ${rows}.`);
      }
      rows = own;
    }
    this.#refuseOthers(given);
    if (this.#answers === 'one' && rows !== undefined && rows > 1) {
      throw badInput(
        `This model answers one row at a time; ${rows} were sent. Send a batch instead.`,
      );
    }
    const encoded: EncodedInput = {
      rows: rows ?? 1,
      tensors,
      group: Object.values(tensors)
        .map(({ shape }) => (this.#batched ? shape.slice(1) : shape).join('x'))
        .join(','),
    };
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

  #check(spec: TensorSpec, given: readonly TensorInput[]): Tensor {
    const { name, datatype } = spec;
    const tensor = given.find((candidate) => candidate.name === name);
    const expected = `${datatype} ${formatShape(spec.shape)}`;
    if (!tensor)
      throw badInput(`Tensor "${name}" is missing; expected ${expected}.`, { tensor: name });
    if (tensor.datatype !== datatype) {
      throw badInput(`Tensor "${name}" has datatype ${tensor.datatype}; expected ${datatype}.`, {
        tensor: name,
      });
    }
    const shape =
      this.#batched && tensor.shape.length === spec.shape.length - 1
        ? [1, ...tensor.shape]
        : tensor.shape;
    const fits =
      shape.length === spec.shape.length &&
      spec.shape.every((size, axis) => size === null || size === shape[axis]);
    if (!fits) {
      throw badInput(
        `Tensor "${name}" has shape ${formatShape(tensor.shape)}; expected ${expected}.`,
        {
          tensor: name,
          expected: spec.shape,
        },
      );
    }
    if (this.#batched && shape[0] === 0) throw badInput(`Tensor "${name}" has no rows.`);
    return { datatype, shape, data: readData(tensor, elementCount(shape)) };
  }
}

function readData(tensor: TensorInput, expected: number): TensorData {
  const flat = tensor.data.flat<unknown[], 16>(16);
  const where = `Tensor "${tensor.name}"`;
  if (flat.length !== expected) {
    throw badInput(`${where} has ${flat.length} elements; its shape needs ${expected}.`);
  }
  const data = allocate(tensor.datatype, expected);
  const range = INTEGER_RANGES[tensor.datatype];
  for (const [i, value] of flat.entries()) {
    const bad = () => badInput(`${where}: element ${i} is not a valid ${tensor.datatype}.`);
    switch (tensor.datatype) {
      case 'BYTES':
        if (typeof value !== 'string') throw bad();
        (data as string[])[i] = value;
        break;
      case 'BOOL':
        if (typeof value !== 'boolean' && value !== 0 && value !== 1) throw bad();
        (data as Uint8Array)[i] = Number(value);
        break;
      case 'INT64':
      case 'UINT64':
        (data as BigInt64Array)[i] = readBigInt(value, tensor.datatype, bad);
        break;
      case 'FP16':
        if (typeof value !== 'number' || !fitsFloat('FP16', value)) throw bad();
        (data as Uint16Array)[i] = toHalf(value);
        break;
      case 'BF16':
        if (typeof value !== 'number' || !fitsFloat('BF16', value)) throw bad();
        (data as Uint16Array)[i] = toBfloat(value);
        break;
      default: {
        if (typeof value !== 'number' || !fitsFloat(tensor.datatype, value)) throw bad();
        if (range && (!Number.isInteger(value) || value < range[0] || value > range[1]))
          throw bad();
        (data as Float32Array)[i] = value;
      }
    }
  }
  return data;
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
