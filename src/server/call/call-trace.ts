import type { Span, SpanAttributes } from '../../services/span.ts';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';
import { redactSecrets } from '../../redact-secrets.ts';
import type { Operation } from './operation.ts';

/** What the trace of a call says of where it came from. */
export interface TracedSource {
  readonly transport: string;
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly isProbe: boolean;
  header(name: string): string | undefined;
}

/** What the trace of a call says of its end. */
export interface TracedOutcome {
  readonly status: number;
  readonly error: { readonly code: string; readonly status: number } | undefined;
  /** Code of the error, as the caller was told it. */
  readonly code: string | undefined;
  readonly aborted: boolean;
}

/** Paths that make good names of spans: there are few of them. */
const PLAIN_PATH = /^\/(?:graphql|predict(?:\/batch)?|models|v1\/embeddings|v2)?$/;

/**
 * The spans of a sampled call: one for the whole of it, and within that one stage after the other
 * (policies, reading, the operation, writing).
 */
export class CallTrace {
  readonly #root: Span;
  readonly #api: string;
  #stage: Span | undefined;

  private constructor(root: Span, api: string) {
    this.#root = root;
    this.#api = api;
  }

  /** @returns `undefined` where the call is not sampled; probes and scrapes never are */
  static open(
    tracing: Tracing,
    id: string,
    source: TracedSource,
    startedAt: number,
  ): CallTrace | undefined {
    if (source.isProbe) return undefined;
    const { method, path, transport, api } = source;
    const root = tracing.open(
      PLAIN_PATH.test(path) ? `${method} ${path}` : `${method} ${api}`,
      { traceparent: source.header('traceparent'), tracestate: source.header('tracestate') },
      () => ({
        kind: 'server',
        startedAt,
        attributes: {
          'url.path': redactSecrets(path),
          'ml_inference.request_id': redactSecrets(id),
          ...(transport === 'http'
            ? { 'http.request.method': method }
            : { 'ml_inference.transport': transport }),
        },
      }),
    );
    return root && new CallTrace(root, api);
  }

  /** Span of the whole call. */
  get root(): Span {
    return this.#root;
  }

  /** Span that steps of the call belong to now. */
  get current(): Span {
    return this.#stage ?? this.#root;
  }

  /** Ends the stage that was, and begins another. */
  begin(name: string, attributes?: SpanAttributes): void {
    this.#stage?.end();
    this.#stage = this.#root.start(name, attributes ? { attributes } : {});
  }

  /** It is known what the call asks for, and it is about to be done. */
  beginOperation({ kind, name, rows }: Operation): void {
    const own =
      this.#api === 'graphql'
        ? { 'graphql.operation.type': kind, 'graphql.operation.name': name && redactSecrets(name) }
        : { 'ml_inference.operation': kind };
    this.begin(this.#api === 'graphql' ? `graphql ${kind}` : `operation ${kind}`, {
      ...own,
      'ml_inference.operation.rows': rows,
    });
  }

  /** The answer is written, or the caller has left. */
  end({ status, error, code, aborted }: TracedOutcome, isHttp: boolean): void {
    this.#stage?.end();
    this.#root.set({
      ...(isHttp && { 'http.response.status_code': status }),
      ...(aborted && { 'ml_inference.aborted': true }),
      // Semantic conventions: what the client has done wrong is no failure of the server's span.
      ...(error && { 'error.type': code }),
    });
    this.#root.end(error && error.status >= 500 ? error.code : undefined);
  }
}
