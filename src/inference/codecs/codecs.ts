import type { Manifest } from '../../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../../repository/model-repository.ts';
import { formatShape, type Signature, type TensorSpec } from '../../tensor.ts';
import { ClassificationCodec } from './classification.ts';
import type { InputCodec, OutputCodec } from './codec.ts';
import { RawOutputsCodec } from './raw-outputs.ts';
import { TensorsCodec } from './tensors.ts';
import { HashedTextCodec } from './text.ts';

/** Picks and checks the codecs of a model version. Errors name the key of model.yaml at fault. */
export interface Codecs {
  readonly input: InputCodec;
  readonly output: OutputCodec;
}

/**
 * Makes the codecs that a model asks for, held against the signature that the engine read. Reads
 * what the encoding needs (a tokenizer, say) from the version's folder.
 *
 * @throws {Error} for the operator, naming the key of model.yaml and what the model offers
 */
export async function createCodecs(
  folder: ModelFolder,
  version: VersionFolder,
  signature: Signature,
): Promise<Codecs> {
  const { manifest } = folder;
  if (!manifest) throw new Error(folder.problem ?? 'model.yaml is unusable');
  return {
    input: await createInput(manifest, signature),
    output: createOutput(manifest, signature, version.labels),
  };
}

function createInput({ input }: Manifest, signature: Signature): InputCodec | Promise<InputCodec> {
  switch (input.kind) {
    case 'text':
      requireTensor(signature.inputs, input.tensors.values, 'input.tensors.values');
      requireTensor(signature.inputs, input.tensors.segments, 'input.tensors.segments');
      return new HashedTextCodec(input);
    case 'tensors':
      return new TensorsCodec(signature);
  }
}

function createOutput(
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
        activation: output.activation,
        labels: names,
      });
    }
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

function requireTensor(specs: readonly TensorSpec[], name: string, key: string): TensorSpec {
  const spec = specs.find((candidate) => candidate.name === name);
  if (!spec) {
    throw new Error(`model.yaml, ${key}: the model has no "${name}"; it has ${namesOf(specs)}`);
  }
  return spec;
}

const namesOf = (specs: readonly TensorSpec[]): string =>
  specs.map(({ name }) => `"${name}"`).join(', ') || 'none';
