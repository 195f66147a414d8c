import type { Batcher } from '../batching/batcher.ts';
import type { InputCodec, OutputCodec } from '../codecs/codec.ts';
import type { VersionStats } from './version-stats.ts';

/** What a version answers with while it can. */
export interface RolloutParts {
  readonly input: InputCodec;
  readonly output: OutputCodec;
  readonly batcher: Batcher;
  /** For tensors that a client sends past the codecs of the model. */
  readonly raw: { readonly input: InputCodec; readonly output: OutputCodec };
  /** Names of all outputs of the signature. */
  readonly allOutputs: readonly string[];
}

/** A version of a model in memory, as far as traffic and comparisons are concerned. */
export interface RolloutVersion {
  readonly model: string;
  readonly version: string;
  /** How it does, beside the other versions of its model. */
  readonly stats: VersionStats;
  /** Set while it can answer. */
  readonly live: RolloutParts | undefined;
}
