import type { OutputManifest } from '../repository/manifest.ts';
import type { ModelFolder, VersionFolder } from '../repository/model-repository.ts';
import type { Signature } from '../tensor/tensor.ts';
import type { InputCodec, OutputCodec } from './codec.ts';
import type { EngineName } from '../services/engine-name.ts';
import { createInput } from './input/create-input.ts';
import { TensorsCodec } from './input/tensors.ts';
import { createOutput } from './output/create-output.ts';
import { RawOutputsCodec } from './output/raw-outputs.ts';

/** What turns the inputs of a model version into tensors, and its tensors into answers. */
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
  const isInferred = folder.inferred.output && version.assets.tokenizer !== null;
  const output = isInferred
    ? correctOutput(manifest.output, signature, version.labels)
    : manifest.output;
  return {
    input: await createInput({ input: manifest.input, output }, version, signature),
    output: createOutput(output, signature, version.labels),
  };
}

/**
 * Makes the codecs for clients that send and take the model's own tensors, whatever its kind.
 *
 * @param joins whether rows of several inputs may be joined along the first axis
 */
export function createRawCodecs(engine: EngineName, signature: Signature, joins: boolean): Codecs {
  return {
    // Strings of TensorFlow.js are texts.
    input: new TensorsCodec(signature, { joins, anyBytes: engine !== 'tfjs', raw: true }),
    output: new RawOutputsCodec(signature),
  };
}

/**
 * Holds what the files of a Hugging Face export suggested against the outputs that the model has:
 * `config.json` may be missing, or tell of another head than the one that was exported.
 */
function correctOutput(
  suggested: OutputManifest,
  { outputs }: Signature,
  labels: readonly string[] | null,
): OutputManifest {
  const has = (name: string) => outputs.some((output) => output.name === name);
  const hasVectors = has('sentence_embedding') || has('last_hidden_state');
  switch (suggested.kind) {
    case 'embedding':
      return hasVectors ? suggested : { kind: 'tensors' };
    case 'tensors':
      if (has('logits') && labels) return { kind: 'classification', activation: 'softmax' };
      // The tokens' vectors of a model whose configuration is missing: their mean is the convention.
      return hasVectors ? { kind: 'embedding', normalize: false } : suggested;
    default:
      return has('logits') ? suggested : { kind: 'tensors' };
  }
}
