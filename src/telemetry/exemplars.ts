import type { TraceReference } from './model-recorder.ts';

/** Bounds of the request latencies, in seconds. */
export const REQUEST_BOUNDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** One traced prediction among those that a bucket counts, as OpenMetrics has it. */
export interface Exemplar {
  readonly labelSet: { readonly trace_id: string; readonly span_id: string };
  /** Its duration, in seconds. */
  readonly value: number;
  /** When it was, in seconds since 1970. */
  readonly timestamp: number;
}

/** The newest traced prediction of each bucket of {@link REQUEST_BOUNDS}, and of what is longer. */
export class Exemplars {
  readonly #kept: (Exemplar | undefined)[] = [];

  /** Keeps a prediction that took `ms` milliseconds and ended at `now` (milliseconds since 1970). */
  keep(ms: number, { traceId, spanId }: TraceReference, now: number): void {
    const value = ms / 1000;
    let bucket = 0;
    while (value > (REQUEST_BOUNDS[bucket] ?? Infinity)) bucket++;
    this.#kept[bucket] = {
      labelSet: { trace_id: traceId, span_id: spanId },
      value,
      timestamp: now / 1000,
    };
  }

  /** The exemplar of a bucket. */
  at(bucket: number): Exemplar | undefined {
    return this.#kept[bucket];
  }
}
