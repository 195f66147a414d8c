import type { Manifest } from '../../repository/manifest.ts';
import { formatShape, type Signature, type TensorSpec } from '../../tensor.ts';
import { ClassificationCodec } from './classification.ts';
import type { OutputCodec } from './codec.ts';
import { namesOf, requireTensor } from './pick-tensor.ts';
import { RawOutputsCodec } from './raw-outputs.ts';

/**
 * Makes the codec of a model's outputs.
 *
 * @param labels of the version, in the order of the classes
 * @throws {Error} for the operator, naming the key of model.yaml and what the model offers
 */
export function createOutput(
  { output }: Manifest,
  signature: Signature,
  labels: readonly string[] | null,
): OutputCodec {
  switch (output.kind) {
    case 'classification': {
      const spec = pickOutput(signature.outputs, output.tensor);
      const classes = spec.shape.at(-1) ?? null;
      if (labels && classes !== null && labels.length !== classes) {
        throw new Error(
          `model.yaml, output.labels: ${labels.length} labels, but output "${spec.name}" ` +
            `${formatShape(spec.shape)} has ${classes} classes`,
        );
      }
      const names = labels ?? Array.from({ length: classes ?? 0 }, (_, i) => String(i));
      return new ClassificationCodec({
        tensor: spec.name,
        activation: output.activation === 'softmax' ? 'softmax' : 'none',
        labels: names,
      });
    }
    case 'multi-label':
    case 'regression':
    case 'embedding':
      throw new Error(`${output.kind}: not served yet`);
    case 'tensors':
      return new RawOutputsCodec(signature);
  }
}

function pickOutput(outputs: readonly TensorSpec[], name: string | undefined): TensorSpec {
  if (name !== undefined) return requireTensor(outputs, name, 'output.tensor');
  const [only, ...others] = outputs;
  if (!only || others.length > 0) {
    throw new Error(`model.yaml, output.tensor: choose one of ${namesOf(outputs)}`);
  }
  return only;
}
