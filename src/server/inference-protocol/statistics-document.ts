import type { CountedDuration, InferenceStatistics } from '../../services/inference-statistics.ts';

const NOTHING: CountedDuration = { count: 0, ns: 0 };

/**
 * Statistics as the extension answers them, over HTTP and gRPC alike.
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
        compute_input: { ...NOTHING, count: it.computeInfer.count },
        compute_infer: it.computeInfer,
        compute_output: { ...NOTHING, count: it.computeInfer.count },
        cache_hit: { ...NOTHING, count: it.cacheHits },
        cache_miss: { ...NOTHING, count: it.cacheMisses },
      },
      batch_stats: [],
      memory_usage: [],
      response_stats: {},
    })),
  };
}
