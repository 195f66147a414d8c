import { ERRORS } from '../../../errors.ts';
import { threeDecimals } from '../../../durations.ts';
import { redactSecrets } from '../../../redact-secrets.ts';
import type { RequestKind } from '../../../services/recent-request.ts';
import type { PredictOptions } from '../../../services/services.ts';
import { parseTraceparent } from '../../../telemetry/tracing/trace-parent.ts';
import type { RecentRequests } from '../../../telemetry/recent-requests.ts';
import { GRAPHQL_CODES, isGraphQLCode } from '../call-code.ts';
import type { Outcome, Policy } from '../policy.ts';
import type { ServerCall } from '../server-call.ts';

/** Options of {@link keepRecentRequests}. */
export interface RecentRequestsPolicyOptions {
  readonly recent: RecentRequests;
  /** Name of the default model, for requests that name none. */
  readonly defaultModel: () => string | undefined;
}

/** Longest texts that are kept of what a client may choose, in characters. */
const MAX_TEXT = 200;
const MAX_INPUT = 500;

/** Most elements and members of an input that are kept. */
const MAX_ELEMENTS = 20;

/**
 * Keeps requests that failed, were refused or took long, for those who look into them. Of all others
 * it costs two comparisons.
 */
export function keepRecentRequests(options: RecentRequestsPolicyOptions): Policy {
  const { recent } = options;
  return {
    name: 'recent-requests',
    end(call, outcome) {
      const kind = kindOf(call, outcome, recent.slowMs);
      if (kind !== undefined && recent.isOn) keep(call, outcome, kind, options);
    },
  };
}

function kindOf(
  { operation, source }: ServerCall,
  { error, durationMs }: Outcome,
  slowMs: number,
): RequestKind | undefined {
  if (source.isProbe) return undefined;
  if (error) return error.status >= 500 ? 'FAILED' : 'REFUSED';
  // A subscription and a socket last as long as somebody looks.
  if (durationMs < slowMs || operation === undefined || operation.kind === 'subscription') {
    return undefined;
  }
  return 'SLOW';
}

function keep(
  call: ServerCall,
  { status, code, error, aborted, durationMs }: Outcome,
  kind: RequestKind,
  { recent, defaultModel }: RecentRequestsPolicyOptions,
): void {
  const { source, operation, trace, asked } = call;
  const name = operation?.name ?? operation?.kind;
  let message = error?.message ?? null;
  if (isGraphQLCode(code)) message = GRAPHQL_CODES[code];
  // It may quote what was sent.
  else if (error?.code === 'BAD_USER_INPUT' && !recent.withInputs) {
    message = ERRORS.BAD_USER_INPUT.summary;
  }
  recent.keep({
    id: redactSecrets(call.id),
    kind,
    transport: call.transport,
    method: source.method,
    path: clientText(source.path),
    operation: name === undefined ? null : clientText(name),
    models: modelsOf(call, defaultModel),
    rows: call.rows,
    status,
    code: code ?? null,
    message: message === null ? null : clientText(message),
    aborted,
    durationMs: threeDecimals(durationMs),
    traceId: trace?.root.traceId ?? parseTraceparent(source.header('traceparent'))?.traceId ?? null,
    caller: call.principal.id,
    input: recent.withInputs && asked ? inputText(asked) : null,
  });
}

function modelsOf(call: ServerCall, defaultModel: () => string | undefined): readonly string[] {
  if (!call.asked) return call.model === undefined ? [] : [call.model];
  const names = [call.asked.model, ...(call.otherModels ?? [])];
  return [...new Set(names.flatMap((name) => name ?? defaultModel() ?? []))];
}

function clientText(text: string): string {
  return redactSecrets(text.slice(0, MAX_TEXT));
}

/** The first input as JSON, of long values only the beginning. */
function inputText(request: PredictOptions): string | null {
  const { input, inputs } = request as { input?: unknown; inputs?: readonly unknown[] };
  const text = JSON.stringify(input ?? inputs?.[0] ?? null, (_key, value: unknown) =>
    shorten(value),
  );
  return redactSecrets(text.slice(0, MAX_INPUT));
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (typeof value === 'bigint') return String(value);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.slice(0, MAX_ELEMENTS);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length > MAX_ELEMENTS
      ? Object.fromEntries(entries.slice(0, MAX_ELEMENTS))
      : value;
  }
  return value;
}
