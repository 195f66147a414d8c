import { badInput } from '../../errors.ts';
import {
  allocate,
  copyInto,
  elementCount,
  formatShape,
  type Signature,
  type Tensor,
  type TensorData,
  type TensorMap,
  type TensorSpec,
} from '../../tensor.ts';
import type { ModelInput, TensorInput } from '../model-input.ts';
import type { EncodedInput, InputCodec, PreparedInput } from './codec.ts';
import { expectKind } from './expect-kind.ts';
import { isBatchable } from './pick-tensor.ts';

/**
 * Raw tensors, checked against the signature. Where the first dimension of every input is dynamic
 * it is the batch axis, and an input may leave it out (one row) or bring several rows.
 */
export class TensorsCodec implements InputCodec {
  readonly kind = 'tensors';
  readonly #specs: readonly TensorSpec[];
  readonly #batched: boolean;

  constructor(signature: Signature) {
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
    for (const { name } of given) {
      if (!(name in tensors)) {
        const known = this.#specs.map((spec) => `"${spec.name}"`).join(', ');
        throw badInput(`Unknown tensor "${name}"; the model takes ${known}.`, { tensor: name });
      }
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

/** Joins tensors of equal shapes (but for axis 0) along axis 0. */
export function concatRows(parts: readonly TensorMap[]): TensorMap {
  const [first] = parts;
  if (!first) return {};
  const joined: Record<string, Tensor> = {};
  for (const [name, { datatype, shape }] of Object.entries(first)) {
    let rows = 0;
    let length = 0;
    for (const part of parts) {
      rows += part[name]?.shape[0] ?? 1;
      length += part[name]?.data.length ?? 0;
    }
    const data = allocate(datatype, length);
    let at = 0;
    for (const part of parts) {
      const source = part[name]?.data;
      if (!source) continue;
      copyInto(data, source, at);
      at += source.length;
    }
    joined[name] = { datatype, shape: shape.length === 0 ? [] : [rows, ...shape.slice(1)], data };
  }
  return joined;
}

const INTEGER_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 4_294_967_295],
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-2_147_483_648, 2_147_483_647],
};

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
        if (typeof value !== 'number') throw bad();
        (data as Uint16Array)[i] = toHalf(value);
        break;
      case 'BF16':
        if (typeof value !== 'number') throw bad();
        (data as Uint16Array)[i] = toBfloat(value);
        break;
      default: {
        if (typeof value !== 'number') throw bad();
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

const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** Bits of the nearest bfloat16 (round half to even). */
function toBfloat(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] ?? 0;
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Bits of the nearest IEEE 754 half (round half to even). */
function toHalf(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal half: a multiple of 2^-24; the addition rounds half to even.
    const scaled = Math.abs(value) * 2 ** 24;
    const floor = Math.floor(scaled);
    const rest = scaled - floor;
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
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
