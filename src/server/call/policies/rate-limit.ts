import {
  rateHeaders,
  rateLimited,
  type RateLimits,
  type RateState,
} from '../../../access/limits/rate-limits.ts';
import type { UsageMeter } from '../../../access/usage-meter.ts';
import type { ServiceError } from '../../../errors.ts';
import type { Call } from '../../../services/call.ts';
import type { PredictionService } from '../../../services/services.ts';
import { ServerCall } from '../server-call.ts';

/** What {@link limitPredictions} needs. */
export interface PredictionLimits {
  readonly limits: RateLimits;
  readonly usage: UsageMeter;
}

/**
 * Takes the rows of every prediction from the rate of who asks, on every transport alike: a batch
 * whole or not at all. Compute is charged when it is known.
 */
export function limitPredictions(
  predictions: PredictionService,
  { limits, usage }: PredictionLimits,
): PredictionService {
  const take = (call: Call, rows: number): void | Promise<void> => {
    const state = limits.take(call.principal, rows);
    if (state instanceof Promise) return state.then((settled) => settle(call, settled, rows));
    if (state) settle(call, state, rows);
    else usage.used(call.principal, rows);
  };
  const settle = (call: Call, state: RateState, rows: number): void => {
    if (call instanceof ServerCall) tell(call, rateHeaders(state));
    if (state.allowance.granted) {
      usage.used(call.principal, rows);
      return;
    }
    usage.refused(call.principal);
    const error = rateLimited(state);
    // REST says it by itself; an answer of GraphQL may hold more than this one error.
    if (call instanceof ServerCall && call.source.api === 'graphql') {
      call.addHeader('Retry-After', String(error.retryAfterSeconds));
    }
    throw error;
  };
  const charge = (call: Call, computeMs: number): void => {
    if (computeMs <= 0) return;
    usage.computed(call.principal, computeMs);
    limits.charge(call.principal, computeMs);
  };
  return {
    predict(call, request) {
      const answer = () => {
        const pending = predictions.predict(call, request);
        return pending.then((prediction) => {
          charge(call, prediction.timings.computeMs ?? 0);
          return prediction;
        });
      };
      const taken = take(call, 1);
      return taken ? taken.then(answer) : answer();
    },
    async predictBatch(call, request) {
      await take(call, request.inputs.length);
      const batch = await predictions.predictBatch(call, request);
      let computeMs = 0;
      for (const result of batch.results) {
        if (!isError(result)) computeMs += result.timings.computeMs ?? 0;
      }
      charge(call, computeMs);
      return batch;
    },
    describe: (call, request) => predictions.describe(call, request),
  };
}

function isError(result: object): result is ServiceError {
  return result instanceof Error;
}

function tell(call: ServerCall, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) call.addHeader(name, headers[name] ?? '');
}
