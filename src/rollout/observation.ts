import type { CallerSignal } from '../services/caller-signal.ts';
import type { ServiceError } from '../errors.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type { LiveParts, ServedVersion } from '../serving/served-version.ts';
import type { PredictOptions } from '../services/services.ts';
import { toAnswer } from './agreement.ts';
import { runShadow } from './shadow.ts';

/** Watches the versions of a model while they are compared with each other. */
export interface VersionObserver {
  /** The version that is to run a request too; `undefined` for most. */
  shadowFor(answering: ServedVersion, key: string | undefined): ServedVersion | undefined;
  /** The figures of a version have changed. */
  changed(version: ServedVersion): void;
}

/** Counts an answer, and lets a shadow run the same input once the answer is on its way. */
export function observeAnswer(
  served: ServedVersion,
  observer: VersionObserver,
  options: PredictOptions,
  input: ModelInput,
  prediction: Prediction,
): void {
  const { stats, live } = served;
  stats.answered(prediction.latencyMs, prediction.cached);
  if (live) countPrediction(served, live, options, prediction);
  observer.changed(served);
  // A client that asks for a version wants that one; only traffic that is dealt out is shadowed.
  if (options.version !== undefined) return;
  const shadow = observer.shadowFor(served, options.assignmentKey);
  if (shadow) runShadow(shadow, input, prediction, live);
}

/** Counts a failure, unless it is the client's own: a bad input, or a caller that has gone. */
export function observeFailure(
  served: ServedVersion,
  observer: VersionObserver,
  error: ServiceError,
  signal: CallerSignal | undefined,
): void {
  if (error.status < 500 || signal?.aborted) return;
  served.stats.failed();
  observer.changed(served);
}

function countPrediction(
  { stats }: ServedVersion,
  { output }: LiveParts,
  { onlyOutputs }: PredictOptions,
  prediction: Prediction,
): void {
  // Vectors and raw tensors have no distribution worth their copy; picked outputs may lack it.
  if (output.kind === 'embedding' || output.kind === 'tensors' || onlyOutputs) return;
  const answer = toAnswer(output.kind, prediction.prediction);
  if (answer !== undefined) stats.predicted(answer, prediction.confidence);
}
