import type { ModelFolder, VersionFolder } from '../../repository/model-repository.ts';
import type { Signature } from '../../tensor.ts';
import type { InputCodec, OutputCodec } from './codec.ts';
import { createInput } from './create-input.ts';
import { createOutput } from './create-output.ts';

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
  return {
    input: await createInput(manifest, version, signature),
    output: createOutput(manifest, signature, version.labels),
  };
}
