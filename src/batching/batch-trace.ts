import type { Span, SpanAttributes } from '../services/span.ts';
import type { BatchRelease } from '../telemetry/model-recorder.ts';
import type { QueuedEntry } from './queued-entry.ts';

/**
 * The spans of one batch: `batch`, within the first sampled prediction that travels in it and linked
 * to all of them, and `engine run` within that.
 */
export class BatchTrace {
  readonly #batch: Span;
  readonly #attributes: SpanAttributes;
  #run: Span | undefined;

  private constructor(batch: Span, attributes: SpanAttributes) {
    this.#batch = batch;
    this.#attributes = attributes;
  }

  /** @returns `undefined` where no prediction of the batch is sampled */
  static begin<Result>(
    entries: readonly { readonly entry: QueuedEntry<Result> }[],
    rows: number,
    release: BatchRelease,
    attributes: SpanAttributes,
  ): BatchTrace | undefined {
    if (entries.every(({ entry }) => entry.span === undefined)) return undefined;
    const links = entries.flatMap(({ entry: { span } }) => (span ? [span] : []));
    const batch = links[0]?.start('batch', {
      links,
      attributes: {
        ...attributes,
        'ml_inference.batch.rows': rows,
        'ml_inference.batch.inputs': entries.length,
        'ml_inference.batch.release': release,
      },
    });
    if (!batch) return undefined;
    for (const span of links.slice(1)) span.link(batch);
    return new BatchTrace(batch, attributes);
  }

  /** The worker has been given the tensors. */
  startRun(): void {
    // Remote engines continue the trace from here.
    this.#run ??= this.#batch.start('engine run', { attributes: this.#attributes });
  }

  /** The W3C `traceparent` of the run; `undefined` before it has begun. */
  get traceparent(): string | undefined {
    return this.#run?.traceparent;
  }

  /** The worker has answered, after it computed for `inferenceMs`; `undefined` where it failed. */
  endRun(inferenceMs: number | undefined): void {
    this.#run?.set({ 'ml_inference.engine.compute_ms': inferenceMs });
    this.#run?.end(inferenceMs === undefined ? 'INFERENCE_FAILED' : undefined);
  }

  /** The rows have been dealt out. @param failure error code, where the batch failed */
  end(failure?: string): void {
    this.#batch.end(failure);
  }
}
