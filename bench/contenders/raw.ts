import { availableParallelism } from 'node:os';
import { ask, startScript, type Child } from '../children.ts';
import type { Measurement } from '../measurement.ts';
import type { BenchModel } from '../scenario.ts';
import { type Contender, type Subject, Skipped } from './contender.ts';
import type { RawJob } from './raw/worker.ts';

/** The batch at which an engine gives the most rows a second on one thread. */
const FULL_BATCH: Readonly<Record<BenchModel, number>> = { banking77: 64, digits: 64, encoder: 8 };

/** The engines in a loop, with inputs that are ready: one process of one thread for each core. */
export function raw(): Contender {
  return {
    name: 'the engine alone',
    subjects: ['raw'],
    start({ models }) {
      const loops = new Map<BenchModel, Promise<readonly Child[]>>();
      const start = (model: BenchModel) => {
        const found = loops.get(model) ?? startLoops(model, models.folder);
        loops.set(model, found);
        return found;
      };
      return Promise.resolve({
        async subject(id, { model }): Promise<Subject> {
          if (!models.names.has(model)) throw new Skipped(`there is no model "${model}" yet`);
          const children = await start(model);
          const measure = (seconds: number) =>
            runLoops(children, { rows: FULL_BATCH[model], seconds });
          return { id, measure, warm: (seconds) => measure(seconds) };
        },
        async stop() {
          const all = await Promise.all(loops.values());
          await Promise.all(all.flat().map((child) => child.stop()));
        },
      });
    },
  };
}

/** Starts processes that hold a model, one a core, and waits until it is loaded. */
export async function startLoops(
  model: BenchModel,
  folder: string,
  count = availableParallelism(),
): Promise<readonly Child[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = startScript('contenders/raw/worker.ts', [model, folder]);
      await new Promise<void>((resolve, reject) => {
        child.process.once('message', () => resolve());
        child.process.once('exit', () => reject(new Error(child.output())));
      });
      return child;
    }),
  );
}

/** Runs all loops at once: rates add up, times are those of the first. */
export async function runLoops(children: readonly Child[], job: RawJob): Promise<Measurement> {
  const all = await Promise.all(children.map((child) => ask<Measurement>(child, job)));
  const perSecond = all.reduce((sum, each) => sum + each.perSecond, 0);
  return { p50Ms: NaN, p99Ms: NaN, errors: 0, ...all[0], perSecond };
}
