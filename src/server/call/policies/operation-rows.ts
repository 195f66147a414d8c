import { ServiceError } from '../../../errors.ts';
import type { Call } from '../../../services/call.ts';
import type { PredictionService, PredictOptions } from '../../../services/services.ts';
import { ServerCall } from '../server-call.ts';

/**
 * Bounds the predictions of one call, however it spells them: as a batch, by aliases, or by
 * fragments; and notes on the call what they ask for.
 *
 * @param maxRows most predictions of one call (`MAX_BATCH_INPUTS`)
 */
export function limitRows(predictions: PredictionService, maxRows: number): PredictionService {
  const take = (call: Call, request: PredictOptions, rows: number): void => {
    if (!(call instanceof ServerCall)) return;
    if (call.asked === undefined) call.asked = request;
    else if (call.asked.model !== request.model) {
      (call.otherModels ??= new Set()).add(request.model);
    }
    const before = call.rows;
    call.rows += rows;
    // A batch that is too large by itself is refused with the reason for that.
    if (before === 0 || call.rows <= maxRows) return;
    throw new ServiceError(
      'BAD_USER_INPUT',
      `An operation may ask for at most ${maxRows} predictions, in all of its fields together.`,
      { details: { maxBatchInputs: maxRows }, limit: 'MAX_BATCH_INPUTS' },
    );
  };
  return {
    predict(call, request) {
      take(call, request, 1);
      return predictions.predict(call, request);
    },
    predictBatch(call, request) {
      take(call, request, request.inputs.length);
      return predictions.predictBatch(call, request);
    },
    describe: (call, request) => predictions.describe(call, request),
  };
}
