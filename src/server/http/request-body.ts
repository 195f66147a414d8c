import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { badInput, ServiceError } from '../../errors.ts';

const DIGITS = /^\d+$/;

/**
 * Where a request keeps its body, which can be read once: whoever asks again gets the same one, or
 * the same refusal. (A WeakMap of requests makes every collection of garbage look at each of them.)
 */
const BODY = Symbol('body');

interface ReadableRequest extends IncomingMessage {
  [BODY]?: Promise<Buffer> | undefined;
}

/**
 * Whether the request says itself that its body is larger than `maxBytes`.
 */
export function declaresTooLarge(req: IncomingMessage, maxBytes: number): boolean {
  const declared = req.headers['content-length'];
  return declared !== undefined && DIGITS.test(declared) && Number(declared) > maxBytes;
}

/**
 * Reads a body straight from the socket, without a web stream around it. No more than `maxBytes` is
 * held: what comes after it is discarded, so that the client can read the refusal.
 *
 * @throws {ServiceError} `PAYLOAD_TOO_LARGE`, or `BAD_USER_INPUT` where the client broke off
 */
export function readBody(req: ReadableRequest, maxBytes: number): Promise<Buffer> {
  return (req[BODY] ??= readOnce(req, maxBytes));
}

function readOnce(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (declaresTooLarge(req, maxBytes)) {
    req.resume();
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) {
        chunks.length = 0;
        req.off('data', onData);
        req.resume();
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    };
    req.on('data', onData);
    // Both come once at most; `once` would wrap them to make sure.
    req.on('end', () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    });
    req.on('close', () => {
      // Every request closes in the end; an error costs its stack trace.
      if (!req.complete) reject(badInput('The request broke off before its body was complete.'));
    });
  });
}

/**
 * Parses a JSON body.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw badInput('The body is empty; a JSON object is expected.');
  if (!isUtf8(body)) throw badInput('The body is not valid UTF-8.');
  try {
    return JSON.parse(body.toString('utf8', startsWithMark(body) ? 3 : 0)) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold personal data.
    throw badInput('The body is not valid JSON.');
  }
}

/** Some clients begin a text with the byte order mark, which is not JSON. */
function startsWithMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

const JSON_MEDIA_TYPE = /^application\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i;

/**
 * Checks that the body is announced as JSON, not compressed. Requiring it also keeps other sites
 * from posting here with a plain form, which browsers send without asking.
 *
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireJson(
  contentType: string | undefined,
  contentEncoding: string | undefined,
): void {
  if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType.trimStart())) {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be sent as Content-Type: application/json.',
    );
  }
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'A compressed body (Content-Encoding) is not supported.',
    );
  }
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    'PAYLOAD_TOO_LARGE',
    `The body is larger than ${maxBytes} bytes; send less at a time.`,
    { details: { maxBytes } },
  );
}
