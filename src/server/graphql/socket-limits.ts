import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Config } from '../../config.ts';
import { toServiceError } from '../../errors.ts';
import type { CallCounters } from '../call/policies/call-metrics.ts';
import type { JsonReader } from '../../json/json-reader.ts';
import type { ReceivedBodies, Reception } from '../http/received-bodies.ts';

/** Close code of a server that cannot take more for now (registered with IANA). */
const TRY_AGAIN_LATER = 1013;

/** Longest reason of a closed socket, in bytes (RFC 6455, section 5.5). */
const MAX_REASON = 123;

/** Longest control frame, in bytes (RFC 6455, section 5.5). */
const CONTROL_FRAME = 131;

/** What {@link SocketLimits} needs. */
export interface SocketLimitsOptions {
  readonly config: Pick<Config, 'maxSocketMessagesPerSecond' | 'maxSocketBufferBytes'>;
  readonly bodies: ReceivedBodies;
  readonly json: JsonReader;
  readonly counters: Pick<CallCounters, 'limitReached'>;
}

/** What one WebSocket may send, and leave unread. */
export class SocketLimits {
  readonly #socket: WebSocket;
  readonly #options: SocketLimitsOptions;
  /** The message that is being received. */
  #reception: Reception | undefined;
  #second = 0;
  #messages = 0;

  /** @param connection what the frames come over */
  constructor(socket: WebSocket, connection: Duplex, options: SocketLimitsOptions) {
    this.#socket = socket;
    this.#options = options;
    // Before ws, which tells of a whole message while it is given its last bytes.
    connection.prependListener('data', (chunk: Buffer) => this.#grow(chunk.length));
    const endControl = () => {
      if (this.#reception && this.#reception.bytes <= CONTROL_FRAME) this.#end();
    };
    socket.on('ping', endControl);
    socket.on('pong', endControl);
  }

  /**
   * Takes a message. When a second's worth has come, the rest waits in the connection until the next
   * second.
   *
   * @returns whether it may be read; else the socket is being closed
   */
  take(data: Buffer): boolean {
    this.#end();
    this.#limitRate();
    try {
      this.#options.json.check(data);
      return true;
    } catch (thrown) {
      const { limit, message } = toServiceError(thrown);
      this.#close(CloseCode.BadRequest, message, limit);
      return false;
    }
  }

  /** Sends a message; a socket whose client reads too slowly for what it asks is closed. */
  send(data: string | Buffer): Promise<void> {
    const { config, counters } = this.#options;
    if (this.#socket.bufferedAmount > config.maxSocketBufferBytes) {
      if (this.#socket.readyState === this.#socket.OPEN) {
        counters.limitReached('MAX_SOCKET_BUFFER_BYTES');
      }
      this.#socket.terminate();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      // A client that has gone needs no answer; the close event does the rest.
      this.#socket.send(data, { binary: false }, () => resolve());
    });
  }

  /** The socket is closed. */
  close(): void {
    this.#end();
  }

  #grow(bytes: number): void {
    const { bodies } = this.#options;
    this.#reception ??= bodies.begin(({ limit, message }) => {
      this.#reception = undefined;
      this.#close(TRY_AGAIN_LATER, message, limit);
      // It may go on sending for as long as it does not answer.
      this.#socket.terminate();
    });
    bodies.grow(this.#reception, bytes);
  }

  #end(): void {
    if (this.#reception) this.#options.bodies.end(this.#reception);
    this.#reception = undefined;
  }

  #close(code: number, reason: string, limit: string | undefined): void {
    if (limit !== undefined) this.#options.counters.limitReached(limit);
    this.#socket.close(code, reason.slice(0, MAX_REASON));
  }

  #limitRate(): void {
    const { maxSocketMessagesPerSecond } = this.#options.config;
    const now = Math.floor(performance.now() / 1_000);
    if (now !== this.#second) {
      this.#second = now;
      this.#messages = 0;
    }
    if (++this.#messages < maxSocketMessagesPerSecond || this.#socket.isPaused) return;
    this.#socket.pause();
    const untilNext = (now + 1) * 1_000 - performance.now();
    setTimeout(() => this.#socket.resume(), untilNext).unref();
  }
}
