import { randomUUID } from 'node:crypto';
import type { CallerSignal } from './caller-signal.ts';
import type { Span } from './span.ts';
import { INTERNAL, type Principal } from './principal.ts';

/** What brings calls to the services. */
export const TRANSPORTS = ['http', 'websocket', 'grpc', 'internal'] as const;

/** What brought a call. */
export type Transport = (typeof TRANSPORTS)[number];

/**
 * One HTTP request, one operation over a WebSocket or one gRPC call, on its way through the server.
 * Every method of a service takes it first. Made by the pipeline, or by {@link internalCall}.
 */
export interface Call {
  /** Identifies the call in logs and in the header `X-Request-Id`. */
  readonly id: string;
  readonly transport: Transport;
  readonly principal: Principal;
  /** Aborted when the caller has gone; `undefined` where nobody can go. */
  readonly signal: CallerSignal | undefined;
  /** Deadline that the caller asked for, in milliseconds from the start of the call. */
  readonly timeoutMs: number | undefined;
  /** Makes the choice of a version sticky where the traffic of a model is split. */
  readonly assignmentKey: string | undefined;
  /** Address of the client, as the trusted proxies tell it; for the audit log. */
  readonly clientAddress?: string | undefined;
  /** Step of the call's trace that is under way; `undefined` where the call is not sampled. */
  readonly span: Span | undefined;
}

/**
 * A call of the server's own, which no policy surrounds.
 *
 * @param reason what it is for, such as `warm-up`; part of its id
 */
export function internalCall(reason: string): Call {
  return {
    id: `${reason}-${randomUUID()}`,
    transport: 'internal',
    principal: INTERNAL,
    signal: undefined,
    timeoutMs: undefined,
    assignmentKey: undefined,
    span: undefined,
  };
}
