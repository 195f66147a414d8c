import { threeDecimals } from '../durations.ts';
import { internalCall } from '../services/call.ts';
import type { ModelInput } from '../services/model-input.ts';
import { toModelPath } from './model-path.ts';
import { openModels } from './offline-models.ts';
import { readInput } from './read-input.ts';
import { UsageError } from './report.ts';
import { formatTable } from './table.ts';

/** Options of `bench`. */
export interface BenchOptions {
  readonly models?: string;
  readonly input?: string;
  readonly seconds: number;
  readonly batchSizes: readonly number[];
  readonly json?: boolean;
}

interface BenchRow {
  readonly batch_size: number;
  readonly runs: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly predictions_per_second: number;
}

/** Measures latency and rate of one model on this machine, batch sizes side by side. */
export async function benchModel(model: string, options: BenchOptions): Promise<void> {
  const { seconds, batchSizes, json } = options;
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError('--seconds takes 0 to 600.');
  if (batchSizes.some((size) => !Number.isInteger(size) || size < 1 || size > 4096)) {
    throw new UsageError('--batch-sizes takes whole numbers from 1 to 4096, such as 1,8,32.');
  }
  const { directory, name } = toModelPath(model, options.models);
  const models = await openModels({ directory, only: name });
  try {
    const status = models.catalog.get(name);
    if (status?.servingVersion === null) {
      throw new UsageError(`${name} cannot be used: ${status.reason ?? 'no reason is known'}`);
    }
    const input: ModelInput | undefined =
      options.input === undefined
        ? status?.examples[0]?.input
        : await readInput(options.input, status?.inputKind ?? 'text');
    if (!input) {
      throw new UsageError('This model has no examples in model.yaml: give an input with --input.');
    }
    const rows: BenchRow[] = [];
    for (const size of batchSizes) {
      const inputs = Array.from({ length: size }, () => input);
      rows.push(
        await measure(size, seconds, async () => {
          const { results } = await models.predictor.predictBatch(internalCall('bench'), {
            model: name,
            inputs,
            cache: 'bypass',
          });
          const [first] = results;
          if (first instanceof Error) throw first;
        }),
      );
    }
    process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `${toTable(rows)}\n`);
  } finally {
    await models.close();
  }
}

async function measure(size: number, seconds: number, run: () => Promise<void>): Promise<BenchRow> {
  for (let i = 0; i < 3; i++) await run();
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  do {
    const before = performance.now();
    await run();
    times.push(performance.now() - before);
  } while (performance.now() < end);
  const elapsed = performance.now() - started;
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    threeDecimals(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return {
    batch_size: size,
    runs: times.length,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    predictions_per_second: threeDecimals((times.length * size * 1000) / elapsed),
  };
}

function toTable(rows: readonly BenchRow[]): string {
  return formatTable(
    ['BATCH', 'RUNS', 'P50', 'P95', 'PREDICTIONS/S'],
    rows.map((row) => [
      String(row.batch_size),
      String(row.runs),
      `${row.p50_ms.toFixed(2)} ms`,
      `${row.p95_ms.toFixed(2)} ms`,
      row.predictions_per_second.toFixed(row.predictions_per_second < 100 ? 1 : 0),
    ]),
  );
}
