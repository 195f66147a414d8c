import type { Manifest } from '../../repository/manifest.ts';
import type { VersionFolder } from '../../repository/model-folder.ts';
import type { Signature } from '../../tensor.ts';
import type { InputCodec } from './codec.ts';
import { FeaturesCodec } from './features.ts';
import { requireTensor } from './pick-tensor.ts';
import { TensorsCodec } from './tensors.ts';
import { HashedTextCodec } from './text.ts';

/**
 * Makes the codec of a model's inputs.
 *
 * @throws {Error} for the operator, naming the key of model.yaml and what the model offers
 */
export function createInput(
  { input }: Manifest,
  _version: VersionFolder,
  signature: Signature,
): InputCodec | Promise<InputCodec> {
  switch (input.kind) {
    case 'text': {
      if (input.encoding === 'tokenizer') throw new Error('tokenizer: not served yet');
      const { values, segments } = input.tensors;
      requireTensor(signature.inputs, values, 'input.tensors.values');
      requireTensor(signature.inputs, segments, 'input.tensors.segments');
      return new HashedTextCodec(input);
    }
    case 'features':
      return new FeaturesCodec(input, signature);
    case 'image':
      throw new Error(`${input.kind}: not served yet`);
    case 'tensors':
      return new TensorsCodec(signature);
  }
}
