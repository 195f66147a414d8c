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

/**
 * Reads a body straight from the socket, without a web stream around it. No more than `maxBytes` is
 * held: what comes after it is discarded, so that the client can read the refusal.
 *
 * @param bodies all that are being received
 * @param events told of what becomes of it, without a promise of its own for each step
 * @throws {ServiceError} `PAYLOAD_TOO_LARGE`, `BAD_USER_INPUT` where the client aborted the request, or what
 *   `bodies` drops it with
 */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
  bodies: ReceivedBodies,
  events: BodyEvents,
): Promise<Buffer> {
  if (declaresTooLarge(req, maxBytes)) {
    req.resume();
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const refuse = (error: ServiceError): void => {
      chunks.length = 0;
      req.off('data', onData);
      req.resume();
      events.refused(error);
      reject(error);
    };
    const reception = bodies.begin(refuse);
    const onData = (chunk: Buffer): void => {
      if (reception.bytes + chunk.length > maxBytes) {
        bodies.end(reception);
        refuse(tooLarge(maxBytes));
      } else if (bodies.grow(reception, chunk.length)) chunks.push(chunk);
    };
    req.on('data', onData);
    // Both come once at most; `once` would wrap them to make sure.
    req.on('end', () => {
      bodies.end(reception);
      const [only] = chunks;
      try {
        events.received();
      } catch (thrown) {
        reject(toServiceError(thrown));
        return;
      }
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    });
    req.on('close', () => {
      bodies.end(reception);
      // Every request closes in the end; an error costs its stack trace.
      if (!req.complete) reject(badInput('The request was aborted before its body was complete.'));
    });
  });
}

const JSON_MEDIA_TYPE = /^application\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i;

/**
 * Checks that the body is announced as JSON, not compressed. Requiring it also keeps other sites
 * from posting here with a plain form, which browsers send without asking.
 *
 * @param others further media types that the route takes, as the message names them
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireJson(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  others = '',
): void {
  if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType.trimStart())) {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must be sent as Content-Type: application/json${others}.`,
    );
  }
  refuseCompressed(contentEncoding);
}

/**
 * Refuses a body that is compressed.
 *
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`
 */
export function refuseCompressed(contentEncoding: string | undefined): void {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'A compressed body (Content-Encoding) is not supported.',
    );
  }
}

/** A body that is larger than it may be. */
export function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than ${maxBytes} bytes; send less at a time.`,
    { details: { maxBytes }, limit: 'MAX_BODY_BYTES' },
  );
}
