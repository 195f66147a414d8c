import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CallSource, ServerCall } from '../call/server-call.ts';
import type { HttpAnswer } from './exchange.ts';
import { writeRefusal } from './raw-answer.ts';
import { readTarget } from './request-target.ts';

/** A request to make a WebSocket of its connection. */
export class UpgradeExchange implements CallSource {
  readonly transport = 'websocket';
  readonly api = 'graphql';
  readonly method = 'GET';
  readonly path: string;
  readonly isProbe = false;
  readonly isUpgrade = true;
  readonly signal = undefined;
  /** Set as soon as the pipeline has opened the call. */
  call: ServerCall | undefined;
  readonly #req: IncomingMessage;
  readonly #socket: Duplex;
  readonly #baseHeaders: readonly string[];

  /** @param baseHeaders headers of every answer, as a flat list of names and values */
  constructor(req: IncomingMessage, socket: Duplex, baseHeaders: readonly string[]) {
    this.#req = req;
    this.#socket = socket;
    this.#baseHeaders = baseHeaders;
    this.path = pathOf(req);
  }

  get search(): string {
    return this.#req.url?.slice(this.path.length + 1) ?? '';
  }

  get rawHeaders(): readonly string[] {
    return this.#req.rawHeaders;
  }

  get peerAddress(): string | undefined {
    return this.#req.socket.remoteAddress;
  }

  header(name: string): string | undefined {
    const value = this.#req.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Answers with a refusal and closes the connection. */
  refuse(answer: HttpAnswer): void {
    writeRefusal(this.#socket, answer, this.call, this.#baseHeaders);
  }
}

function pathOf(req: IncomingMessage): string {
  try {
    return readTarget(req);
  } catch {
    return req.url ?? '/';
  }
}
