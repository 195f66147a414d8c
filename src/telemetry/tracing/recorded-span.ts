import {
  type Attributes,
  type Context,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  type Span as ApiSpan,
  SpanKind as ApiSpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { Span, SpanAttributes, SpanKind, SpanOptions } from '../../services/span.ts';
import { formatTraceparent } from './trace-parent.ts';

const KINDS: Readonly<Record<SpanKind, ApiSpanKind>> = {
  internal: ApiSpanKind.INTERNAL,
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  producer: ApiSpanKind.PRODUCER,
  consumer: ApiSpanKind.CONSUMER,
};

/** What the spans of one call share. */
export interface SpanBudget {
  /** Spans that the call may still begin. */
  left: number;
  /** Time at which `performance.now()` was 0, in milliseconds since 1970: one clock for the call. */
  readonly originMs: number;
}

/** A {@link Span} on the trace SDK of OpenTelemetry. */
export class RecordedSpan implements Span {
  readonly #tracer: Tracer;
  readonly #span: ApiSpan;
  readonly #budget: SpanBudget;
  #context: Context | undefined;
  #ended = false;

  private constructor(tracer: Tracer, span: ApiSpan, budget: SpanBudget) {
    this.#tracer = tracer;
    this.#span = span;
    this.#budget = budget;
  }

  /** Begins a span within `parent`. */
  static begin(
    tracer: Tracer,
    name: string,
    parent: Context,
    budget: SpanBudget,
    { attributes, startedAt, kind = 'internal', links }: SpanOptions,
  ): RecordedSpan {
    const span = tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        ...(attributes && { attributes: definedOf(attributes) }),
        startTime: toHrTime(budget, startedAt),
        ...(links && { links: links.flatMap(linkOf) }),
      },
      parent,
    );
    return new RecordedSpan(tracer, span, budget);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  get traceparent(): string {
    const { traceId, spanId } = this.#span.spanContext();
    return formatTraceparent({ traceId, spanId, sampled: true });
  }

  get tracestate(): string | undefined {
    return this.#span.spanContext().traceState?.serialize();
  }

  start(name: string, options: SpanOptions = {}): RecordedSpan | undefined {
    if (this.#budget.left <= 0) return undefined;
    this.#budget.left--;
    this.#context ??= trace.setSpan(ROOT_CONTEXT, this.#span);
    return RecordedSpan.begin(this.#tracer, name, this.#context, this.#budget, options);
  }

  set(attributes: SpanAttributes): void {
    if (!this.#ended) this.#span.setAttributes(definedOf(attributes));
  }

  link(other: Span): void {
    if (!this.#ended) for (const link of linkOf(other)) this.#span.addLink(link);
  }

  end(failure?: string, endedAt?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    if (failure !== undefined) {
      this.#span.setAttribute(ATTR_ERROR_TYPE, failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(toHrTime(this.#budget, endedAt));
  }

  /** How another span links to this one. */
  get linked(): Link {
    return { context: this.#span.spanContext() };
  }
}

/** Seconds and nanoseconds since 1970 of a time in `performance.now()` terms. @default now */
function toHrTime({ originMs }: SpanBudget, at = performance.now()): HrTime {
  const ms = originMs + at;
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

function linkOf(span: Span): Link[] {
  return span instanceof RecordedSpan ? [span.linked] : [];
}

function definedOf(attributes: SpanAttributes): Attributes {
  const defined: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) defined[key] = value as Attributes[string];
  }
  return defined;
}
