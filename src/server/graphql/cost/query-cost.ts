import type { OperationDefinitionNode } from 'graphql';
import { ServiceError } from '../../../errors.ts';
import type { ModelCostReader } from '../../../services/model-costs.ts';
import type { Principal } from '../../../services/principal.ts';
import type { ServerCall } from '../../call/server-call.ts';
import type { PreparedOperation } from '../prepare.ts';
import { compileCost, type CostOf } from './compile-cost.ts';

/** Options of {@link QueryCost}. */
export interface QueryCostOptions {
  readonly mode: 'measure' | 'enforce';
  /** Most that an operation may cost, in microseconds (`MAX_QUERY_COST`). */
  readonly maxCost: number;
  readonly costs: ModelCostReader;
  /** The model of those who name none; `undefined` where there is none. */
  readonly defaultModel: (principal: Principal) => string | undefined;
  /** Told of each operation. */
  readonly onCost: (cost: number, isRefused: boolean) => void;
}

/** Counts what GraphQL operations cost before they run, and refuses those that cost too much. */
export class QueryCost {
  readonly #options: QueryCostOptions;
  readonly #compiled = new WeakMap<OperationDefinitionNode, CostOf>();

  constructor(options: QueryCostOptions) {
    this.#options = options;
  }

  /** What an operation costs for a principal, in microseconds. */
  costOf(principal: Principal, operation: PreparedOperation): number {
    const { schema, document, definition, variables } = operation;
    let cost = this.#compiled.get(definition);
    if (!cost) this.#compiled.set(definition, (cost = compileCost(schema, document, definition)));
    const { costs, defaultModel } = this.#options;
    return cost(variables, (named) => {
      const model = named ?? defaultModel(principal);
      return model === undefined ? 0 : costs.weight(model);
    });
  }

  /**
   * Tells the caller what its operation costs, in the header `X-Query-Cost`.
   *
   * @throws {ServiceError} `COST_EXCEEDED`
   */
  check(call: ServerCall, operation: PreparedOperation): void {
    const cost = this.costOf(call.principal, operation);
    call.addHeader('X-Query-Cost', String(cost));
    const { mode, maxCost, onCost } = this.#options;
    const isRefused = mode === 'enforce' && cost > maxCost;
    onCost(cost, isRefused);
    if (!isRefused) return;
    throw new ServiceError(
      'COST_EXCEEDED',
      `The operation would cost ${cost} microseconds; at most ${maxCost} are allowed. Ask for fewer rows or fields.`,
      { details: { cost, maxQueryCost: maxCost }, limit: 'MAX_QUERY_COST' },
    );
  }
}
