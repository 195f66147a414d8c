import type { Manifest } from '../repository/manifest.ts';
import type { TensorMap } from '../tensor/tensor.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import { describeIssues } from '../issues.ts';
import { type ModelInput, modelInputSchema } from '../services/model-input.ts';
import type { LiveParts } from './live-parts.ts';

/** What became of warming up. */
export interface WarmUp {
  /** An input that ran, for workers to come; `undefined` where there is none. */
  readonly input: EncodedInput | undefined;
  /** Why an invented input did not run; `null` where it did, or there was none. */
  readonly failure: string | null;
}

/**
 * Runs a new version before it takes traffic, so that the first client does not pay for lazy
 * initialisation: the manifest's examples, whose answers are read like any, else an invented input,
 * of which nothing is expected.
 *
 * @param invented an input that the model is known to take, where there is one
 * @throws {Error} what the model or its codecs say of an example
 */
export async function warmUp(
  live: LiveParts,
  manifest: Manifest,
  invented: EncodedInput | undefined,
  timeoutMs: number,
): Promise<WarmUp> {
  const examples = manifest.examples.map(({ input }, i) => readExample(input, i));
  const inputs = await Promise.all(
    examples.map(async (input) => live.input.prepare(input).encode()),
  );
  for (const input of inputs) {
    const outputs = live.output.postprocess(await run(live, input, timeoutMs), input);
    live.output.prediction(outputs);
    live.output.scores(outputs, 1);
  }
  const [first] = inputs;
  if (first ?? !invented) return { input: first, failure: null };
  try {
    await run(live, invented, timeoutMs);
    return { input: invented, failure: null };
  } catch (thrown) {
    const failure = thrown instanceof Error ? thrown.message : String(thrown);
    return { input: undefined, failure };
  }
}

async function run(live: LiveParts, input: EncodedInput, timeoutMs: number): Promise<TensorMap> {
  const waiters = { deadline: performance.now() + timeoutMs, abandoned: false };
  const entry = { input, outputs: live.allOutputs, waiters };
  const { outputs } = await live.batcher.run(entry, 'INTERACTIVE');
  return outputs;
}

/** @throws {Error} for the operator, naming the example and what is wrong with it */
function readExample(input: unknown, index: number): ModelInput {
  const parsed = modelInputSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problem = describeIssues(parsed.error.issues);
  throw new Error(`model.yaml, examples.${index}.input: ${problem}`);
}
