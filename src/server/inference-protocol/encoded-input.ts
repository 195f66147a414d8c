import type { ModelInterface } from '../../services/services.ts';

/** An input that a model's encoder reads, beside its own tensors. */
export interface EncodedInputSpec {
  readonly kind: 'text' | 'image';
  /** Name in the metadata; also that of the kind where the datatype tells it apart. */
  readonly name: string;
}

/**
 * The BYTES input of a model that takes texts or images: one element for each text, or for each PNG,
 * JPEG or WebP file. `undefined` for models of another kind.
 */
export function encodedInputOf({
  inputKind,
  signature,
}: Pick<ModelInterface, 'inputKind' | 'signature'>): EncodedInputSpec | undefined {
  if (inputKind !== 'text' && inputKind !== 'image') return undefined;
  const isTaken = signature.inputs.some(({ name }) => name === inputKind);
  return { kind: inputKind, name: isTaken ? `${inputKind}_bytes` : inputKind };
}
