import type { EncodedInput } from '../codecs/codec.ts';
import type { ServiceError } from '../errors.ts';
import type { Call } from '../services/call.ts';
import type { ModelInput } from '../services/model-input.ts';
import type { Prediction } from '../services/prediction.ts';
import type { PredictOptions } from '../services/services.ts';
import type { ServedVersion } from '../serving/served-version.ts';
import type { TensorMap } from '../tensor/tensor.ts';

/**
 * Told of every prediction, cached or not, once its answer is made. It runs in the path of the
 * request: it must not throw, and should cost next to nothing.
 */
export interface PredictionObserver {
  /**
   * A version has computed outputs, before any answer is made of them; those that share the run, or
   * find it in the cache, get these same outputs.
   */
  computed?(
    served: ServedVersion,
    input: ModelInput,
    encoded: EncodedInput,
    outputs: TensorMap,
  ): void;
  /** A version has answered. */
  answered(
    call: Call,
    served: ServedVersion,
    request: PredictOptions,
    input: ModelInput,
    prediction: Prediction,
  ): void;
  /** A version has failed on an input, or the input was refused. */
  failed(
    call: Call,
    served: ServedVersion,
    request: PredictOptions,
    input: ModelInput,
    error: ServiceError,
  ): void;
}
