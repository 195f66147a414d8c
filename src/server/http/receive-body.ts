import type { IncomingMessage } from 'node:http';
import { badInput, type ServiceError, toServiceError } from '../../errors.ts';
import type { ReceivedBodies } from './received-bodies.ts';
import { type BodyEvents, declaresTooLarge, tooLarge } from './request-body.ts';

/** Takes a body as it comes. */
export interface BodySink<Result> {
  /**
   * Takes a part of it.
   *
   * @throws {ServiceError} to refuse it; what is left of it is discarded
   */
  take(chunk: Buffer): void;
  /** All of it has come. */
  end(): Promise<Result>;
}

/**
 * Passes a body on as it comes, no more than `maxBytes` of it: what comes after is discarded, so that
 * the client can read the refusal.
 *
 * @param bodies all that are being received
 * @param events told of what becomes of it
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
    req.once('end', () => {
      bodies.end(reception);
      if (!open) return;
      try {
        events.received();
        resolve(open.end());
      } catch (thrown) {
        reject(toServiceError(thrown));
      }
    });
    req.once('close', () => {
      bodies.end(reception);
      if (!req.complete) reject(badInput('The request was aborted before its body was complete.'));
    });
  });
}
