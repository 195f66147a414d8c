import { allocate, type Datatype, type TensorMap } from '../../tensor/tensor.ts';
import type { HashedTextManifest } from '../../repository/manifest.ts';
import type { ModelInput } from '../../services/model-input.ts';
import { checkText } from './check-text.ts';
import type { EncodedInput, InputCodec, PreparedInput } from '../codec.ts';
import { expectKind } from '../input/expect-kind.ts';
import { HashedNgrams } from './hashed-ngrams.ts';

/** Type of the two tensors, INT32 or INT64. */
type IndexType = Extract<Datatype, 'INT32' | 'INT64'>;

/**
 * Texts as bags of hashed n-grams. A batch is ragged: all buckets one after the other in `values`
 * ([total]), with the row of each in `segments` ([total]), so nothing is padded.
 */
export class HashedTextCodec implements InputCodec {
  readonly kind = 'text';
  readonly #manifest: HashedTextManifest;
  readonly #ngrams: HashedNgrams;
  readonly #type: IndexType;

  constructor(manifest: HashedTextManifest, type: IndexType) {
    this.#manifest = manifest;
    this.#ngrams = new HashedNgrams(manifest.hashedNgrams);
    this.#type = type;
  }

  prepare(input: ModelInput): PreparedInput {
    const text = checkText(expectKind(input, 'text'), this.#manifest.maxLength);
    const key = this.#ngrams.normalise(text);
    return { key, encode: () => this.#encode(key) };
  }

  sample(): EncodedInput {
    return this.#encode('');
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    const { values: valuesName, segments: segmentsName } = this.#manifest.tensors;
    let total = 0;
    for (const { tensors } of batch) total += tensors[valuesName]?.data.length ?? 0;
    const values = allocate(this.#type, total);
    const segments = allocate(this.#type, total);
    // 64-bit indices are written as their lower halves: far cheaper than making a bigint of each.
    const step = this.#type === 'INT64' ? 2 : 1;
    const valuesView = new Int32Array(values.buffer);
    const segmentsView = new Int32Array(segments.buffer);
    let at = 0;
    for (const [row, { tensors }] of batch.entries()) {
      const data = tensors[valuesName]?.data as Int32Array;
      if (step === 1) {
        valuesView.set(data, at);
        segmentsView.fill(row, at, at + data.length);
        at += data.length;
        continue;
      }
      for (const value of data) {
        valuesView[at] = value;
        segmentsView[at] = row;
        at += step;
      }
    }
    return {
      [valuesName]: { datatype: this.#type, shape: [total], data: values },
      [segmentsName]: { datatype: this.#type, shape: [total], data: segments },
    };
  }

  #encode(normalised: string): EncodedInput {
    const data = this.#ngrams.encode(normalised);
    const values = { datatype: 'INT32', shape: [data.length], data } as const;
    return { rows: 1, tensors: { [this.#manifest.tensors.values]: values }, group: '' };
  }
}
