import type { TensorMap } from '../tensor/tensor.ts';
import type { FlightResult } from './shared-run.ts';
import { Prediction, type Timings } from '../services/prediction.ts';
import type { LiveParts, ServedVersion } from '../serving/served-version.ts';

/**
 * Makes the prediction out of what a run, or the cache, gave.
 *
 * @param started when the request came, in `performance.now()` terms
 * @param preparedAt when its input was checked, in the same terms
 */
export function finish(
  served: ServedVersion,
  live: LiveParts,
  started: number,
  result: FlightResult,
  preparedAt: number,
): Prediction {
  const now = performance.now();
  const { outputs, tier, queueMs, inferenceMs, encodeMs } = result;
  const waited = now - preparedAt - encodeMs - queueMs - inferenceMs;
  const timings: Timings = {
    encodeMs: tier === null ? encodeMs + (preparedAt - started) : encodeMs,
    cacheMs: tier === null ? 0 : Math.max(0, waited),
    queueMs,
    inferenceMs,
  };
  return new Prediction(live.output, outputs satisfies TensorMap, {
    model: served.model,
    version: served.version,
    cached: tier !== null,
    latencyMs: now - started,
    timings,
    name: served.namePrediction,
  });
}
