import type { FeatureColumn } from '../../repository/manifest.ts';
import { textOf } from '../../tensor/bytes-element.ts';
import { numberReader } from '../../tensor/read-number.ts';
import type {
  BytesElement,
  Datatype,
  Tensor,
  TensorData,
  TensorSpec,
} from '../../tensor/tensor.ts';
import {
  fitsFloat,
  integerRange,
  isFloating,
  numberWriter,
  type WriteNumber,
} from '../../tensor/write-number.ts';

/** A value of a column as JSON has it; `null` where it is missing. */
export type Cell = string | number | boolean | null;

/** Checks the values of one column and puts them into the tensor that it goes to. */
export interface ColumnReader {
  readonly name: string;
  /** Elements of the tensor that a value fills. */
  readonly width: number;
  /** What is allowed, for messages: `a number`, `one of "a", "b"`. */
  readonly expected: string;
  /** The same for values of the right type that are too large. @default expected */
  readonly range?: string;
  /** Whether a value may be missing. */
  readonly optional: boolean;
  /** Whether a value that is there is allowed. */
  accepts(value: unknown): boolean;
  /** Writes an accepted value (or `null` where it is missing) to a tensor of zeros. */
  write(value: Cell, data: TensorData, at: number): void;
  /** Reads back what {@link write} wrote; `null` where that does not tell the value. */
  read(tensor: Pick<Tensor, 'datatype' | 'data'>, at: number): Cell;
}

type NumericColumn = Extract<FeatureColumn, { type: 'numeric' }>;
type CategoricalColumn = Extract<FeatureColumn, { type: 'categorical' }>;

/**
 * Makes the reader of a column for the input that it goes to.
 *
 * @throws {Error} for the operator, when the two do not go together
 */
export function columnReader(column: FeatureColumn, spec: TensorSpec): ColumnReader {
  const { datatype } = spec;
  const refuse = (why: string) =>
    new Error(`model.yaml, input.columns: "${column.name}" ${why} (input "${spec.name}")`);
  if (datatype === 'BYTES') {
    if (column.type === 'string') return stringReader(column);
    if (column.type === 'categorical') return namedReader(column);
    throw refuse(`is ${column.type}, but the model takes texts`);
  }
  const write = numberWriter(datatype);
  switch (column.type) {
    case 'string':
      throw refuse(`holds texts, but the model takes ${datatype}`);
    case 'boolean':
      return booleanReader(column, write);
    case 'categorical':
      return column.encoding === 'index' ? indexReader(column, write) : oneHotReader(column, write);
    case 'numeric': {
      const scaled = column.mean !== 0 || column.std !== 1 || column.missing === 'nan';
      if (!isFloating(datatype) && scaled) {
        throw refuse(`has mean, std or missing: nan, but the model takes ${datatype}`);
      }
      return isFloating(datatype)
        ? numericReader(column, datatype, write)
        : integerReader(column, datatype, write);
    }
  }
}

function numericReader(
  column: NumericColumn,
  datatype: Datatype,
  write: WriteNumber,
): ColumnReader {
  const { name, mean, std, missing } = column;
  const stand = missing === 'mean' ? mean : missing === 'nan' ? NaN : Number(missing);
  return {
    name,
    width: 1,
    expected: 'a number',
    range: `a number that ${datatype} can hold`,
    optional: missing !== 'error',
    // What overflows is the client's mistake, and would be taken for the model's.
    accepts: (value) => typeof value === 'number' && fitsFloat(datatype, (value - mean) / std),
    write: (value, data, at) =>
      write(data, at, ((value === null ? stand : Number(value)) - mean) / std),
    read(tensor, at) {
      const value = numberReader(tensor)(at) * std + mean;
      // What was rounded to a float must not lie beyond the range that it is of.
      return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
    },
  };
}

function integerReader(
  column: NumericColumn,
  datatype: Datatype,
  write: WriteNumber,
): ColumnReader {
  const [least, most] = integerRange(datatype);
  const stand = typeof column.missing === 'number' ? column.missing : 0;
  return {
    name: column.name,
    width: 1,
    expected: `a whole number from ${least} to ${most}`,
    optional: column.missing !== 'error',
    accepts: (value) =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    write: (value, data, at) => write(data, at, value === null ? stand : Number(value)),
    read: (tensor, at) => numberReader(tensor)(at),
  };
}

function booleanReader(
  { name, missing }: Extract<FeatureColumn, { type: 'boolean' }>,
  write: WriteNumber,
): ColumnReader {
  return {
    name,
    width: 1,
    expected: 'true or false',
    optional: missing !== 'error',
    accepts: (value) => typeof value === 'boolean',
    write: (value, data, at) => write(data, at, Number(value ?? missing)),
    read: (tensor, at) => numberReader(tensor)(at) !== 0,
  };
}

function stringReader({ name, missing }: Extract<FeatureColumn, { type: 'string' }>): ColumnReader {
  const stand = missing === 'error' ? '' : missing.value;
  return {
    name,
    width: 1,
    expected: 'a text',
    optional: missing !== 'error',
    accepts: (value) => typeof value === 'string',
    write: (value, data, at) => void ((data as string[])[at] = String(value ?? stand)),
    read: readText,
  };
}

function categories(column: CategoricalColumn): Omit<ColumnReader, 'width' | 'write' | 'read'> & {
  readonly places: ReadonlyMap<unknown, number>;
} {
  const places = new Map<unknown, number>(column.values.map((value, i) => [value, i]));
  const open = column.unknown === 'ignore';
  const types = new Set<string>(column.values.map((value) => typeof value));
  const shown = column.values.slice(0, 20).map((value) => JSON.stringify(value));
  const rest = column.values.length - shown.length;
  return {
    places,
    name: column.name,
    expected: `${open ? 'preferably one' : 'one'} of ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    optional: column.missing === 'ignore',
    accepts: (value) => places.has(value) || (open && types.has(typeof value)),
  };
}

function oneHotReader(column: CategoricalColumn, write: WriteNumber): ColumnReader {
  const { places, ...base } = categories(column);
  return {
    ...base,
    width: column.values.length,
    write(value, data, at) {
      const place = places.get(value);
      if (place !== undefined) write(data, at + place, 1);
    },
    read(tensor, at) {
      const number = numberReader(tensor);
      return column.values.find((_, place) => number(at + place) > 0.5) ?? null;
    },
  };
}

function indexReader(column: CategoricalColumn, write: WriteNumber): ColumnReader {
  const { places, ...base } = categories(column);
  return {
    ...base,
    width: 1,
    write: (value, data, at) => write(data, at, places.get(value) ?? -1),
    read: (tensor, at) => column.values[numberReader(tensor)(at)] ?? null,
  };
}

/** A category for a model that takes texts. */
function namedReader(column: CategoricalColumn): ColumnReader {
  return {
    ...categories(column),
    width: 1,
    write: (value, data, at) => void ((data as string[])[at] = String(value ?? '')),
    read: readText,
  };
}

function readText({ data }: Pick<Tensor, 'data'>, at: number): Cell {
  const element = data[at];
  return element === undefined ? null : textOf(element as BytesElement);
}
