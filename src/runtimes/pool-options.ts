import type { TensorMap } from '../tensor/tensor.ts';
import type { LoadSpec } from './engine.ts';
import type { WorkerNotice } from './model-worker.ts';
import type { Isolation, OpenChannel } from './worker-channel.ts';

/** A batch that the model is known to be able to compute. */
export interface Sample {
  readonly inputs: () => TensorMap;
  readonly outputs: readonly string[];
}

/** Options of {@link WorkerPool}. */
export interface WorkerPoolOptions {
  readonly spec: LoadSpec;
  /** Number of workers, each holding the whole model. */
  readonly workers: number;
  readonly isolation: Isolation;
  /** Opens workers that are threads. @default each a thread of its own */
  readonly openThread?: OpenChannel | undefined;
  /** Milliseconds that loading may take. */
  readonly loadTimeoutMs: number;
  /** Milliseconds that one batch may take before its worker is replaced. */
  readonly runTimeoutMs: number;
  /** Told of each worker that ended unasked, for logs and counters. */
  readonly onWorkerLost?: (reason: string) => void;
  /** Told what a run said of the model, for the log. */
  readonly onNotice?: (notice: WorkerNotice) => void;
  /** Told when no worker can be kept alive; what waits has failed, and new runs fail at once. */
  readonly onDown?: (reason: string) => void;
  /** Told when the pool takes work again. */
  readonly onUp?: () => void;
}
