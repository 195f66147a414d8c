import type { TensorMap } from '../tensor/tensor.ts';
import type { InputKind, ModelInput } from '../services/model-input.ts';
import type { OutputKind } from '../services/output-kind.ts';
import type { OutputReader } from '../services/prediction.ts';

/** The tensors of one input, ready to be joined with others to a batch. */
export interface EncodedInput {
  /** Rows along the batch axis, usually 1. */
  readonly rows: number;
  readonly tensors: TensorMap;
  /** Inputs of the same group may share a batch (the same shapes, say); `null` goes alone. */
  readonly group: string | null;
  /**
   * Whether it counts as one in the queue, whatever its rows: the elements of a vector are no rows
   * to its sender. @default false
   */
  readonly isOne?: boolean;
  /** Tokens of a tokenized text: positions of the sequence axis beyond them are padding. */
  readonly tokens?: number;
  /** Whether these are tensors that a client sent past the model's own input codec. */
  readonly raw?: boolean;
}

/** A checked input: its identity for the cache at once, its tensors only when they are needed. */
export interface PreparedInput {
  /** What the encoded tensors are a function of; two inputs of one key have equal tensors. */
  readonly key: string | Uint8Array;
  /** Makes the tensors. Not called when the cache has the answer. */
  encode(): EncodedInput | Promise<EncodedInput>;
}

/** Turns inputs of one kind into tensors. One file per kind of input. */
export interface InputCodec {
  readonly kind: InputKind;
  /** Whether batches are padded, so that outputs which are not read show who came along. */
  readonly pads?: boolean;
  /**
   * Checks an input.
   *
   * @throws {ServiceError} `BAD_USER_INPUT` with what was wrong and what is allowed
   */
  prepare(input: ModelInput): PreparedInput;
  /**
   * An input that says nothing, for warming up a model without examples. Whether its answer makes
   * sense says nothing about the model.
   */
  sample?(): EncodedInput | Promise<EncodedInput>;
  /**
   * Reads the tensors of one row back, for inputs that came as tensors; numbers have six digits then.
   *
   * @default not possible
   */
  decode?(tensors: TensorMap): ModelInput | null;
  /** Joins encoded inputs of one group to the tensors of one batch, in order. */
  collate(batch: readonly EncodedInput[]): TensorMap;
  /**
   * The tensors of one input, without anything that is there for a batch only, such as padding.
   *
   * @default those of a batch of one
   */
  unbatched?(input: EncodedInput): TensorMap;
}

/** Reads the outputs of one prediction (tensors of its own rows). One file per kind of output. */
export interface OutputCodec extends OutputReader {
  readonly kind: OutputKind;
  /** Outputs without which `prediction`, `confidence` and `scores` cannot be told. */
  readonly needed: readonly string[];
  /** Labels of classifications, in the order of the model's classes. */
  readonly labels: readonly string[] | null;
  /**
   * Makes what is kept (in the cache) and read of what the engine gave for one input: padding is cut
   * off, token vectors are pooled, numbers that no answer can be made of are refused. Called once
   * for each run, before the answer is stored; the other methods read what it returned. Outputs
   * that were not asked for are not there.
   *
   * @throws {ServiceError} `INFERENCE_FAILED` when an output is not finite
   */
  postprocess(outputs: TensorMap, input: EncodedInput): TensorMap;
}
