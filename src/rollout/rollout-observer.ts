import type { ServiceError } from '../errors.ts';
import type { Call } from '../services/call.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type { PredictOptions } from '../services/services.ts';
import { toAnswer } from './agreement.ts';
import { confirmFailure } from './confirm-failure.ts';
import type { RolloutVersion } from './rollout-version.ts';
import { runShadow } from './shadow.ts';

/** The part of a model's traffic control that is told of its predictions. */
export interface ObservedTraffic {
  /** Whether there is another version to compare with. */
  readonly comparing: boolean;
  /** The version that is to run a request too; `undefined` for most. */
  shadowFor(answering: RolloutVersion, key: string | undefined): RolloutVersion | undefined;
  /** The version that answers without the canaries; `undefined` where a version is no guarded canary. */
  rivalOf(version: RolloutVersion): RolloutVersion | undefined;
  /** The figures of a version have changed. */
  changed(version: RolloutVersion): void;
}

/** Told of every prediction: counts those of versions that are compared, and starts shadow runs. */
export class RolloutObserver {
  readonly #trafficOf: (model: string) => ObservedTraffic | undefined;

  /** @param trafficOf the traffic control of a model; `undefined` where it is gone */
  constructor(trafficOf: (model: string) => ObservedTraffic | undefined) {
    this.#trafficOf = trafficOf;
  }

  /** Counts an answer, and lets a shadow run the same input once the answer is on its way. */
  answered(
    call: Call,
    served: RolloutVersion,
    request: PredictOptions,
    input: ModelInput,
    prediction: Prediction,
  ): void {
    const traffic = this.#trafficOf(served.model);
    // A lone version costs nothing.
    if (!traffic?.comparing) return;
    served.stats.answered(prediction.latencyMs, prediction.cached);
    countPrediction(served, request, prediction);
    traffic.changed(served);
    // A client that asks for a version wants that one; only traffic that is dealt out is shadowed.
    if (request.version !== undefined) return;
    const shadow = traffic.shadowFor(served, request.assignmentKey ?? call.assignmentKey);
    if (shadow) runShadow(shadow, input, prediction, served.live, traffic);
  }

  /** Counts a failure that may be the version's fault; whether it is, the serving version tells. */
  failed(
    call: Call,
    served: RolloutVersion,
    request: PredictOptions,
    input: ModelInput,
    error: ServiceError,
  ): void {
    const traffic = this.#trafficOf(served.model);
    if (!traffic?.comparing || !isVersionsFault(error, call, request)) return;
    served.stats.failed();
    const rival = traffic.rivalOf(served);
    if (!rival) return;
    confirmFailure(served, rival, input, request, { changed: () => traffic.changed(served) });
  }
}

/**
 * Whether a failure says something of the version. Not: a bad input, a caller that has gone, a full
 * queue, time that was spent waiting in it, and a deadline that the client has set itself, which may
 * be shorter than any model can answer in.
 */
function isVersionsFault(error: ServiceError, call: Call, { timeoutMs }: PredictOptions): boolean {
  if (error.status < 500 || error.code === 'OVERLOADED' || call.signal?.aborted) return false;
  if (error.code !== 'DEADLINE_EXCEEDED') return true;
  return (timeoutMs ?? call.timeoutMs) === undefined && error.details?.phase === 'run';
}

function countPrediction(
  { live, stats }: RolloutVersion,
  { onlyOutputs }: PredictOptions,
  prediction: Prediction,
): void {
  const kind = live?.output.kind;
  // Vectors and raw tensors have no distribution worth their copy; picked outputs may lack it.
  if (!kind || kind === 'embedding' || kind === 'tensors' || onlyOutputs) return;
  const answer = toAnswer(kind, prediction.prediction);
  if (answer !== undefined) stats.predicted(answer, prediction.confidence);
}
