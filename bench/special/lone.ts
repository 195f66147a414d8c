import { runLoops, startLoops } from '../contenders/raw.ts';
import type { BenchContext } from '../contenders/contender.ts';
import { startServer } from '../contenders/this-server.ts';
import { waitFor } from '../children.ts';
import type { Figure } from '../results.ts';
import type { BenchModel } from '../scenario.ts';
import { median, spread } from '../stats.ts';

/** What a request that is alone pays beyond the time of the engine, one uncached input at a time. */
export async function measureLone(
  { driver, models }: BenchContext,
  model: BenchModel,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Figure> {
  const { url, child } = await startServer(models.folder);
  const loops = await startLoops(model, models.folder, 1);
  try {
    await waitFor(`${url}/readyz`, child);
    const lone = () =>
      driver.run({
        kind: 'lone',
        url: `${url}/predict`,
        body: { api: { kind: 'rest' }, model, mode: 'uncached' },
        connections: 1,
        seconds,
      });
    await lone();
    await runLoops(loops, { rows: 1, seconds: seconds / 2 });
    const added: number[] = [];
    const engine: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const served = await lone();
      const alone = await runLoops(loops, { rows: 1, seconds });
      engine.push(alone.p50Ms);
      added.push(served.p50Ms - alone.p50Ms);
    }
    return {
      id: model === 'banking77' ? 'lone' : `lone-${model}`,
      title: `Added to a lone uncached request, \`${model}\`, p50`,
      unit: 'ms',
      value: spread(added),
      about: `One connection, one request after the other; the engine alone takes ${median(engine).toFixed(3)} ms.`,
    };
  } finally {
    await child.stop();
    await Promise.all(loops.map((loop) => loop.stop()));
  }
}
