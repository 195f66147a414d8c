import { badInput } from '../../errors.ts';
import type { FeatureColumn, FeaturesManifest } from '../../repository/manifest.ts';
import {
  allocate,
  formatShape,
  type Signature,
  type Tensor,
  type TensorMap,
  type TensorSpec,
} from '../../tensor/tensor.ts';
import type { ModelInput } from '../../services/model-input.ts';
import type { EncodedInput, InputCodec, PreparedInput } from '../codec.ts';
import { concatRows } from '../../tensor/concat-rows.ts';
import { expectKind } from './expect-kind.ts';
import { columnReader, type Cell, type ColumnReader } from './feature-columns.ts';
import { requireSingleRow, requireTensor } from '../pick-tensor.ts';

/** One input of the model and where each of its columns stands in it. */
interface TensorPlan {
  readonly spec: TensorSpec;
  readonly shape: readonly number[];
  readonly width: number;
  readonly parts: readonly {
    readonly reader: ColumnReader;
    readonly from: number;
    readonly column: number;
  }[];
}

/** Most problems that are looked for in one row. */
const MOST_PROBLEMS = 10;

/** Most problems that one message tells. */
const MOST_TOLD = 5;

/** Most columns of the model that a message lists. */
const MOST_KNOWN = 50;

/** What is wrong with a column of a row. */
interface Problem {
  readonly column: string;
  readonly text: string;
}

/**
 * Rows of a table. The columns of an input stand beside each other in the order of the manifest
 * ([1, width] for one row), scaled and encoded as it says; missing values are `null` or left out.
 */
export class FeaturesCodec implements InputCodec {
  readonly kind = 'features';
  readonly #readers: readonly ColumnReader[];
  readonly #names: ReadonlySet<string>;
  /** Names of the columns as a message lists them. */
  readonly #known: string;
  readonly #plans: readonly TensorPlan[];

  /** @throws {Error} for the operator, when columns and signature do not go together */
  constructor(manifest: FeaturesManifest, signature: Signature) {
    const { inputs } = signature;
    const columns = manifest.columns ?? inputs.map(columnOf);
    const targets = columns.map((column) => {
      const spec = targetOf(column, inputs);
      return { spec, reader: columnReader(column, spec) };
    });
    this.#readers = targets.map(({ reader }) => reader);
    this.#names = new Set(columns.map(({ name }) => name));
    const known = columns.slice(0, MOST_KNOWN).map(({ name }) => `"${name}"`);
    this.#known = known.join(', ');
    this.#plans = inputs.map((spec) => {
      const own = targets.flatMap((target, column) =>
        target.spec === spec ? [{ reader: target.reader, column }] : [],
      );
      return planOf(spec, own);
    });
  }

  prepare(input: ModelInput): PreparedInput {
    const cells = this.#check(expectKind(input, 'features'));
    return { key: JSON.stringify(cells), encode: () => this.#encode(cells) };
  }

  /** A row of zeros and empty texts. */
  sample(): EncodedInput {
    const tensors: Record<string, Tensor> = {};
    for (const { spec, shape, width } of this.#plans) {
      const { name, datatype } = spec;
      tensors[name] = { datatype, shape, data: allocate(datatype, width) };
    }
    return { rows: 1, tensors, group: '' };
  }

  decode(tensors: TensorMap): ModelInput | null {
    const features: Record<string, Cell> = {};
    for (const { spec, width, parts } of this.#plans) {
      const tensor = tensors[spec.name];
      if (tensor?.data.length !== width) return null;
      for (const { reader, from } of parts) features[reader.name] = reader.read(tensor, from);
    }
    return { features };
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    return concatRows(batch.map(({ tensors }) => tensors));
  }

  /** The cells in the order of the columns; several problems of a row are told at once. */
  #check(row: Readonly<Record<string, unknown>>): Cell[] {
    const problems: Problem[] = [];
    const cells = this.#readers.map((reader): Cell => {
      const { name, expected, range = expected, optional } = reader;
      const value = Object.hasOwn(row, name) ? (row[name] ?? null) : null;
      if (value !== null && reader.accepts(value)) return value as Cell;
      if ((value === null && optional) || problems.length === MOST_PROBLEMS) return null;
      const allowed = typeof value === 'number' ? range : expected;
      const text =
        value === null
          ? `is missing; expected ${expected}.`
          : `must be ${allowed}; got ${show(value)}.`;
      problems.push({ column: name, text: `Column "${name}" ${text}` });
      return null;
    });
    for (const name in row) {
      if (problems.length === MOST_PROBLEMS) break;
      if (this.#names.has(name)) continue;
      const text = `There is no column ${show(name)}; the model takes ${this.#known}.`;
      problems.push({ column: name, text });
    }
    if (problems.length === 0) return cells;
    const told = problems.slice(0, MOST_TOLD).map(({ text }) => text);
    throw badInput(told.join(' '), {
      field: 'features',
      columns: problems.map(({ column }) => column),
    });
  }

  #encode(cells: readonly Cell[]): EncodedInput {
    const tensors: Record<string, Tensor> = {};
    for (const { spec, shape, width, parts } of this.#plans) {
      const data = allocate(spec.datatype, width);
      for (const { reader, from, column } of parts) reader.write(cells[column] ?? null, data, from);
      tensors[spec.name] = { datatype: spec.datatype, shape, data };
    }
    return { rows: 1, tensors, group: '' };
  }
}

/** An input of the model as a column of its name and type. */
function columnOf({ name, datatype }: TensorSpec): FeatureColumn {
  if (datatype === 'BYTES') return { name, type: 'string', missing: 'error' };
  if (datatype === 'BOOL') return { name, type: 'boolean', missing: 'error' };
  return { name, type: 'numeric', mean: 0, std: 1, missing: 'error' };
}

/** The input that a column goes to: the one it names, else the only one, else that of its name. */
function targetOf(column: FeatureColumn, inputs: readonly TensorSpec[]): TensorSpec {
  const [only, ...others] = inputs;
  if (column.tensor === undefined && only && others.length === 0) return only;
  const name = column.tensor ?? column.name;
  return requireTensor(inputs, name, `input.columns, tensor of "${column.name}"`);
}

function planOf(
  spec: TensorSpec,
  own: readonly { reader: ColumnReader; column: number }[],
): TensorPlan {
  requireSingleRow(spec);
  let width = 0;
  const parts = own.map(({ reader, column }) => {
    const from = width;
    width += reader.width;
    return { reader, from, column };
  });
  const isFlat = spec.shape.length === 1;
  const [size = null, ...inner] = isFlat ? [1] : spec.shape.slice(1);
  if (inner.length > 0 || (size !== null && size !== width) || width === 0) {
    throw new Error(
      `model.yaml, input.columns: the columns of input "${spec.name}" make ${width} numbers a row, ` +
        `but the model takes ${spec.datatype} ${formatShape(spec.shape)}`,
    );
  }
  return { spec, width, parts, shape: isFlat ? [1] : [1, width] };
}

/** Longest value that a message shows, in characters. */
const MOST_SHOWN = 60;

/** A value as a message may show it; of a long one only the beginning is looked at. */
function show(value: unknown): string {
  if (typeof value === 'object' && value !== null && !isShort(value)) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, MOST_SHOWN) : value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 3)}…` : text;
}

/** Whether a value is a list of a few numbers, or the like. */
function isShort(value: object): boolean {
  return (
    Array.isArray(value) &&
    value.length <= 5 &&
    value.every((item) => typeof item !== 'object' && typeof item !== 'string')
  );
}
