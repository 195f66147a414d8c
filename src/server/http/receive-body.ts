import type { IncomingMessage } from 'node:http';
import { badInput, ServiceError, toServiceError } from '../../errors.ts';
import type { ReceivedBodies } from './received-bodies.ts';

const DIGITS = /^\d+$/;

/**
 * Whether the request says itself that its body is larger than `maxBytes`.
 */
export function declaresTooLarge(req: IncomingMessage, maxBytes: number): boolean {
  const declared = req.headers['content-length'];
  return declared !== undefined && DIGITS.test(declared) && Number(declared) > maxBytes;
}

/** What becomes of a body. */
export interface BodyEvents {
  /**
   * It is there.
   *
   * @throws {ServiceError} to refuse the request
   */
  received(): void;
  /** It is refused while it comes. */
  refused(error: ServiceError): void;
}

/** Takes a body as it comes. */
export interface BodySink<Result> {
  /**
   * Takes a part of it.
   *
   * @throws {ServiceError} to refuse it; what is left of it is discarded
   */
  take(chunk: Buffer): void;
  /** All of it has come. */
  end(): Result | Promise<Result>;
}

/**
 * Passes a body on as it comes, without a web stream around the socket. No more than `maxBytes` are
 * taken: what comes after them is discarded, so that the client can read the refusal.
 *
 * @param bodies all that are being received
 * @param events told of what becomes of it, without a promise of its own for each step
 * @throws {ServiceError} `PAYLOAD_TOO_LARGE`, `BAD_USER_INPUT` where the client aborted the request, what
 *   `bodies` drops it with, or what the sink throws
 */
export function receiveBody<Result>(
  req: IncomingMessage,
  maxBytes: number,
  bodies: ReceivedBodies,
  sink: BodySink<Result>,
  events: BodyEvents,
): Promise<Result> {
  if (declaresTooLarge(req, maxBytes)) {
    req.resume();
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    // What a refused body has filled is given up with it.
    let open: BodySink<Result> | undefined = sink;
    const refuse = (error: ServiceError): void => {
      open = undefined;
      bodies.end(reception);
      req.off('data', onData);
      req.resume();
      events.refused(error);
      reject(error);
    };
    const reception = bodies.begin(refuse);
    const onData = (chunk: Buffer): void => {
      if (reception.bytes + chunk.length > maxBytes) {
        refuse(tooLarge(maxBytes));
      } else if (bodies.grow(reception, chunk.length)) {
        try {
          open?.take(chunk);
        } catch (thrown) {
          refuse(toServiceError(thrown));
        }
      }
    };
    req.on('data', onData);
    // Both come once at most; `once` would wrap them to make sure.
    req.on('end', () => {
      bodies.end(reception);
      if (!open) return;
      try {
        events.received();
        resolve(open.end());
      } catch (thrown) {
        reject(toServiceError(thrown));
      }
    });
    req.on('close', () => {
      bodies.end(reception);
      // Every request closes in the end; an error costs its stack trace.
      if (!req.complete) reject(badInput('The request was aborted before its body was complete.'));
    });
  });
}

/**
 * Reads a whole body.
 *
 * @throws {ServiceError} what {@link receiveBody} throws
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  bodies: ReceivedBodies,
  events: BodyEvents,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink: BodySink<Buffer> = {
    take: (chunk) => void chunks.push(chunk),
    end() {
      const [only] = chunks;
      return chunks.length === 1 && only ? only : Buffer.concat(chunks);
    },
  };
  return receiveBody(req, maxBytes, bodies, sink, events);
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than ${maxBytes} bytes; send less at a time.`,
    { details: { maxBytes }, limit: 'MAX_BODY_BYTES' },
  );
}
