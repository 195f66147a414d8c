import type { Batcher } from '../batching/batcher.ts';
import type { InputCodec, OutputCodec } from '../codecs/codec.ts';
import type { Codecs } from '../codecs/create-codecs.ts';
import type { LoadReport } from '../runtimes/model-worker.ts';

/** The live parts of a version that is ready. */
export interface LiveParts {
  readonly input: InputCodec;
  readonly output: OutputCodec;
  /** For tensors that a client sends past the codecs of the model. */
  readonly raw: Codecs;
  readonly batcher: Batcher;
  readonly report: LoadReport;
  /** Whether the first axis of every tensor counts rows. */
  readonly hasRows: boolean;
  /** Names of all outputs of the signature. */
  readonly allOutputs: readonly string[];
}
