import { threeDecimals } from '../durations.ts';
import type { PreparedInput } from '../codecs/codec.ts';
import type { Codecs } from '../codecs/create-codecs.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Call } from '../services/call.ts';
import { Prediction, type Timings } from '../services/prediction.ts';
import type { Principal } from '../services/principal.ts';
import type { PredictOptions } from '../services/services.ts';
import type { Span } from '../services/span.ts';
import type { LiveParts } from '../serving/live-parts.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import type { RunResult } from './shared-run.ts';

/** Makes the id of a prediction when a client reads it, who may then report its outcome. */
export type NamePrediction = (
  served: ServedVersion,
  prediction: Prediction,
  principal: Principal,
) => string;

/** One input on its way to an answer. All times are in `performance.now()` terms. */
export interface PredictionJob {
  readonly call: Call;
  readonly served: ServedVersion;
  readonly live: LiveParts;
  /** The codecs of the model's kind, or those for its own tensors. */
  readonly codecs: Codecs;
  readonly options: PredictOptions;
  readonly input: ModelInput;
  readonly prepared: PreparedInput;
  /** Key of the answer in the cache; empty where the cache has no part in it. */
  readonly key: string;
  /** Whether an answer of the cache, or of an identical request, will do. */
  readonly shared: boolean;
  readonly startedAt: number;
  /** When the input was checked. */
  readonly preparedAt: number;
  readonly deadline: number;
  /** Span of the prediction, where the call is sampled. */
  readonly span: Span | undefined;
}

/** Makes the prediction out of what a run, or the cache, gave. */
export function toPrediction(
  { call, served, codecs, startedAt, preparedAt }: PredictionJob,
  { outputs, tier, queueMs, inferenceMs, encodeMs, computeMs = 0 }: RunResult,
  namePrediction: NamePrediction,
): Prediction {
  const now = performance.now();
  const waited = now - preparedAt - encodeMs - queueMs - inferenceMs;
  const timings: Timings = {
    encodeMs: threeDecimals(tier === null ? encodeMs + (preparedAt - startedAt) : encodeMs),
    cacheMs: tier === null ? 0 : threeDecimals(Math.max(0, waited)),
    queueMs: threeDecimals(queueMs),
    inferenceMs: threeDecimals(inferenceMs),
    // Not told to clients: many small shares are charged.
    computeMs,
  };
  return new Prediction(codecs.output, outputs, {
    model: served.model,
    version: served.version,
    cached: tier !== null,
    latencyMs: threeDecimals(now - startedAt),
    timings,
    name: (prediction) => namePrediction(served, prediction, call.principal),
  });
}
