import type { ModelInput } from '../services/model-input.ts';
import type { PredictOptions, Priority } from '../services/services.ts';
import type { RolloutParts } from './rollout-version.ts';

/** Longest that a run off the path of clients may wait for its turn, in milliseconds. */
const DEADLINE_MS = 10_000;

/**
 * Lets a version run an input that another has been asked for. It prepares the input itself: its
 * encoding need not be that of the other version.
 *
 * @param options which codecs and outputs were asked for
 * @returns what it would have answered; the cache has no part in it
 * @throws {ServiceError} as a prediction does
 */
export async function runAside(
  live: RolloutParts,
  input: ModelInput,
  { raw, allOutputs, onlyOutputs }: PredictOptions,
  priority: Priority,
): Promise<unknown> {
  const codecs = raw ? live.raw : live;
  const encoded = await codecs.input.prepare(input).encode();
  const { outputs } = await live.batcher.run(
    {
      input: encoded,
      outputs: allOutputs ? live.allOutputs : (onlyOutputs ?? codecs.output.needed),
      waiters: { deadline: performance.now() + DEADLINE_MS, abandoned: false },
    },
    priority,
  );
  return codecs.output.prediction(codecs.output.postprocess(outputs, encoded));
}
