import type { Duplex } from 'node:stream';
import { badInput, ServiceError } from '../../errors.ts';
import type { CallSource, ServerCall } from '../call/server-call.ts';
import type { HttpAnswer } from './exchange.ts';
import { writeRefusal } from './raw-answer.ts';

/** Bytes that make no HTTP request, or not in time: what can be said of the call all the same. */
export class UnreadableRequest implements CallSource {
  readonly transport = 'http';
  readonly api = 'rest';
  readonly method = '-';
  readonly path = '-';
  readonly isProbe = false;
  readonly signal = undefined;
  readonly #socket: Duplex & { readonly remoteAddress?: string | undefined };

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  get peerAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  header(): undefined {
    return undefined;
  }

  /** Answers, and closes the connection: where its next request would begin is not known. */
  refuse(call: ServerCall, answer: HttpAnswer, baseHeaders: readonly string[]): void {
    writeRefusal(this.#socket, answer, call, baseHeaders);
  }
}

/** What is wrong with a request that Node could not read. */
export function readFailure({ code }: NodeJS.ErrnoException): ServiceError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ServiceError('PAYLOAD_TOO_LARGE', 'The headers of the request are too long.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ServiceError('DEADLINE_EXCEEDED', 'The request did not come in time.');
  }
  return badInput('The request is not valid HTTP/1.1.');
}
