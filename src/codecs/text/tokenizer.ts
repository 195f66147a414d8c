import * as library from '@huggingface/tokenizers';

/**
 * The part of the library's tokenizer that is used. Its own declarations cannot be resolved by
 * TypeScript's Node mode: they import each other without file extensions.
 */
interface LibraryTokenizer {
  encode(
    text: string,
    options: { add_special_tokens?: boolean; return_token_type_ids?: boolean },
  ): { readonly ids: number[]; readonly token_type_ids?: number[] };
  token_to_id(token: string): number | undefined;
}

const { Tokenizer } = library as unknown as {
  readonly Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
};

/** What a tokenizer is made of. */
export interface TextTokenizerOptions {
  /** Content of `tokenizer.json`. */
  readonly tokenizer: object;
  /** Content of `tokenizer_config.json`, or `{}`. */
  readonly config: object;
  /** Most tokens of a text, special ones included. */
  readonly maxTokens: number;
  /** Id of padding, where neither of the files above says. @default 0 */
  readonly padId?: number;
}

/**
 * Tokens beyond those that are kept up to which a long text is read. What a cut changes, it changes
 * in the last few of them.
 */
const MARGIN = 64;

/** Characters of a token that are read at first, before a longer piece of the text is tried. */
const CHARACTERS = 4;

/** Texts that probably become one ordinary token, to learn what stands around a text. */
const PROBES = ['a', 'the', '0', '.', 'e'];

/**
 * A Hugging Face tokenizer with the truncation that the JavaScript library lacks: a text is cut to
 * the longest that fits between the special tokens, as the Rust and Python libraries do.
 */
export class TextTokenizer {
  /** Id of padding. */
  readonly padId: number;
  readonly maxTokens: number;
  readonly #tokenizer: LibraryTokenizer;
  /** Special tokens before and after a text; `null` when they could not be told apart from it. */
  readonly #frame: { before: number[]; after: number[]; types: number[] } | null;

  /** @throws {Error} when the files are not those of a tokenizer that the library knows */
  constructor({ tokenizer, config, maxTokens, padId = 0 }: TextTokenizerOptions) {
    this.#tokenizer = new Tokenizer(tokenizer, config);
    this.maxTokens = maxTokens;
    this.#frame = this.#findFrame();
    this.padId = findPadId(this.#tokenizer, tokenizer, config) ?? padId;
    const special = (this.#frame?.before.length ?? 0) + (this.#frame?.after.length ?? 0);
    if (maxTokens <= special) {
      throw new Error(
        `${maxTokens} tokens leave no room for a text between ${special} special ones`,
      );
    }
  }

  /** Ids of a text, special tokens included, at most `maxTokens` of them; at least one. */
  encode(text: string): Int32Array {
    const frame = this.#frame;
    if (!frame) {
      const ids = this.#ids(text, true);
      // Without a known frame the best guess is that the last token ends the text.
      if (ids.length > this.maxTokens) ids.splice(this.maxTokens - 1, ids.length - this.maxTokens);
      return Int32Array.from(ids.length > 0 ? ids : [this.padId]);
    }
    const { before, after } = frame;
    const body = this.#body(text);
    const kept = Math.min(body.length, this.maxTokens - before.length - after.length);
    const result = new Int32Array(before.length + kept + after.length);
    result.set(before);
    for (let i = 0; i < kept; i++) result[before.length + i] = body[i] ?? 0;
    result.set(after, before.length + kept);
    // A model cannot be run on no token at all.
    return result.length > 0 ? result : Int32Array.of(this.padId);
  }

  /** Segment ids (`token_type_ids`) of `length` tokens; `null` when all are 0, as usual. */
  typesOf(length: number): readonly number[] | null {
    const frame = this.#frame;
    if (!frame || frame.types.every((type) => type === 0)) return null;
    const { before, after, types } = frame;
    const body = types[before.length] ?? 0;
    const kept = Math.max(0, length - before.length - after.length);
    return [
      ...types.slice(0, before.length),
      ...new Array<number>(kept).fill(body),
      ...types.slice(types.length - after.length),
    ];
  }

  /**
   * Ids of as much of a text as can be kept, and a few more. A text of which most would be cut off
   * is not read to its end: reading takes the main thread's time.
   */
  #body(text: string): number[] {
    const needed = this.maxTokens + MARGIN;
    for (let length = needed * CHARACTERS; length < text.length; length *= 4) {
      const ids = this.#ids(text.slice(0, cutAt(text, length)), false);
      if (ids.length >= needed) return ids;
    }
    return this.#ids(text, false);
  }

  #ids(text: string, special: boolean): number[] {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: special });
    // A vocabulary without a token for the unknown leaves holes, which other libraries drop.
    return ids.filter((id: number | undefined) => id !== undefined);
  }

  #findFrame() {
    for (const probe of PROBES) {
      const body = this.#ids(probe, false);
      if (body.length === 0) continue;
      const full = this.#tokenizer.encode(probe, { return_token_type_ids: true });
      const types = full.token_type_ids ?? full.ids.map(() => 0);
      for (let at = 0; at + body.length <= full.ids.length; at++) {
        if (!body.every((id, i) => id === full.ids[at + i])) continue;
        const before = full.ids.slice(0, at);
        const after = full.ids.slice(at + body.length);
        // One type stands for the whole body, however many tokens the probe became.
        types.splice(at + 1, body.length - 1);
        return { before, after, types };
      }
    }
    return null;
  }
}

/** Place of the blank nearest before `length`; the middle of a word only in very long ones. */
function cutAt(text: string, length: number): number {
  const blank = text.lastIndexOf(' ', length);
  if (blank > length / 2) return blank;
  // Never between the halves of a surrogate pair.
  return (text.charCodeAt(length - 1) & 0xfc00) === 0xd800 ? length - 1 : length;
}

function findPadId(
  tokenizer: LibraryTokenizer,
  content: object,
  config: object,
): number | undefined {
  const { padding } = content as { padding?: { pad_id?: unknown } | null };
  if (typeof padding?.pad_id === 'number') return padding.pad_id;
  const declared = (config as { pad_token?: unknown }).pad_token;
  const token =
    typeof declared === 'object' && declared !== null && 'content' in declared
      ? declared.content
      : declared;
  for (const name of [token, '[PAD]', '<pad>']) {
    const id = typeof name === 'string' ? tokenizer.token_to_id(name) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}
