import { badInput } from '../../errors.ts';
import type { TensorMap } from '../../tensor.ts';
import type { HashedTextManifest } from '../../repository/manifest.ts';
import type { EncodedInput, InputCodec, PreparedInput } from './codec.ts';
import { HashedNgrams } from './hashed-ngrams.ts';
import type { ModelInput } from '../model-input.ts';
import { expectKind } from './expect-kind.ts';

/**
 * Texts as bags of hashed n-grams. A batch is ragged: all buckets one after the other in `values`
 * (INT32 [total]), with the row of each in `segments` (INT32 [total]), so nothing is padded.
 */
export class HashedTextCodec implements InputCodec {
  readonly kind = 'text';
  readonly #manifest: HashedTextManifest;
  readonly #ngrams: HashedNgrams;

  constructor(manifest: HashedTextManifest) {
    this.#manifest = manifest;
    this.#ngrams = new HashedNgrams(manifest.hashedNgrams);
  }

  prepare(input: ModelInput): PreparedInput {
    const text = checkText(expectKind(input, 'text'), this.#manifest.maxLength);
    const key = this.#ngrams.normalise(text);
    return { key, encode: () => this.#encode(key) };
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    const { values: valuesName, segments: segmentsName } = this.#manifest.tensors;
    let total = 0;
    for (const { tensors } of batch) total += tensors[valuesName]?.data.length ?? 0;
    const values = new Int32Array(total);
    const segments = new Int32Array(total);
    let at = 0;
    for (const [row, { tensors }] of batch.entries()) {
      const data = tensors[valuesName]?.data as Int32Array;
      values.set(data, at);
      segments.fill(row, at, at + data.length);
      at += data.length;
    }
    return {
      [valuesName]: { datatype: 'INT32', shape: [total], data: values },
      [segmentsName]: { datatype: 'INT32', shape: [total], data: segments },
    };
  }

  #encode(normalised: string): EncodedInput {
    const data = this.#ngrams.encode(normalised);
    const values = { datatype: 'INT32', shape: [data.length], data } as const;
    return { rows: 1, tensors: { [this.#manifest.tensors.values]: values }, group: '' };
  }
}

/** Refuses texts that no model can mean: blank ones and ones over the limit. */
export function checkText(text: string, maxLength: number): string {
  if (text.length > maxLength) {
    throw badInput(`text has ${text.length} characters; at most ${maxLength} are allowed.`, {
      field: 'text',
      maxLength,
    });
  }
  if (text.trim() === '') throw badInput('text must not be empty.', { field: 'text' });
  return text;
}
