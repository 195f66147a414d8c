import type { Transport } from '../../../services/call.ts';
import type { CallCode } from '../call-code.ts';
import type { Policy } from '../policy.ts';

/** What is counted of calls; the labels are bounded by the code itself. */
export interface CallCounters {
  /** A call has ended. @param code of the first error that the caller was told of */
  callEnded(transport: Transport, api: string, code: CallCode | 'OK' | 'ABORTED'): void;
  /** A call was refused, or a socket closed, at a bound. @param limit setting of the bound */
  limitReached(limit: string): void;
}

/** Counts every call by its transport, API and result, those refused at the door too. */
export function callMetrics(counters: CallCounters): Policy {
  return {
    name: 'call-metrics',
    end({ source }, { error, code, aborted }) {
      counters.callEnded(source.transport, source.api, code ?? (aborted ? 'ABORTED' : 'OK'));
      if (error?.limit !== undefined) counters.limitReached(error.limit);
    },
  };
}
