import { createTraceState, ROOT_CONTEXT, trace, TraceFlags, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  RandomIdGenerator,
} from '@opentelemetry/sdk-trace-base';
import type { Config } from '../../config.ts';
import type { Span, SpanOptions } from '../../services/span.ts';
import { RecordedSpan } from './recorded-span.ts';
import { resourceAttributes } from './resource.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { SpanQueue } from './span-queue.ts';
import { parseTraceparent } from './trace-parent.ts';

/** Settings that tracing follows. */
export type TracingConfig = Pick<
  Config,
  | 'otelSdkDisabled'
  | 'otelTracesExporter'
  | 'otlpEndpoint'
  | 'otlpTracesEndpoint'
  | 'otelServiceName'
  | 'otelResourceAttributes'
  | 'otelTracesSampler'
  | 'otelTracesSamplerArg'
  | 'otelMaxQueueSize'
  | 'otelMaxExportBatchSize'
  | 'otelScheduleDelayMs'
>;

/** What a caller says of the trace that its call is part of. */
export interface TraceHeaders {
  /** W3C `traceparent`; whatever else comes in its place is ignored. */
  readonly traceparent?: unknown;
  /** W3C `tracestate`, handed on as it is. */
  readonly tracestate?: unknown;
}

/** Where the collector of a machine listens by default. */
const DEFAULT_ENDPOINT = 'http://localhost:4318';

/** Spans of one call; a batch of 10,000 inputs must not fill the queue alone. */
const MAX_SPANS_PER_CALL = 2_048;

/** Longest `tracestate` that is handed on, in characters (as the specification asks for). */
const MAX_TRACESTATE = 512;

/**
 * The traces of this process. Whether a call is sampled is decided before any span exists: where it
 * is not, there is nothing to carry along and nothing to pay for.
 */
export class Tracing {
  readonly #tracer: Tracer;
  readonly #queue: SpanQueue;
  readonly #provider: BasicTracerProvider;
  readonly #sampler: Sampler;
  /** Trace id of the root span that is begun next. */
  #nextTraceId = '';

  /**
   * @param exporter sends the spans
   * @param onChange told when exports begin to fail, with the reason, and when they succeed again
   */
  constructor(
    config: TracingConfig,
    options: {
      readonly serverVersion: string;
      readonly onChange?: (state: 'failing' | 'working', reason?: string) => void;
    },
  ) {
    this.#sampler = createSampler(config.otelTracesSampler, config.otelTracesSamplerArg);
    this.#queue = new SpanQueue({
      // What else the environment says of the export (headers, compression, certificates, timeout)
      // is read by the exporter.
      exporter: new OTLPTraceExporter({ url: tracesUrl(config), concurrencyLimit: 1 }),
      maxSpans: config.otelMaxQueueSize,
      batchSize: config.otelMaxExportBatchSize,
      delayMs: config.otelScheduleDelayMs,
      ...(options.onChange && { onChange: options.onChange }),
    });
    const random = new RandomIdGenerator();
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes(resourceAttributes(config, options.serverVersion)),
      sampler: new AlwaysOnSampler(),
      idGenerator: {
        generateTraceId: () => this.#nextTraceId,
        generateSpanId: () => random.generateSpanId(),
      },
      // A batch links to all that travel in it; the default would drop the links over 128.
      spanLimits: { linkCountLimit: Number.MAX_SAFE_INTEGER },
      spanProcessors: [this.#queue],
    });
    this.#tracer = this.#provider.getTracer('ml-inference-api', options.serverVersion);
  }

  /** Spans that could not be sent. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Begins the first span of a call; `undefined` where the call is not sampled. */
  open(name: string, headers: TraceHeaders, options?: () => SpanOptions): Span | undefined {
    const { traceparent } = headers;
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    const traceId = this.#sampler(parent);
    if (traceId === undefined) return undefined;
    this.#nextTraceId = traceId;
    const context = parent
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId: parent.traceId,
          spanId: parent.spanId,
          traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
          ...tracestateOf(headers.tracestate),
        })
      : ROOT_CONTEXT;
    const budget = { left: MAX_SPANS_PER_CALL, originMs: Date.now() - performance.now() };
    return RecordedSpan.begin(this.#tracer, name, context, budget, options?.() ?? {});
  }

  /** Sends what waits, for a second at most. */
  async close(): Promise<void> {
    await this.#queue.shutdown();
  }

  /** Sends all that waits now; for tests. */
  flush(): Promise<void> {
    return this.#queue.forceFlush();
  }
}

/** The traces of a server; `undefined` where the settings name no collector. */
export function createTracing(
  config: TracingConfig,
  options: ConstructorParameters<typeof Tracing>[1],
): Tracing | undefined {
  const { otelSdkDisabled, otelTracesExporter, otlpEndpoint, otlpTracesEndpoint } = config;
  if (otelSdkDisabled || otelTracesExporter === 'none') return undefined;
  const named = otlpEndpoint ?? otlpTracesEndpoint;
  if (named === undefined && otelTracesExporter !== 'otlp') return undefined;
  return new Tracing(config, options);
}

function tracesUrl({ otlpEndpoint, otlpTracesEndpoint }: TracingConfig): string {
  return (
    otlpTracesEndpoint ?? `${(otlpEndpoint ?? DEFAULT_ENDPOINT).replace(/\/+$/, '')}/v1/traces`
  );
}

function tracestateOf(header: unknown) {
  if (typeof header !== 'string' || header.length > MAX_TRACESTATE) return undefined;
  return { traceState: createTraceState(header) };
}
