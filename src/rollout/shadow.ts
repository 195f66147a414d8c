import { ServiceError } from '../errors.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type { LiveParts, ServedVersion } from '../serving/served-version.ts';
import { agrees, type Answer, toAnswer } from './agreement.ts';

/** Longest that a shadow may wait for its turn, in milliseconds. */
const DEADLINE_MS = 10_000;

/** Shadow runs of one version at once, as a multiple of its batch size, and at most. */
const RUNS = { batches: 2, most: 256 } as const;

/**
 * Lets a version run an input that another has answered, after the answer is on its way, and counts
 * whether both say the same. It goes at BULK priority, is left out where the version is busy, and
 * what goes wrong is counted and nothing more.
 */
export function runShadow(
  shadow: ServedVersion,
  input: ModelInput,
  answered: Prediction,
  answering: LiveParts | undefined,
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
  shadow.retain();
  setImmediate(() => {
    predict(shadow, input)
      .then((answer) => {
        const expected = toAnswer(kind, answered.prediction);
        if (answer === undefined || expected === undefined) return;
        stats.compared(agrees(kind, expected, answer));
        shadow.observer?.changed(shadow);
      })
      .catch((error: unknown) => {
        stats.shadow.failed++;
        // An answer that cannot be made is not the one that was given.
        if (!(error instanceof ServiceError) || error.code !== 'INFERENCE_FAILED') return;
        stats.compared(false);
        shadow.observer?.changed(shadow);
      })
      .finally(() => {
        stats.shadow.running--;
        shadow.release();
      });
  });
}

function isBusy({ live, stats }: ServedVersion): boolean {
  if (!live) return true;
  const { maxBatchSize, queuedRows } = live.batcher;
  const most = Math.min(RUNS.batches * Math.max(maxBatchSize, 8), RUNS.most);
  return stats.shadow.running >= most || queuedRows >= maxBatchSize * RUNS.batches;
}

/** The shadow prepares the input itself: its encoding need not be that of the other version. */
async function predict({ live }: ServedVersion, input: ModelInput): Promise<Answer | undefined> {
  if (!live) return undefined;
  const encoded = await live.input.prepare(input).encode();
  const { outputs } = await live.batcher.run(
    {
      input: encoded,
      outputs: live.output.needed,
      flight: { deadline: performance.now() + DEADLINE_MS, abandoned: false },
    },
    'BULK',
  );
  return toAnswer(live.output.kind, live.output.prediction(live.output.finish(outputs, encoded)));
}
