import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InputColumn } from '../services/model-status.ts';
import { type InputKind, type ModelInput, modelInputSchema } from '../services/model-input.ts';
import { UsageError } from './report.ts';

/** A row of the data that a profile is made of. */
export interface DataRow {
  readonly input: ModelInput;
  /** What was right, where the data tells it. */
  readonly actual?: unknown;
  /** Group of rows that may come alone. */
  readonly group?: string | undefined;
  /** Numbers of output tensors by name, of a model that had not seen the row. */
  readonly outputs?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** How rows are read. */
export interface DataShape {
  readonly kind: InputKind;
  readonly columns: readonly InputColumn[] | null;
  /** Column that holds what was right. */
  readonly label: string | undefined;
}

type Line = Readonly<Record<string, unknown>>;

/** Values that stand for a missing one in tables. */
const MISSING = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None']);

/**
 * Reads rows of a `.csv`, `.jsonl` or `.parquet` file. A line of JSON, and a row of Parquet, is a row
 * of the model's columns, or holds the `input` as a client sends it, and perhaps `actual`, `outputs`
 * and `group`.
 *
 * @throws {UsageError} saying what is wrong with which row
 */
export async function readRows(file: string, shape: DataShape): Promise<DataRow[]> {
  const lines = await readLines(file);
  if (lines.length === 0) throw new UsageError(`${file} has no rows.`);
  return lines.map((line, i) => toRow(line, shape, `${file}, row ${i + 1}`));
}

async function readLines(file: string): Promise<Line[]> {
  switch (path.extname(file).toLowerCase()) {
    case '.csv': {
      const { parse } = await import('csv-parse/sync');
      return parse(await readFile(file), { columns: true, bom: true, skip_empty_lines: true });
    }
    case '.jsonl':
    case '.ndjson':
      return (await readFile(file, 'utf8'))
        .split('\n')
        .filter((text) => text.trim() !== '')
        .map((text, i) => parseLine(text, `${file}, line ${i + 1}`));
    case '.parquet': {
      const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
      return parquetReadObjects({ file: await asyncBufferFromFile(file) });
    }
    default:
      throw new UsageError(`${file}: expected a file that ends in .csv, .jsonl or .parquet.`);
  }
}

function parseLine(text: string, where: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Line;
  } catch {
    // Said below.
  }
  throw new UsageError(`${where}: expected a JSON object.`);
}

function toRow(line: Line, shape: DataShape, where: string): DataRow {
  const given = jsonIfText(line.input);
  if (typeof given !== 'object' || given === null) return fromColumns(line, shape, where);
  const parsed = modelInputSchema.safeParse(given);
  if (!parsed.success) {
    throw new UsageError(`${where}, input: ${parsed.error.issues[0]?.message ?? 'is unusable'}.`);
  }
  const { group } = line;
  const outputs = jsonIfText(line.outputs) as DataRow['outputs'];
  const actual = shape.label === undefined ? line.actual : line[shape.label];
  return {
    input: parsed.data,
    actual: actual ?? undefined,
    ...(typeof group === 'string' && { group }),
    ...(outputs && { outputs }),
  };
}

/** Capture in Parquet holds JSON as text. */
function jsonIfText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function fromColumns(line: Line, { kind, columns, label }: DataShape, where: string): DataRow {
  const actual = label === undefined ? undefined : line[label];
  if (kind === 'features') {
    const features: Record<string, unknown> = {};
    for (const { name, type } of columns ?? []) features[name] = toCell(line[name], type);
    return { input: { features }, actual };
  }
  const value = line[kind];
  if ((kind === 'text' || kind === 'image') && typeof value === 'string') {
    return { input: kind === 'text' ? { text: value } : { image: value }, actual };
  }
  throw new UsageError(`${where}: expected a column "${kind}", or an input as a client sends it.`);
}

function toCell(value: unknown, type: InputColumn['type']): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (MISSING.has(text)) return null;
  if (type === 'boolean') return /^(?:true|1|yes)$/i.test(text);
  return type === 'numeric' ? Number(text) : text;
}
