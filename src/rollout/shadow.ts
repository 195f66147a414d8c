import { ServiceError } from '../errors.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import { agrees, type Answer, toAnswer } from './agreement.ts';
import type { RolloutParts, RolloutVersion } from './rollout-version.ts';
import { runAside } from './run-aside.ts';

/** Shadow runs of one version at once, as a multiple of its batch size, and at most. */
const RUNS = { batches: 2, most: 256 } as const;

/**
 * Lets a version run an input that another has answered, after the answer is on its way, and counts
 * whether both say the same. It goes at BULK priority, is left out where the version is busy, and
 * what goes wrong is counted and nothing more. Nothing waits for it: a version may be freed under it.
 *
 * @param figures told when those of the shadow have changed
 */
export function runShadow(
  shadow: RolloutVersion,
  input: ModelInput,
  answered: Prediction,
  answering: RolloutParts | undefined,
  figures: { changed(version: RolloutVersion): void },
): void {
  const { stats } = shadow;
  const kind = answering?.output.kind;
  // Raw tensors cannot be compared: running them would tell nothing.
  if (!kind || kind === 'tensors') return;
  if (isBusy(shadow)) {
    stats.shadow.dropped++;
    return;
  }
  stats.shadow.running++;
  setImmediate(() => {
    predict(shadow, input)
      .then((answer) => {
        const expected = toAnswer(kind, answered.prediction);
        if (answer === undefined || expected === undefined) return;
        stats.compared(agrees(kind, expected, answer));
        figures.changed(shadow);
      })
      .catch((error: unknown) => {
        stats.shadow.failed++;
        // An answer that cannot be made is not the one that was given.
        if (!(error instanceof ServiceError) || error.code !== 'INFERENCE_FAILED') return;
        stats.compared(false);
        figures.changed(shadow);
      })
      .finally(() => {
        stats.shadow.running--;
      });
  });
}

function isBusy({ live, stats }: RolloutVersion): boolean {
  if (!live) return true;
  const { maxBatchSize, queuedRows } = live.batcher;
  const most = Math.min(RUNS.batches * Math.max(maxBatchSize, 8), RUNS.most);
  return stats.shadow.running >= most || queuedRows >= maxBatchSize * RUNS.batches;
}

async function predict({ live }: RolloutVersion, input: ModelInput): Promise<Answer | undefined> {
  if (!live) return undefined;
  return toAnswer(live.output.kind, await runAside(live, input, {}, 'BULK'));
}
