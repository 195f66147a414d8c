import type { BenchContext } from '../contenders/contender.ts';
import { progress } from '../progress.ts';
import type { Figure } from '../results.ts';
import type { BenchModel } from '../scenario.ts';
import { isWanted } from '../scenario.ts';
import { round } from '../targets.ts';
import { measureFairness } from './fairness.ts';
import { measureLone } from './lone.ts';
import { measureStart } from './start.ts';
import { measureSubscribers } from './subscribers.ts';

const SUBSCRIBERS = 5_000;

interface FigureOptions {
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
}

/** Takes the single figures one by one; a line of text stands for one that could not be taken. */
export async function* measureFigures(
  context: BenchContext,
  options: FigureOptions,
): AsyncGenerator<Figure | string> {
  const { models } = context;
  const { quick, rounds, seconds } = options;
  const lone = (model: BenchModel) => () => measureLone(context, model, { rounds, seconds });
  const all: Record<string, () => Promise<Figure>> = {
    lone: lone('banking77'),
    ...(!quick && models.names.has('digits') && { 'lone-digits': lone('digits') }),
    ...(!quick && { 'lone-encoder': lone('encoder') }),
    ...(!quick && { subscribers: () => measureSubscribers(models, SUBSCRIBERS, seconds * 5) }),
    ...(!quick && { fairness: () => measureFairness(context, { rounds, seconds }) }),
    start: () => measureStart(models, quick ? 1 : 5),
  };
  for (const [id, take] of Object.entries(all)) {
    if (!isWanted(id, options.only)) continue;
    progress(`measuring: ${id}`);
    try {
      const figure = await take();
      progress(`${figure.title}: ${round(figure.value.median)} ${figure.unit}`);
      yield figure;
    } catch (error) {
      const reason = `${id} could not be measured: ${error instanceof Error ? error.message : String(error)}`;
      progress(reason);
      yield reason;
    }
  }
}
