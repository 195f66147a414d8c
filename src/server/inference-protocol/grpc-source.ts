import { Metadata, type ServerDuplexStream, type ServerUnaryCall } from '@grpc/grpc-js';
import type { CallerSignal } from '../../services/caller-signal.ts';
import type { CallSource, ServerCall } from '../call/server-call.ts';

/** What a client is told beside its answer, by the names that the headers of HTTP have. */
export function toMetadata({ id, responseHeaders = {} }: ServerCall): Metadata {
  const metadata = new Metadata();
  metadata.set('x-request-id', id);
  for (const [name, value] of Object.entries(responseHeaders)) metadata.set(name, value);
  return metadata;
}

type GrpcCall = ServerUnaryCall<unknown, object> | ServerDuplexStream<unknown, object>;

/** Methods that are asked for every few seconds by those who watch the server. */
const PROBES: ReadonlySet<string> = new Set(['ServerLive', 'ServerReady', 'Check']);

/** One gRPC call as the pipeline sees it; it is the caller's signal itself. */
export class GrpcSource implements CallSource, CallerSignal {
  readonly transport = 'grpc';
  readonly api = 'inference-protocol';
  readonly method = 'POST';
  readonly path: string;
  readonly isProbe: boolean;
  readonly isPublic: boolean;
  readonly isMessage: boolean;
  aborted = false;
  readonly #grpc: GrpcCall;
  readonly #onCancelled = () => this.#cancel();
  #listeners: (() => void)[] = [];

  /** @param method name of the method that was called */
  constructor(grpc: GrpcCall, method: string) {
    this.#grpc = grpc;
    this.path = grpc.getPath();
    this.isProbe = PROBES.has(method);
    this.isPublic = this.isProbe;
    this.isMessage = !('request' in grpc);
    this.aborted = grpc.cancelled;
    grpc.on('cancelled', this.#onCancelled);
  }

  get peerAddress(): string | undefined {
    // `1.2.3.4:5` or `[::1]:5`
    return this.#grpc
      .getPeer()
      .replace(/:\d+$/, '')
      .replace(/^\[|\]$/g, '');
  }

  get signal(): CallerSignal {
    return this;
  }

  header(name: string): string | undefined {
    // What HTTP/1 has as a header is `:authority` here.
    if (name === 'host') return this.#grpc.getHost();
    const values = this.#grpc.metadata.get(name);
    return values.length === 0 ? undefined : values.map(String).join(', ');
  }

  /** Tells the client the name of its call, and what policies say of it; nothing for messages of a stream. */
  sendHeaders(call: ServerCall): void {
    if (!this.isMessage) this.#grpc.sendMetadata(toMetadata(call));
  }

  /** Time until the deadline of the client, in milliseconds; `undefined` where it has none. */
  remainingMs(): number | undefined {
    const deadline = this.#grpc.getDeadline();
    const at = deadline instanceof Date ? deadline.getTime() : deadline;
    return Number.isFinite(at) ? Math.max(1, at - Date.now()) : undefined;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  /** Listens no longer; for messages of a stream, which go on after it. */
  dispose(): void {
    this.#grpc.removeListener('cancelled', this.#onCancelled);
  }

  #cancel(): void {
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
