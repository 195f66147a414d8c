import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { InputColumn } from '../services/model-status.ts';
import { type InputKind, type ModelInput, modelInputSchema } from '../services/model-input.ts';
import { UsageError } from './report.ts';

/** A row of the data that a profile is made of. */
export interface DataRow {
  /** `null` for a recorded prediction whose input was not recorded. */
  readonly input: ModelInput | null;
  /** What was right, where the data tells it. */
  readonly actual?: unknown;
  /** Group of rows that may come alone. */
  readonly group?: string | undefined;
  /** Numbers of output tensors by name, of a model that had not seen the row. */
  readonly outputs?: Readonly<Record<string, readonly number[]>> | undefined;
  /** What was predicted, where that was recorded. */
  readonly recorded?: { readonly prediction: unknown; readonly confidence: number | null };
  /** Whether parts of the input were left out of the record, so that the model cannot be asked. */
  readonly isRedacted?: boolean;
}

/** How rows are read. */
export interface DataShape {
  readonly kind: InputKind;
  readonly columns: readonly InputColumn[] | null;
  /** Column that holds what was right. */
  readonly label: string | undefined;
  /** Version whose recorded outputs count. @default any */
  readonly version?: string | undefined;
}

type Line = Readonly<Record<string, unknown>>;

/** Files that are read. */
const ENDINGS = /\.(?:csv|jsonl|ndjson|parquet)$/i;

/** Values that stand for a missing one in tables. */
const MISSING = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None']);

/** Most rows that are read of a folder, the latest files first. */
const MAX_ROWS = 100_000;

/**
 * Reads rows of a `.csv`, `.jsonl` or `.parquet` file, or of all such files of a folder. A line of
 * JSON, and a row of Parquet, is a row of the model's columns, or holds the `input` as a client sends
 * it, and perhaps `actual`, `outputs` and `group`; or it is what the server has recorded of a
 * prediction, or of its outcome.
 *
 * @throws {UsageError} saying what is wrong with which row
 */
export async function readRows(file: string, shape: DataShape): Promise<DataRow[]> {
  const rows: DataRow[] = [];
  const outcomes = new Map<string, unknown>();
  for (const each of await filesOf(file)) {
    const lines = await readLines(each);
    for (const line of lines) if (isOutcome(line)) outcomes.set(line.id, line.actual);
    lines.forEach((line, i) => {
      if (!isOutcome(line))
        rows.push(toRow(joined(line, outcomes), shape, `${each}, row ${i + 1}`));
    });
    if (rows.length >= MAX_ROWS) break;
  }
  if (rows.length === 0) throw new UsageError(`${file} has no rows.`);
  return rows;
}

/** The latest files first: an outcome comes after its prediction. */
async function filesOf(file: string): Promise<string[]> {
  const found = await stat(file).catch(() => null);
  if (!found) throw new UsageError(`There is no ${file}.`);
  if (!found.isDirectory()) return [file];
  const names = (await readdir(file)).filter((name) => ENDINGS.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => path.join(file, name));
}

/** A recorded outcome: it names its prediction, and tells nothing else of it. */
function isOutcome(line: Line): line is Line & { readonly id: string } {
  return typeof line.id === 'string' && 'actual' in line && 'correct' in line;
}

function joined(line: Line, outcomes: ReadonlyMap<string, unknown>): Line {
  const { id } = line;
  if (typeof id !== 'string' || !outcomes.has(id)) return line;
  return { ...line, actual: outcomes.get(id) };
}

async function readLines(file: string): Promise<Line[]> {
  switch (path.extname(file).toLowerCase()) {
    case '.csv': {
      const { parse } = await import('csv-parse/sync');
      return parse(await readFile(file), { columns: true, bom: true, skip_empty_lines: true });
    }
    case '.jsonl':
    case '.ndjson':
      return parseLines(await readFile(file, 'utf8'), file);
    case '.parquet': {
      const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
      return parquetReadObjects({ file: await asyncBufferFromFile(file) });
    }
    default:
      throw new UsageError(`${file}: expected a file that ends in .csv, .jsonl or .parquet.`);
  }
}

function parseLines(text: string, file: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => parseLine(line, `${file}, line ${i + 1}`));
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
  if (typeof given !== 'object' || given === null) {
    return typeof line.id === 'string' && 'latency_ms' in line
      ? { input: null, actual: line.actual ?? undefined, ...recordedOf(line, shape) }
      : fromColumns(line, shape, where);
  }
  const parsed = modelInputSchema.safeParse(given);
  if (!parsed.success) {
    throw new UsageError(`${where}, input: ${parsed.error.issues[0]?.message ?? 'is unusable'}.`);
  }
  const { group } = line;
  const actual = shape.label === undefined ? line.actual : line[shape.label];
  return {
    input: parsed.data,
    actual: actual ?? undefined,
    ...(typeof group === 'string' && { group }),
    ...(Array.isArray(line.redacted) && { isRedacted: true }),
    ...recordedOf(line, shape),
  };
}

/** What the model has made of the row, unless it was another version. */
function recordedOf(line: Line, shape: DataShape): Pick<DataRow, 'outputs' | 'recorded'> {
  const { version, prediction, confidence } = line;
  const isOther = typeof version === 'string' && (shape.version ?? version) !== version;
  if (isOther) return {};
  const outputs = jsonIfText(line.outputs) as DataRow['outputs'];
  return {
    ...(outputs && { outputs }),
    ...(prediction !== undefined && {
      recorded: { prediction, confidence: typeof confidence === 'number' ? confidence : null },
    }),
  };
}

/** Parquet may hold JSON as text. */
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
