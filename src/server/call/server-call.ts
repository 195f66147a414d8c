import type { Call, Transport } from '../../services/call.ts';
import type { CallerSignal } from '../../services/caller-signal.ts';
import { NOBODY, type Principal } from '../../services/principal.ts';
import type { ServiceError } from '../../errors.ts';
import { nextUuid } from '../../random-uuid.ts';
import type { PredictOptions } from '../../services/services.ts';
import type { Span } from '../../services/span.ts';
import type { CallCode } from './call-code.ts';
import type { CallTrace } from './call-trace.ts';
import type { Operation } from './operation.ts';

/** Which API a call is for; it decides the shape of a refusal. */
export type ApiName = 'graphql' | 'rest' | 'pages' | 'inference-protocol';

/** What a transport knows of a call before anything of its body is read. */
export interface CallSource {
  readonly transport: Transport;
  readonly api: ApiName;
  /** HTTP method, or what comes closest (`SUBSCRIBE` for an operation over a WebSocket). */
  readonly method: string;
  /** Path without the query string, or the name of the remote procedure. */
  readonly path: string;
  /** Whether it is a probe or a scrape: answered in overload and in shutdown, logged at `debug`. */
  readonly isProbe: boolean;
  /** Address of the peer, which may be a proxy. */
  readonly peerAddress: string | undefined;
  readonly signal: CallerSignal | undefined;
  /**
   * Whether its handler answers without knowing who asks: probes and the files of pages. Decided by
   * the handler that was found, never by the path.
   *
   * @default false
   */
  readonly isPublic?: boolean;
  /** Whether it only asks for a WebSocket, which brings its credential later. @default false */
  readonly isUpgrade?: boolean;
  /** Whether it is one of many messages of a stream that stays open. @default false */
  readonly isMessage?: boolean;
  /** Who a socket belongs to; its operations bring no credential of their own. */
  readonly session?: { readonly principal: Principal } | undefined;
  /** Whether a body is to come before it can be answered. @default false */
  readonly awaitsBody?: boolean;
  /** What stands after the `?` of a URL. */
  readonly search?: string;
  /** Names and values of the headers in turn, as they came. */
  readonly rawHeaders?: readonly string[];
  /** The server shuts down: the connection is to close after the answer. */
  drain?(): void;
  /** A header (or metadata) by its lower-case name; several of one name joined by a comma. */
  header(name: string): string | undefined;
}

/** 1 to 128 visible ASCII characters: safe in a header and in a log. */
const ACCEPTABLE_ID = /^[\x21-\x7e]{1,128}$/;

/** A call from outside, with what policies keep of it. */
export class ServerCall implements Call {
  readonly id: string;
  readonly source: CallSource;
  readonly startedAt = performance.now();
  timeoutMs: number | undefined;
  assignmentKey: string | undefined;
  /** Set by the policy that authenticates; until then nothing is allowed. */
  principal: Principal = NOBODY;
  clientAddress: string | undefined;
  /** What it asks for; `undefined` until its API has read it. */
  operation: Operation | undefined;
  /** The first error that the caller is told of. */
  error: ServiceError | undefined;
  /** Its code, as the caller is told it. */
  code: CallCode | undefined;
  /** Name of the model that it asked for, where it named one. */
  model: string | undefined;
  /** Predictions that it has asked for so far. */
  rows = 0;
  /** The first predictions that it has asked for; `undefined` where it asks for none. */
  asked: PredictOptions | undefined;
  /** Models of the later ones that are others; `undefined` in it is the default model. */
  otherModels: Set<string | undefined> | undefined;
  /** How many policies of its transport were asked to admit it; those are told of its end. */
  admitted = 0;
  /** Its spans; `undefined` where it is not sampled. */
  trace: CallTrace | undefined;
  /** Headers that policies add to the answer, by name. */
  responseHeaders: Record<string, string> | undefined;

  constructor(source: CallSource) {
    this.source = source;
    const given = source.header('x-request-id');
    this.id = given !== undefined && ACCEPTABLE_ID.test(given) ? given : nextUuid();
  }

  get transport(): Transport {
    return this.source.transport;
  }

  get signal(): CallerSignal | undefined {
    return this.source.signal;
  }

  get span(): Span | undefined {
    return this.trace?.current;
  }

  /**
   * Notes an error that the caller is told of; the first counts.
   *
   * @param code that the caller is told, where it is not that of the registry
   */
  fail(error: ServiceError, code: CallCode = error.code): void {
    if (this.error) return;
    this.error = error;
    this.code = code;
  }

  /** Adds a header to the answer, where the transport has headers. */
  addHeader(name: string, value: string): void {
    (this.responseHeaders ??= {})[name] = value;
  }
}
