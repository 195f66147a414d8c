import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { Presets, SingleBar } from 'cli-progress';
import { ServiceError } from '../errors.ts';
import { internalCall } from '../services/call.ts';
import { type InputKind, type ModelInput, modelInputSchema } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type { PredictionService } from '../services/services.ts';
import { UsageError } from './report.ts';

/** Inputs that are predicted at once. */
const CHUNK = 256;

/** Options of {@link predictBulk}. */
export interface BulkOptions {
  readonly model: string;
  readonly kind: InputKind;
  /** Name of a file (.csv, .jsonl, .txt), or `-` for lines on standard input. */
  readonly file: string;
  readonly predictions: PredictionService;
  /** One line of the output. */
  readonly toLine: (prediction: Prediction) => object;
}

/**
 * Predicts every line of a file and writes one JSON line for each, in order; a line that fails is
 * an error in its own place.
 *
 * @returns how many lines failed
 */
export async function predictBulk(options: BulkOptions): Promise<number> {
  const { model, predictions, toLine } = options;
  const call = internalCall('command-line');
  const total = options.file === '-' ? 0 : (await stat(options.file)).size;
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: '{bar} {percentage} % · {rows} predictions' }, Presets.shades_classic)
    : undefined;
  bar?.start(Math.max(total, 1), 0, { rows: 0 });
  let failed = 0;
  let rows = 0;
  const flush = async (chunk: readonly (ModelInput | ServiceError)[]): Promise<void> => {
    const inputs = chunk.filter((each): each is ModelInput => !(each instanceof ServiceError));
    const results =
      inputs.length === 0 ? [] : (await predictions.predictBatch(call, { model, inputs })).results;
    let next = 0;
    for (const each of chunk) {
      const result = each instanceof ServiceError ? each : results[next++];
      if (!result) continue;
      const isError = result instanceof ServiceError;
      if (isError) failed += 1;
      const line = isError
        ? { error: { code: result.code, message: result.message } }
        : toLine(result);
      await write(`${JSON.stringify(line)}\n`);
    }
    rows += chunk.length;
  };
  let chunk: (ModelInput | ServiceError)[] = [];
  for await (const { input, bytesRead } of readRows(options)) {
    chunk.push(input);
    if (chunk.length < CHUNK) continue;
    await flush(chunk);
    chunk = [];
    bar?.update(Math.min(bytesRead, total), { rows });
  }
  if (chunk.length > 0) await flush(chunk);
  bar?.update(Math.max(total, 1), { rows });
  bar?.stop();
  return failed;
}

interface Row {
  readonly input: ModelInput | ServiceError;
  readonly bytesRead: number;
}

async function* readRows({ file, kind }: BulkOptions): AsyncGenerator<Row> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  const bytesRead = (): number => ('bytesRead' in stream ? stream.bytesRead : 0);
  if (file.endsWith('.csv')) {
    if (kind !== 'features') throw new UsageError('A CSV file is for models that take features.');
    const table = stream.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
    for await (const record of table as AsyncIterable<Record<string, string>>) {
      yield { input: { features: toFeatures(record) }, bytesRead: bytesRead() };
    }
    return;
  }
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    yield { input: toInput(line, kind, file.endsWith('.txt')), bytesRead: bytesRead() };
  }
}

/** Cells of a table are texts: what reads as a number or boolean becomes one, nothing is missing. */
function toFeatures(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const features: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record)) {
    if (cell === '') continue;
    const number = Number(cell);
    if (cell === 'true' || cell === 'false') features[column] = cell === 'true';
    else features[column] = cell.trim() !== '' && Number.isFinite(number) ? number : cell;
  }
  return features;
}

function toInput(line: string, kind: InputKind, isPlain: boolean): ModelInput | ServiceError {
  let value: unknown = line;
  if (!isPlain) {
    try {
      value = JSON.parse(line);
    } catch {
      if (kind !== 'text') {
        return new ServiceError('BAD_USER_INPUT', 'The line is not valid JSON.');
      }
    }
  }
  const whole = modelInputSchema.safeParse(value);
  if (whole.success) return whole.data;
  const parsed = modelInputSchema.safeParse({ [kind]: value });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return new ServiceError(
    'BAD_USER_INPUT',
    `The line is not a valid input: ${issue?.message ?? ''}.`,
  );
}

function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return Promise.resolve();
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}
