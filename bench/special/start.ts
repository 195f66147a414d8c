import path from 'node:path';
import { ROOT, waitFor } from '../children.ts';
import { startServer } from '../contenders/this-server.ts';
import { type BenchModels, linkFolder, shippedModels } from '../models/bench-models.ts';
import type { Figure } from '../results.ts';
import { spread } from '../stats.ts';

const MODELS = 3;

/** Time from starting the built server until it says that it is ready. */
export async function measureStart(models: BenchModels, times: number): Promise<Figure> {
  const shipped = shippedModels()
    .filter((name) => models.names.has(name))
    .slice(0, MODELS)
    .map((name) => path.join(ROOT, 'models', name));
  const all = shipped.length < MODELS ? [...shipped, path.join(models.folder, 'encoder')] : shipped;
  const folder = linkFolder('start', all);
  const durations: number[] = [];
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    const { url, child } = await startServer(folder);
    await waitFor(`${url}/readyz`, child, { everyMs: 5 });
    durations.push(performance.now() - started);
    await child.stop();
  }
  const names = all.map((model) => path.basename(model)).join(', ');
  return {
    id: 'start',
    title: 'Start to ready',
    unit: 'ms',
    value: spread(durations),
    about: `\`node dist/main.js\` until \`/readyz\` answers 200, with ${all.length} models (${names}), ${times} times.`,
  };
}
