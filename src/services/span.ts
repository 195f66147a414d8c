/** Values that a span may carry. */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** What a span is to its parent, as OpenTelemetry has it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** How a span begins. */
export interface SpanOptions {
  readonly attributes?: SpanAttributes;
  /** Start in `performance.now()` terms. @default now */
  readonly startedAt?: number;
  /** @default internal */
  readonly kind?: SpanKind;
  /** Spans that this one came from without being part of them. */
  readonly links?: readonly Span[];
}

/**
 * One step of a sampled call. Where a call is not sampled, or tracing is off, there is no span at
 * all: parts of the server hold `Span | undefined` and write `span?.start(…)`.
 */
export interface Span {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** The W3C `traceparent` under which another server continues this span. */
  readonly traceparent: string;
  /** The W3C `tracestate` that belongs to it, as it came in. */
  readonly tracestate: string | undefined;
  /**
   * Begins a step within this one; `undefined` once the call has as many spans as one may have.
   */
  start(name: string, options?: SpanOptions): Span | undefined;
  /** Adds attributes; `undefined` values are left out. */
  set(attributes: SpanAttributes): void;
  /** Names another span that this one has to do with. */
  link(other: Span): void;
  /**
   * Ends the step; only the first call counts.
   *
   * @param failure error code, where the step failed
   * @param endedAt end in `performance.now()` terms; left out, now
   */
  end(failure?: string, endedAt?: number): void;
}
