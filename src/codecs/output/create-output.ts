import type { OutputManifest } from '../../repository/manifest.ts';
import {
  formatShape,
  type Datatype,
  type Signature,
  type TensorSpec,
} from '../../tensor/tensor.ts';
import { ClassificationCodec } from './classification.ts';
import type { OutputCodec } from '../codec.ts';
import { EmbeddingCodec } from './embedding.ts';
import { MultiLabelCodec } from './multi-label.ts';
import { namesOf, requireTensor } from '../pick-tensor.ts';
import { RawOutputsCodec } from './raw-outputs.ts';
import { RegressionCodec } from './regression.ts';

/**
 * Makes the codec of a model's outputs.
 *
 * @param labels of the version, in the order of the classes
 * @throws {Error} for the operator, naming the key of model.yaml and what the model offers
 */
export function createOutput(
  output: OutputManifest,
  signature: Signature,
  labels: readonly string[] | null,
): OutputCodec {
  if (output.kind === 'tensors') return new RawOutputsCodec(signature);
  const spec = pickOutput(signature.outputs, output.tensor, FAVOURITES[output.kind]);
  const tensor = spec.name;
  switch (output.kind) {
    case 'classification': {
      const activation = output.activation ?? (/logit/i.test(tensor) ? 'softmax' : 'none');
      const { temperature } = output;
      if (temperature !== undefined && activation === 'none') {
        throw new Error(
          'model.yaml, output.temperature: needs activation softmax or sigmoid, since it divides logits',
        );
      }
      const names = namedClasses(spec, labels, 2);
      return new ClassificationCodec({ tensor, activation, temperature, labels: names });
    }
    case 'multi-label': {
      const { activation, threshold } = output;
      const names = namedClasses(spec, labels, 1);
      return new MultiLabelCodec({ tensor, activation, threshold, labels: names });
    }
    case 'regression':
      return new RegressionCodec({ tensor, unit: output.unit ?? null });
    case 'embedding': {
      const pooling = output.pooling ?? (spec.shape.length === 3 ? 'mean' : 'none');
      if (pooling !== 'none' && spec.shape.length !== 3 && spec.shape.length !== 0) {
        throw new Error(
          `model.yaml, output.pooling: ${pooling} needs the shape [rows, tokens, size], ` +
            `but output "${tensor}" is ${formatShape(spec.shape)}`,
        );
      }
      return new EmbeddingCodec({ tensor, pooling, normalize: output.normalize });
    }
  }
}

/** Names that exporters give to outputs, to tell which of several is meant. */
const FAVOURITES = {
  classification: ['logits', 'probabilities'],
  'multi-label': ['logits', 'probabilities'],
  regression: ['logits', 'variable', 'prediction'],
  embedding: ['sentence_embedding', 'last_hidden_state', 'token_embeddings'],
} as const;

const FLOATS: readonly Datatype[] = ['FP32', 'FP64', 'FP16', 'BF16'];

/** The output of the manifest, else the only one, the one of a known name, the only one of floats. */
function pickOutput(
  outputs: readonly TensorSpec[],
  name: string | undefined,
  favourites: readonly string[],
): TensorSpec {
  if (name !== undefined) return requireNumbers(requireTensor(outputs, name, 'output.tensor'));
  const [only, ...others] = outputs;
  if (only && others.length === 0) return requireNumbers(only);
  for (const favourite of favourites) {
    const known = outputs.find((spec) => spec.name === favourite);
    if (known) return requireNumbers(known);
  }
  // Exports of scikit-learn classifiers give the label as a whole number beside the probabilities.
  const [floats, ...more] = outputs.filter(({ datatype }) => FLOATS.includes(datatype));
  if (floats && more.length === 0) return floats;
  throw new Error(`model.yaml, output.tensor: choose one of ${namesOf(outputs)}`);
}

function requireNumbers(spec: TensorSpec): TensorSpec {
  if (spec.datatype !== 'BYTES') return spec;
  throw new Error(`model.yaml, output.tensor: "${spec.name}" holds texts, not numbers`);
}

/**
 * Labels of the classes; numbers from 0 on where there are none.
 *
 * @param leastForSingle number of classes that a lone number tells apart
 */
function namedClasses(
  spec: TensorSpec,
  labels: readonly string[] | null,
  leastForSingle: number,
): readonly string[] {
  const width = spec.shape.length > 1 ? (spec.shape.at(-1) ?? null) : spec.shape.length;
  const classes = width === 1 ? leastForSingle : width === 0 ? null : width;
  if (labels && classes !== null && labels.length !== classes) {
    throw new Error(
      `model.yaml, output.labels: ${labels.length} labels, but output "${spec.name}" ` +
        `${formatShape(spec.shape)} has ${classes} classes`,
    );
  }
  return labels ?? Array.from({ length: classes ?? 0 }, (_, i) => String(i));
}
