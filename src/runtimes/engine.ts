import type { EngineName } from '../services/engine-name.ts';
import type { Signature, TensorMap } from '../tensor/tensor.ts';

/** Engines that run in a worker of this server. */
export type WorkerEngineName = Exclude<EngineName, 'remote'>;

/** Plain data that survives structured cloning. */
export type EngineOptions = Readonly<Record<string, unknown>>;

/** What a worker needs to load one model version. Crosses to the worker by structured clone. */
export interface LoadSpec {
  readonly engine: WorkerEngineName;
  /** File or folder that the engine opens: `model.json`, `model.onnx`, a SavedModel folder. */
  readonly path: string;
  /** Settings of the engine from model.yaml, already validated. */
  readonly options: EngineOptions;
}

/** Figures of a loaded model inside its worker. */
export interface EngineStats {
  /** Live tensors of the engine, or `null` where it does not count them. */
  readonly tensors: number | null;
  /** Bytes held by the engine's tensors, or `null` where it does not count them. */
  readonly bytes: number | null;
  /** Resident set of the whole process, bytes. */
  readonly rss: number;
}

/** A model in memory, ready to run. Lives in a worker; every call may block that worker. */
export interface LoadedModel {
  readonly signature: Signature;
  /** What computes: `wasm`, `tensorflow`, `cpu`, `cuda` …; a run may have moved the model. */
  readonly backend: string;
  /** Set by a run that told something about the model, for the operator. */
  notice?: string | undefined;
  /**
   * Runs one batch.
   *
   * @param inputs all tensors of the signature's inputs, stacked along axis 0
   * @param outputs names of the wanted outputs; others need not be computed
   */
  run(inputs: TensorMap, outputs: readonly string[]): Promise<TensorMap>;
  stats(): Pick<EngineStats, 'tensors' | 'bytes'>;
  dispose(): Promise<void>;
}

/** One inference library. One file per engine in `engines/`; loaded only inside workers. */
export interface Engine {
  readonly name: WorkerEngineName;
  /** Reads the files and prepares the model; throws with a message for the operator. */
  load(spec: LoadSpec): Promise<LoadedModel>;
}
