import { badInput } from '../errors.ts';
import { parseExactJson } from '../json/exact-json.ts';

/** Tells where the JSON of a body ends and the bytes of its tensors begin. */
export const HEADER_LENGTH = 'Inference-Header-Content-Length';

/** A body of the binary tensor data extension: JSON, and the bytes that follow it. */
export interface InferBody {
  readonly json: Buffer;
  readonly binary: Buffer;
}

/**
 * Divides a body.
 *
 * @param headerLength the header {@link HEADER_LENGTH}; without it the whole body is JSON
 * @throws {ServiceError} `BAD_USER_INPUT` where it is no whole number, or more than there is
 */
export function divideBody(body: Buffer, headerLength: string | undefined): InferBody {
  if (headerLength === undefined) return { json: body, binary: body.subarray(body.length) };
  const text = headerLength.trim();
  const length = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (length < 0 || length > body.length) {
    throw badInput(
      `The header ${HEADER_LENGTH} must be a whole number from 0 to ${body.length}, the length of the body.`,
    );
  }
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}

/**
 * Parses the JSON of an answer; whole numbers beyond 2^53 become bigints, bare names of numbers that are
 * not finite become texts.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function parseBody(json: Buffer): unknown {
  try {
    const from = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0;
    return parseExactJson(json.subarray(from));
  } catch {
    throw badInput('The body is not valid JSON.');
  }
}

/** Deals out the bytes after the JSON to the tensors, in their order. */
export class BinaryReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Takes the bytes of the next tensor.
   *
   * @param what names the tensor in messages: `Input "x"`
   * @throws {ServiceError} `BAD_USER_INPUT` where fewer are left
   */
  take(what: string, size: number): Buffer {
    const left = this.#bytes.length - this.#at;
    if (size > left) {
      throw badInput(`${what} announces ${size} bytes of binary data; ${left} are left.`);
    }
    return this.#bytes.subarray(this.#at, (this.#at += size));
  }

  /**
   * Holds that all bytes were taken.
   *
   * @throws {ServiceError} `BAD_USER_INPUT`
   */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) {
      throw badInput(`The body has ${left} bytes that belong to no tensor.`);
    }
  }
}
