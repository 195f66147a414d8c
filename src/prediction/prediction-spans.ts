import type { Call } from '../services/call.ts';
import type { Prediction } from '../services/prediction.ts';
import type { Span, SpanOptions } from '../services/span.ts';
import type { SharedRun } from './shared-run.ts';

/** How a look-up in memory begins. */
export const MEMORY: SpanOptions = { attributes: { 'ml_inference.cache.tier': 'memory' } };

/** How a look-up in Redis begins. */
export const REDIS: SpanOptions = {
  kind: 'client',
  attributes: { 'ml_inference.cache.tier': 'redis', 'db.system.name': 'redis' },
};

/** Begins the span of one prediction; `undefined` where its call is not sampled. */
export function startSpan(
  { span }: Call,
  { model, version }: { readonly model: string; readonly version: string },
  startedAt: number,
): Span | undefined {
  return span?.start(`predict ${model}`, {
    startedAt,
    attributes: { 'ml_inference.model': model, 'ml_inference.version': version },
  });
}

/** Ends the span of a prediction that was answered. */
export function endSpan(span: Span, { cached, timings }: Prediction): void {
  span.set({
    'ml_inference.cached': cached,
    'ml_inference.queue.wait_ms': timings.queueMs,
    'ml_inference.engine.run_ms': timings.inferenceMs,
  });
  span.end();
}

/** Ends the span of a look-up. */
export function endLookup(span: Span, hit: boolean): void {
  span.set({ 'ml_inference.cache.hit': hit });
  span.end();
}

/** Notes that a prediction waits for the run of an identical one. */
export function joinTrace(span: Span, run: SharedRun): void {
  span.set({ 'ml_inference.shared_run': true });
  if (run.span) span.link(run.span);
}
