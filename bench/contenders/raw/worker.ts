import type { Measurement } from '../../measurement.ts';
import type { BenchModel } from '../../scenario.ts';
import { quantile } from '../../stats.ts';
import { loadRaw } from './engines.ts';

/** A job for a raw engine's process. */
export interface RawJob {
  readonly rows: number;
  readonly seconds: number;
}

const [, , model, folder] = process.argv;
const run = await loadRaw(model as BenchModel, folder ?? '');

process.on('message', ({ rows, seconds }: RawJob) => void loop(rows, seconds));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function loop(rows: number, seconds: number): Promise<void> {
  const durations: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  let now = started;
  while (now < end) {
    await run(rows);
    const after = performance.now();
    durations.push(after - now);
    now = after;
  }
  const perSecond = (durations.length * rows * 1000) / (now - started);
  durations.sort((a, b) => a - b);
  const measurement: Measurement = {
    perSecond,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
    errors: 0,
  };
  process.send?.(measurement);
}
