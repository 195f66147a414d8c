import type { Sample } from './exposed-metrics.ts';
import type { Gauge } from './exposition.ts';

/**
 * Counts of the calls that the server has answered, by labels that its own code bounds. Nothing
 * that a client sends becomes a label.
 */
export class CallCounts {
  readonly #ended = new Map<string, { readonly labels: Record<string, string>; count: number }>();
  readonly #limits = new Map<string, number>();
  #fallbacks = 0;
  readonly #costs = { cost: 0, operations: 0, refused: 0 };

  /**
   * A call has ended.
   *
   * @param code error code that the caller was told, `OK`, or `ABORTED` where it left before
   */
  callEnded(transport: string, api: string, code: string): void {
    const key = `${transport} ${api} ${code}`;
    const known = this.#ended.get(key);
    if (known) known.count++;
    else this.#ended.set(key, { labels: { transport, api, code }, count: 1 });
  }

  /** A call was refused, or a socket closed, at a bound. @param limit setting of the bound */
  limitReached(limit: string): void {
    this.#limits.set(limit, (this.#limits.get(limit) ?? 0) + 1);
  }

  /** graphql-js has executed an operation that could not be compiled. */
  executorFallback(): void {
    this.#fallbacks++;
  }

  /** The cost of an operation is known, in microseconds; one that is refused does not count. */
  queryCost(cost: number, isRefused: boolean): void {
    if (isRefused) {
      this.#costs.refused++;
      return;
    }
    this.#costs.operations++;
    this.#costs.cost += cost;
  }

  /** What Prometheus reads of them. */
  get metrics(): readonly Gauge[] {
    return [
      {
        name: 'ml_inference_calls_total',
        type: 'counter',
        help: 'Calls that ended, those refused at the door too, by transport, API and result: OK, ABORTED or the code of the first error.',
        read: (): Sample[] =>
          Array.from(this.#ended.values(), ({ labels, count }) => ({ labels, value: count })),
      },
      {
        name: 'ml_inference_limit_refusals_total',
        type: 'counter',
        help: 'Calls that were refused, and sockets that were closed, at a bound, by its setting.',
        read: (): Sample[] =>
          Array.from(this.#limits, ([limit, value]) => ({ labels: { limit }, value })),
      },
      {
        name: 'ml_inference_graphql_fallbacks_total',
        type: 'counter',
        help: 'GraphQL operations that could not be compiled and were executed by graphql-js.',
        read: () => this.#fallbacks,
      },
      {
        name: 'ml_inference_query_cost_seconds_total',
        type: 'counter',
        help: 'Cost of the GraphQL operations that were let through, in seconds of compute, with QUERY_COST.',
        read: () => this.#costs.cost / 1e6,
      },
      {
        name: 'ml_inference_query_cost_operations_total',
        type: 'counter',
        help: 'GraphQL operations whose cost was counted, with QUERY_COST, by outcome.',
        read: (): Sample[] => [
          { labels: { outcome: 'accepted' }, value: this.#costs.operations },
          { labels: { outcome: 'refused' }, value: this.#costs.refused },
        ],
      },
    ];
  }
}
