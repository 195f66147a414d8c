import { badInput } from '../../errors.ts';
import {
  type BytesElement,
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
import { readJsonData } from '../../inference-protocol/read-json-data.ts';
import { expectKind } from './expect-kind.ts';
import { hasOpenRows } from '../pick-tensor.ts';

/** Options of {@link TensorsCodec}. */
export interface TensorsOptions {
  /** Whether the model's answer is of a single row, or of as many as were sent. @default many */
  readonly answers: 'one' | 'many';
  /** Whether inputs may share a batch, where the signature has a batch axis. @default true */
  readonly joins: boolean;
  /** Whether the engine takes BYTES that are no UTF-8. @default true */
  readonly anyBytes: boolean;
  /** Whether the tensors go past the model's own codec for another kind of input. @default false */
  readonly raw: boolean;
}

const DEFAULTS: TensorsOptions = { answers: 'many', joins: true, anyBytes: true, raw: false };

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
  readonly #options: TensorsOptions;

  constructor(signature: Signature, options: Partial<TensorsOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#specs = signature.inputs;
    this.#hasRows = this.#options.joins && hasOpenRows(signature);
  }

  prepare(input: ModelInput): PreparedInput {
    const given = expectKind(input, 'tensors');
    const tensors: Record<string, Tensor> = {};
    for (const spec of this.#specs) {
      const tensor = this.#check(spec, given);
      if (tensor) tensors[spec.name] = tensor;
    }
    this.#refuseOthers(given);
    const encoded = this.#encode(tensors);
    const { rows } = encoded;
    if (this.#options.answers === 'one' && this.#hasRows && rows > 1) {
      throw badInput(
        `This model answers one row at a time; ${rows} were sent. Send a batch instead.`,
      );
    }
    return { key: keyOf(tensors), encode: () => encoded };
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    return concatRows(batch.map(({ tensors }) => tensors));
  }

  #encode(tensors: TensorMap): EncodedInput {
    const { joins, raw } = this.#options;
    const encoded = joins ? encodeTensors(tensors) : { rows: 1, tensors, group: null };
    if (!raw) return encoded;
    const { group } = encoded;
    // What went through the model's own codec may look alike, but is joined in another way.
    return { ...encoded, raw, group: group === null ? null : `raw:${group}` };
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
    const data = readData(tensor, elementCount(shape));
    if (datatype === 'BYTES' && !this.#options.anyBytes) requireTexts(name, data as BytesElement[]);
    return { datatype, shape, data };
  }
}

function requireTexts(name: string, elements: readonly BytesElement[]): void {
  const at = elements.findIndex((element) => typeof element !== 'string');
  if (at < 0) return;
  throw badInput(`Tensor "${name}": element ${at} is not UTF-8, which this model's engine needs.`, {
    tensor: name,
  });
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

/** The data as typed arrays; those are taken as they are. */
function readData({ name, datatype, data }: TensorInput, expected: number): TensorData {
  const what = `Tensor "${name}"`;
  if (Array.isArray(data)) return readJsonData(what, datatype, expected, data);
  if (data.length === expected) return data as TensorData;
  throw badInput(`${what} has ${data.length} elements; its shape needs ${expected}.`);
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
