import type { IncomingMessage } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isLarge } from '../../json/json-writer.ts';
import type { CallerSignal } from '../../services/caller-signal.ts';
import type { Principal } from '../../services/principal.ts';
import type { CallSource, ServerCall } from '../call/server-call.ts';
import { GRAPHQL_PATH } from './graphql-http.ts';
import { FrameReceiver, type WriteFrame } from './shared/frame-receiver.ts';

type Next = IteratorResult<ExecutionResult, undefined>;

const DONE: Next = { done: true, value: undefined };

/** One operation of a WebSocket: the source of its call, and the signal that its client has left it. */
export class SocketOperation implements CallSource, CallerSignal {
  readonly transport = 'websocket';
  readonly api = 'graphql';
  readonly method = 'SUBSCRIBE';
  readonly path = GRAPHQL_PATH;
  readonly isProbe = false;
  /** As its client has named it. */
  readonly id: string;
  /** Takes the results that are shared with other operations. */
  readonly receiver: FrameReceiver;
  /** Set as soon as the pipeline has opened the call. */
  call: ServerCall | undefined;
  /** HTTP status that comes closest to its outcome. */
  status = 200;
  aborted = false;
  /** Whether it is a subscription that has begun, and ends only when it is told to. */
  isStream = false;
  /** Whose the socket is. */
  readonly session: { readonly principal: Principal };
  readonly #req: IncomingMessage;
  readonly #traceparent: string | undefined;
  #listeners: (() => void)[] = [];

  /**
   * @param req the request that became the WebSocket
   * @param principal whose the socket is now
   * @param traceparent what the operation, or the connection, says of its trace
   */
  constructor(
    id: string,
    req: IncomingMessage,
    principal: Principal,
    writeFrame: WriteFrame,
    traceparent?: string,
  ) {
    this.id = id;
    this.receiver = new FrameReceiver(id, writeFrame);
    this.session = { principal };
    this.#req = req;
    this.#traceparent = traceparent;
  }

  get peerAddress(): string | undefined {
    return this.#req.socket.remoteAddress;
  }

  get signal(): CallerSignal {
    return this;
  }

  header(name: string): string | undefined {
    if (name === 'traceparent' && this.#traceparent !== undefined) return this.#traceparent;
    const value = this.#req.headers[name];
    const text = Array.isArray(value) ? value.join(', ') : value;
    // Each operation has an id of its own, which tells the socket that it came over.
    return name === 'x-request-id' && text !== undefined ? `${text}.${this.id}` : text;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  /** The client wants no answer any more. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /**
   * The result of a query or mutation as a stream, which a client can end while it runs: graphql-ws
   * tells only streams that they are no longer wanted.
   *
   * @param send sends a large result past the stream, which then yields none: graphql-ws would write
   *   it in one turn of the event loop
   */
  stream(
    run: () => Promise<ExecutionResult>,
    send: (result: ExecutionResult) => Promise<void>,
  ): AsyncIterableIterator<ExecutionResult, undefined> {
    let state: 'waiting' | 'running' | 'done' = 'waiting';
    const end = (): Promise<Next> => {
      if (state !== 'done') this.abort();
      state = 'done';
      return Promise.resolve(DONE);
    };
    const stream: AsyncIterableIterator<ExecutionResult, undefined> = {
      next: async () => {
        if (state !== 'waiting') return DONE;
        state = 'running';
        const value = await run();
        // Whoever has left it meanwhile is told nothing more.
        if (this.aborted) return DONE;
        const isSent = isLarge(value);
        if (isSent) await send(value);
        state = 'done';
        if (isSent) return DONE;
        return { done: false, value };
      },
      return: end,
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }
}
