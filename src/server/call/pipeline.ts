import { badInput } from '../../errors.ts';
import type { Transport } from '../../services/call.ts';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';
import { CallTrace } from './call-trace.ts';
import type { Operation } from './operation.ts';
import type { Policy } from './policy.ts';
import { type CallSource, ServerCall } from './server-call.ts';

/** Longest deadline that a client may ask for, in milliseconds. */
export const MAX_TIMEOUT_MS = 3_600_000;

const DIGITS = /^\d{1,7}$/;

/** What {@link Pipeline.end} is told by the transport. */
export interface CallEnd {
  /** HTTP status, or the closest to it. */
  readonly status: number;
  /** Whether the caller left before the answer was complete. */
  readonly aborted: boolean;
}

/**
 * The one way of a call through the server: opened by its transport, admitted by every policy that
 * applies, run, and ended. A transport that does not go through here has no {@link ServerCall}, and
 * without a call no service answers.
 */
export class Pipeline {
  /** All policies, in the order in which they admit a call. */
  readonly policies: readonly Policy[];
  /** Those that apply to each transport. */
  readonly #chains: Readonly<Record<Transport, readonly Policy[]>>;

  readonly #tracing: Tracing | undefined;

  /**
   * @param policies in the order in which they admit a call
   * @param tracing records sampled calls; `undefined` where there are no traces
   */
  constructor(policies: readonly Policy[], tracing?: Tracing) {
    this.policies = policies;
    this.#tracing = tracing;
    const chain = (transport: Transport) =>
      policies.filter(({ exempt }) => exempt?.[transport] === undefined);
    this.#chains = {
      http: chain('http'),
      websocket: chain('websocket'),
      grpc: chain('grpc'),
      internal: [],
    };
  }

  /** Makes the call of a request, an operation over a WebSocket, or a remote procedure. */
  open(source: CallSource): ServerCall {
    const call = new ServerCall(source);
    if (this.#tracing) {
      const { id, startedAt } = call;
      call.trace = CallTrace.open(this.#tracing, id, source, startedAt);
      if (call.trace) call.addHeader('traceresponse', call.trace.root.traceparent);
    }
    return call;
  }

  /**
   * Lets a call in.
   *
   * @throws {ServiceError} what a policy refuses it with; `BAD_USER_INPUT` for a deadline that is
   *   none
   */
  admit(call: ServerCall): void | Promise<void> {
    call.trace?.begin('policies');
    const chain = this.#chains[call.transport];
    for (let at = 0; at < chain.length; at++) {
      call.admitted = at + 1;
      const pending = chain[at]?.admit?.(call);
      if (pending) return admitLater(call, chain, at, pending);
    }
    readHeaders(call);
  }

  /**
   * Tells the policies that the body of a call is there.
   *
   * @throws {ServiceError} what a policy refuses the call with
   */
  received(call: ServerCall): void {
    for (const policy of this.#chains[call.transport]) policy.received?.(call);
  }

  /**
   * Does the work of a call, once it is known what it asks for.
   *
   * @throws {ServiceError} what a policy refuses the operation with, or what `work` throws
   */
  run<T>(call: ServerCall, operation: Operation, work: () => T | Promise<T>): T | Promise<T> {
    call.operation = operation;
    call.trace?.beginOperation(operation);
    const chain = this.#chains[call.transport];
    for (let at = 0; at < chain.length; at++) {
      const pending = chain[at]?.operation?.(call, operation);
      if (pending) return runLater(call, chain, at, pending, operation, work);
    }
    return call.trace ? workTraced(call.trace, work) : work();
  }

  /**
   * Tells the policies that have seen the call that it has ended, the last one first. Those that
   * watch, and admit everything, are told even of one of which too little could be read to admit it.
   */
  end(call: ServerCall, { status, aborted }: CallEnd): void {
    const { error, code, startedAt, admitted } = call;
    const outcome = { status, error, code, aborted, durationMs: performance.now() - startedAt };
    const chain = this.#chains[call.transport];
    call.trace?.end(outcome, call.transport === 'http');
    for (let at = chain.length - 1; at >= 0; at--) {
      const policy = chain[at];
      if (at < admitted || !policy?.admit) policy?.end?.(call, outcome);
    }
  }
}

async function admitLater(
  call: ServerCall,
  chain: readonly Policy[],
  from: number,
  pending: Promise<void>,
): Promise<void> {
  await pending;
  for (let at = from + 1; at < chain.length; at++) {
    call.admitted = at + 1;
    await chain[at]?.admit?.(call);
  }
  readHeaders(call);
}

async function runLater<T>(
  call: ServerCall,
  chain: readonly Policy[],
  from: number,
  pending: Promise<void>,
  operation: Operation,
  work: () => T | Promise<T>,
): Promise<T> {
  await pending;
  for (const policy of chain.slice(from + 1)) await policy.operation?.(call, operation);
  return call.trace ? workTraced(call.trace, work) : work();
}

/** Does the work of a sampled call; what comes after it is the writing of the answer. */
async function workTraced<T>(trace: CallTrace, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    trace.begin('write');
  }
}

/** Reads what any call may say of itself: its deadline and its assignment key. */
function readHeaders(call: ServerCall): void {
  const { source } = call;
  call.trace?.begin('read');
  const assignmentKey = source.header('x-assignment-key');
  if (assignmentKey !== undefined && assignmentKey !== '') call.assignmentKey = assignmentKey;
  const timeout = source.header('x-request-timeout-ms');
  if (timeout !== undefined) call.timeoutMs = readTimeout(timeout);
}

function readTimeout(text: string): number {
  const milliseconds = DIGITS.test(text) ? Number(text) : 0;
  if (milliseconds < 1 || milliseconds > MAX_TIMEOUT_MS) {
    throw badInput(
      `The header X-Request-Timeout-Ms must be a whole number from 1 to ${MAX_TIMEOUT_MS}.`,
    );
  }
  return milliseconds;
}
