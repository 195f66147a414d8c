import type { CountedDuration, InferenceStatistics } from '../../services/inference-statistics.ts';

/**
 * Statistics as the extension answers them, over HTTP and gRPC alike. What is not measured of a single
 * batch (turning inputs into tensors, and tensors into answers) is left out of `batch_stats`.
 *
 * @param version only this one. @default all
 */
export function toStatisticsDocument(
  statistics: readonly InferenceStatistics[],
  version: string | undefined,
) {
  const wanted = statistics.filter((it) => version === undefined || it.version === version);
  return {
    model_stats: wanted.map((it) => ({
      name: it.model,
      version: it.version,
      last_inference: it.lastInferenceAt,
      inference_count: it.rows,
      execution_count: it.batches,
      inference_stats: {
        success: it.success,
        fail: it.fail,
        queue: it.queue,
        compute_input: it.computeInput,
        compute_infer: it.computeInfer,
        compute_output: it.computeOutput,
        cache_hit: it.cacheHit,
        cache_miss: it.cacheMiss,
      },
      batch_stats: it.batchRuns.map(({ rows, count, ns }) => ({
        batch_size: rows,
        compute_infer: { count, ns } satisfies CountedDuration,
      })),
    })),
  };
}
