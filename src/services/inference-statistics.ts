/** How often something happened, and how long it took together. */
export interface CountedDuration {
  readonly count: number;
  /** Nanoseconds. */
  readonly ns: number;
}

/** What one version of a model has done since it was first loaded, in the terms of the protocol. */
export interface InferenceStatistics {
  readonly model: string;
  readonly version: string;
  /** Milliseconds since 1970; 0 before the first answer. */
  readonly lastInferenceAt: number;
  /** Rows that were answered. */
  readonly rows: number;
  /** Batches that ran. */
  readonly batches: number;
  readonly success: CountedDuration;
  readonly fail: CountedDuration;
  /** Waiting for a worker. */
  readonly queue: CountedDuration;
  /** Turning inputs into tensors. */
  readonly computeInput: CountedDuration;
  /** Runs of the model. */
  readonly computeInfer: CountedDuration;
  /** Reading answers from tensors. */
  readonly computeOutput: CountedDuration;
  /** Looking in the cache, where it had the answer and where it had not. */
  readonly cacheHit: CountedDuration;
  readonly cacheMiss: CountedDuration;
  /** Runs of batches by their number of rows, up to 1024 of them, the smallest first. */
  readonly batchRuns: readonly (CountedDuration & { readonly rows: number })[];
}
