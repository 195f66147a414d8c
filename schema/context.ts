import type { CallerSignal } from '../src/services/caller-signal.ts';
import type { Services } from '../src/services/services.ts';

/** Facts of the call that a resolver may need, whatever brought it (HTTP or WebSocket). */
export interface CallContext {
  /** Name of the request in logs, as in the header `X-Request-Id`. */
  readonly id: string;
  /** Aborted when the caller has gone. */
  readonly signal: CallerSignal | undefined;
  /** Deadline from the header `X-Request-Timeout-Ms`, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** From the header `X-Assignment-Key`: makes the choice of a version sticky. */
  readonly assignmentKey?: string | undefined;
}

/** What every resolver gets as its context. (`request` is taken: Yoga puts its own there.) */
export interface GraphQLContext {
  readonly services: Services;
  readonly call: CallContext;
}

/** Limits of the configuration that the schema checks and documents. */
export interface SchemaLimits {
  /** Most inputs in one `predictBatch`. */
  readonly maxBatchInputs: number;
  /** Time that entities of a federated graph wait for those of other requests. @default 2 */
  readonly entityWindowMs?: number;
}
