import type { Call } from '../src/services/call.ts';
import type { ModelCostReader } from '../src/services/model-costs.ts';
import type { Services } from '../src/services/services.ts';

/** What every resolver gets as its context. (`request` is taken: Yoga puts its own there.) */
export interface GraphQLContext {
  readonly services: Services;
  /** The call that every method of a service takes first. */
  readonly call: Call;
}

/** Limits of the configuration that the schema checks and documents. */
export interface SchemaLimits {
  /** Most inputs in one `predictBatch`. */
  readonly maxBatchInputs: number;
  /** Time that entities of a federated graph wait for those of other requests. @default 2 */
  readonly entityWindowMs?: number;
  /** What the served SDL says of costs. @default nothing */
  readonly costs?: ModelCostReader | undefined;
}
