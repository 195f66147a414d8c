import type { Manifest } from '../repository/manifest.ts';
import { allocate, elementCount, type TensorMap } from '../tensor/tensor.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import { modelInputSchema } from '../services/model-input.ts';
import type { LiveParts } from './live-parts.ts';

/**
 * Runs a new version before it takes traffic, so that the first client does not pay for lazy
 * initialisation and a model that cannot run is known at once: the manifest's examples, else
 * zeroed tensors of its signature. What comes back is read like any answer.
 *
 * @returns the first of these inputs, for workers to come; `undefined` where there is none
 * @throws {Error} what the model or its codecs say
 */
export async function warmUp(
  live: LiveParts,
  manifest: Manifest,
  timeoutMs: number,
): Promise<EncodedInput | undefined> {
  const inputs = await sampleInputs(live, manifest, manifest.runtime === 'remote');
  for (const input of inputs) {
    const result = await live.batcher.run(
      {
        input,
        outputs: live.allOutputs,
        waiters: { deadline: performance.now() + timeoutMs, abandoned: false },
      },
      'INTERACTIVE',
    );
    checkShapes(live, result.outputs);
    const outputs = live.output.postprocess(result.outputs, input);
    live.output.prediction(outputs);
    live.output.scores(outputs, 1);
  }
  return inputs[0];
}

async function sampleInputs(
  live: LiveParts,
  manifest: Manifest,
  isRemote: boolean,
): Promise<EncodedInput[]> {
  const examples = manifest.examples.map(({ input }) => modelInputSchema.parse(input));
  if (examples.length > 0) {
    return Promise.all(examples.map(async (input) => live.input.prepare(input).encode()));
  }
  // An engine elsewhere is sent nothing but what somebody asked for.
  if (live.input.kind !== 'tensors' || isRemote) return [];
  const tensors: Record<string, TensorMap[string]> = {};
  for (const { name, datatype, shape } of live.report.signature.inputs) {
    const concrete = shape.map((size) => size ?? 1);
    tensors[name] = { datatype, shape: concrete, data: allocate(datatype, elementCount(concrete)) };
  }
  return [{ rows: 1, tensors, group: '' }];
}

/** Holds the shapes that came back against those that the model declares. */
function checkShapes(live: LiveParts, outputs: TensorMap): void {
  for (const { name, shape } of live.report.signature.outputs) {
    const actual = outputs[name]?.shape;
    if (!actual || shape.length === 0) continue;
    const fits =
      actual.length === shape.length &&
      shape.every((size, axis) => size === null || size === actual[axis]);
    if (!fits) {
      throw new Error(
        `output "${name}" came back with shape [${actual.join(', ')}], declared is [${shape.map((size) => size ?? '?').join(', ')}]`,
      );
    }
  }
}
