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
    ];
  }
}
