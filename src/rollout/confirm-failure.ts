import type { ModelInput } from '../services/model-input.ts';
import type { PredictOptions } from '../services/services.ts';
import type { RolloutVersion } from './rollout-version.ts';
import { runAside } from './run-aside.ts';

/** Most failures of a version that are looked into at once; others are not held against it. */
const MAX_RUNS = 32;

/**
 * Holds a failure against a canary once the serving version has answered the same input. An input
 * that both fail on says nothing of the canary: else whoever may predict could have it rolled back,
 * with numbers that overflow within the model, or tensors that no engine takes.
 *
 * What the serving version cannot tell either way (it is overloaded, or being unloaded) does not
 * count. It runs the input at the priority of the request: traffic without the canary would have
 * brought it there.
 *
 * @param figures told when those of the canary have changed
 */
export function confirmFailure(
  { stats }: RolloutVersion,
  serving: RolloutVersion,
  input: ModelInput,
  options: PredictOptions,
  figures: { changed(): void },
): void {
  const { live } = serving;
  if (!live || stats.confirming >= MAX_RUNS) return;
  const { trial } = stats;
  stats.confirming++;
  setImmediate(() => {
    runAside(live, input, options, options.priority ?? 'INTERACTIVE')
      .then(
        () => {
          trial.answered.add(false);
          figures.changed();
        },
        () => undefined,
      )
      .finally(() => {
        stats.confirming--;
      });
  });
}
