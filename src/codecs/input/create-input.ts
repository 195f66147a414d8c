import type { InputManifest, Manifest, TokenizedTextManifest } from '../../repository/manifest.ts';
import type { VersionFolder } from '../../repository/model-folder.ts';
import { formatShape, type Signature, type TensorSpec } from '../../tensor/tensor.ts';
import type { InputCodec } from '../codec.ts';
import { FeaturesCodec } from './features.ts';
import { HashedTextCodec } from '../text/hashed-text.ts';
import { namesOf, requireSingleRow, requireTensor } from '../pick-tensor.ts';
import { TensorsCodec } from './tensors.ts';
import type { TokenTensor, TokenTensorSpec } from '../text/tokenized-text.ts';

/**
 * Makes the codec of a model's inputs. Libraries are loaded only by the models that need them.
 *
 * @throws {Error} for the operator, naming the key of model.yaml and what the model offers
 */
export async function createInput(
  { input, output }: Pick<Manifest, 'input' | 'output'>,
  version: VersionFolder,
  signature: Signature,
): Promise<InputCodec> {
  switch (input.kind) {
    case 'text':
      return input.encoding === 'tokenizer'
        ? createTokenized(input, output.kind !== 'tensors', version, signature)
        : createHashed(input, signature);
    case 'image':
      return createImage(input, signature);
    case 'features':
      return new FeaturesCodec(input, signature);
    case 'tensors':
      return new TensorsCodec(signature, {
        answers: output.kind === 'tensors' ? 'many' : 'one',
      });
  }
}

function createHashed(
  input: Extract<InputManifest, { encoding: 'hashed-ngrams' }>,
  { inputs }: Signature,
): InputCodec {
  const values = requireTensor(inputs, input.tensors.values, 'input.tensors.values');
  const segments = requireTensor(inputs, input.tensors.segments, 'input.tensors.segments');
  const types = [values, segments].map((spec) => indexType(spec, 'input.tensors'));
  const [type] = types;
  if (type === undefined || types[1] !== type) {
    throw new Error('model.yaml, input.tensors: values and segments must be of one type');
  }
  return new HashedTextCodec(input, type);
}

async function createImage(
  input: Extract<InputManifest, { kind: 'image' }>,
  { inputs }: Signature,
): Promise<InputCodec> {
  const [only, ...others] = inputs;
  if (!only || (input.tensor === undefined && others.length > 0)) {
    throw new Error(`model.yaml, input.tensor: choose one of ${namesOf(inputs)}`);
  }
  const spec =
    input.tensor === undefined ? only : requireTensor(inputs, input.tensor, 'input.tensor');
  refuseOthers(inputs, [spec.name], 'image');
  requireSingleRow(spec);
  const [{ ImageCodec }, { resolveImage }] = await Promise.all([
    import('../image/image.ts'),
    import('../image/image-options.ts'),
  ]);
  return new ImageCodec(resolveImage(input, spec));
}

async function createTokenized(
  input: TokenizedTextManifest,
  mayPad: boolean,
  version: VersionFolder,
  { inputs }: Signature,
): Promise<InputCodec> {
  const ids = requireTensor(inputs, input.tensors.inputIds, 'input.tensors.inputIds');
  const tensors: TokenTensorSpec[] = [];
  for (const holds of Object.keys(input.tensors) as TokenTensor[]) {
    const spec = inputs.find(({ name }) => name === input.tensors[holds]);
    if (!spec) continue;
    requireSingleRow(spec);
    if (spec.shape.length !== 2) {
      throw new Error(
        `model.yaml, input.tensors.${holds}: needs the shape [rows, tokens], but "${spec.name}" is ${formatShape(spec.shape)}`,
      );
    }
    tensors.push({ holds, name: spec.name, datatype: indexType(spec, `input.tensors.${holds}`) });
  }
  const names = tensors.map(({ name }) => name);
  refuseOthers(inputs, names, 'text');
  const [{ TokenizedTextCodec }, { loadTokenizer }] = await Promise.all([
    import('../text/tokenized-text.ts'),
    import('../text/load-tokenizer.ts'),
  ]);
  const fixedTokens = ids.shape[1] ?? null;
  const tokenizer = await loadTokenizer(version, input.maxTokens, fixedTokens);
  // Without a mask the model would take padding for words.
  const isMasked = tensors.some(({ holds }) => holds === 'attentionMask');
  return new TokenizedTextCodec({
    manifest: input,
    tokenizer,
    tensors,
    fixedTokens,
    mayPad: mayPad && isMasked,
  });
}

function indexType(spec: TensorSpec, key: string): 'INT32' | 'INT64' {
  const { datatype, name } = spec;
  if (datatype === 'INT32' || datatype === 'INT64') return datatype;
  throw new Error(`model.yaml, ${key}: "${name}" must be INT32 or INT64, but it is ${datatype}`);
}

/** A codec must fill every input of the model. */
function refuseOthers(
  inputs: readonly TensorSpec[],
  filled: readonly string[],
  kind: string,
): void {
  const others = inputs.filter(({ name }) => !filled.includes(name));
  if (others.length === 0) return;
  throw new Error(
    `model.yaml, input.kind: ${kind} cannot fill the model's input(s) ${namesOf(others)}; ` +
      'take them out of the model, or serve it as tensors',
  );
}
