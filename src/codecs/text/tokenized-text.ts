import type { TokenizedTextManifest } from '../../repository/manifest.ts';
import { allocate, type Datatype, type TensorMap } from '../../tensor/tensor.ts';
import type { ModelInput } from '../../services/model-input.ts';
import { checkText } from './check-text.ts';
import type { EncodedInput, InputCodec, PreparedInput } from '../codec.ts';
import { expectKind } from '../input/expect-kind.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** What an input of a transformer holds. */
export type TokenTensor = 'inputIds' | 'attentionMask' | 'tokenTypeIds' | 'positionIds';

/** An input that the model has, and its type. */
export interface TokenTensorSpec {
  readonly holds: TokenTensor;
  readonly name: string;
  readonly datatype: Extract<Datatype, 'INT32' | 'INT64'>;
}

/** Options of {@link TokenizedTextCodec}. */
export interface TokenizedTextOptions {
  readonly manifest: TokenizedTextManifest;
  readonly tokenizer: TextTokenizer;
  /** The model's inputs. */
  readonly tensors: readonly TokenTensorSpec[];
  /** Tokens of every batch, where the model leaves no choice. */
  readonly fixedTokens: number | null;
  /**
   * Whether texts of different lengths may share a batch, the shorter ones padded. Not so where raw
   * tensors are answered: they would show the padding, which depends on who came along.
   */
  readonly mayPad: boolean;
}

/** Least padded length that is a group of its own; padding below it costs next to nothing. */
const SHORTEST_GROUP = 32;

/** Texts as token ids [rows, tokens] with an attention mask, padded on the right. */
export class TokenizedTextCodec implements InputCodec {
  readonly kind = 'text';
  readonly pads: boolean;
  readonly #options: TokenizedTextOptions;

  constructor(options: TokenizedTextOptions) {
    this.#options = options;
    this.pads = options.mayPad && options.fixedTokens === null;
  }

  prepare(input: ModelInput): PreparedInput {
    const text = checkText(expectKind(input, 'text'), this.#options.manifest.maxLength);
    return { key: text, encode: () => this.#encode(text) };
  }

  sample(): EncodedInput {
    return this.#encode('.');
  }

  collate(batch: readonly EncodedInput[]): TensorMap {
    const rows = batch.map((input) => input.tensors.ids?.data as Int32Array);
    return this.#tensorsOf(rows, this.#paddedLength(rows));
  }

  /** Padding changes the answers of models whose numbers depend on all that is computed at once. */
  unbatched(input: EncodedInput): TensorMap {
    const ids = input.tensors.ids?.data as Int32Array;
    return this.#tensorsOf([ids], this.#options.fixedTokens ?? ids.length);
  }

  #tensorsOf(rows: readonly Int32Array[], length: number): TensorMap {
    const { tensors, tokenizer } = this.#options;
    const result: Record<string, TensorMap[string]> = {};
    for (const { holds, name, datatype } of tensors) {
      const data = allocate(datatype, rows.length * length);
      // 64-bit ids are written as their lower halves: far cheaper than making a bigint of each.
      const step = datatype === 'INT64' ? 2 : 1;
      const view = new Int32Array(data.buffer);
      for (const [row, ids] of rows.entries()) {
        const from = row * length * step;
        switch (holds) {
          case 'inputIds':
            for (let i = 0; i < length; i++) view[from + i * step] = ids[i] ?? tokenizer.padId;
            break;
          case 'attentionMask':
            for (let i = 0; i < ids.length; i++) view[from + i * step] = 1;
            break;
          case 'positionIds':
            for (let i = 0; i < length; i++) view[from + i * step] = i;
            break;
          case 'tokenTypeIds': {
            const types = tokenizer.typesOf(ids.length);
            if (types) for (const [i, type] of types.entries()) view[from + i * step] = type;
          }
        }
      }
      result[name] = { datatype, shape: [rows.length, length], data };
    }
    return result;
  }

  #encode(text: string): EncodedInput {
    const { manifest, tokenizer } = this.#options;
    const ids = tokenizer.encode(manifest.prefix + text);
    return {
      rows: 1,
      tensors: { ids: { datatype: 'INT32', shape: [1, ids.length], data: ids } },
      group: this.#groupOf(ids.length),
      tokens: ids.length,
    };
  }

  /** Longest of the batch, rounded up so that engines meet few different shapes. */
  #paddedLength(rows: readonly Int32Array[]): number {
    const { fixedTokens, mayPad, manifest, tokenizer } = this.#options;
    if (fixedTokens !== null) return fixedTokens;
    let longest = 1;
    for (const { length } of rows) longest = Math.max(longest, length);
    if (!mayPad) return longest;
    const multiple = manifest.padToMultipleOf;
    const padded = Math.ceil(longest / multiple) * multiple;
    return Math.max(longest, Math.min(padded, tokenizer.maxTokens));
  }

  /** Long and short texts go apart, so that at most half of a batch is padding. */
  #groupOf(length: number): string {
    const { fixedTokens, mayPad } = this.#options;
    if (fixedTokens !== null) return '';
    if (!mayPad) return String(length);
    let size = SHORTEST_GROUP;
    while (size < length) size *= 2;
    return String(size);
  }
}
