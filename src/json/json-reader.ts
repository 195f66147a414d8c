import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { badInput } from '../errors.ts';
import { parseExactInTurns } from './exact-json.ts';
import { type JsonLimits, JsonScanner } from './json-scan.ts';

/** Bodies of more bytes are read in several turns of the event loop. */
const LARGE = 131_072;

/** Reads JSON bodies within limits. */
export class JsonReader {
  readonly #scanner: JsonScanner;

  constructor(limits: JsonLimits) {
    this.#scanner = new JsonScanner(limits);
  }

  /**
   * Parses a body; a large one gives way to others between the steps.
   *
   * @throws {ServiceError} `BAD_USER_INPUT` for what is no JSON, `JSON_TOO_COMPLEX`
   */
  parse(body: Buffer): unknown {
    if (body.length > LARGE) return this.#parseInTurns(body);
    this.#check(body);
    return parseText(toText(body));
  }

  /**
   * Parses a body; whole numbers beyond 2^53 become bigints.
   *
   * @throws {ServiceError} `BAD_USER_INPUT` for what is no JSON, `JSON_TOO_COMPLEX`
   */
  async parseExact(given: Buffer): Promise<unknown> {
    const body = given.subarray(markLength(given));
    const { words } = this.#check(body);
    if (body.length > LARGE) await nextTurn();
    if (words.length === 0) {
      const parsed = parseText(toText(body));
      if (body.length > LARGE) await nextTurn();
      return parsed;
    }
    try {
      return await parseExactInTurns(body, words);
    } catch {
      throw invalid();
    }
  }

  /**
   * Holds a text against the limits, for those who parse it themselves.
   *
   * @throws {ServiceError} `JSON_TOO_COMPLEX`
   */
  check(bytes: Uint8Array): void {
    this.#scanner.scan(bytes);
  }

  async #parseInTurns(body: Buffer): Promise<unknown> {
    this.#check(body);
    await nextTurn();
    const text = toText(body);
    await nextTurn();
    const parsed = parseText(text);
    await nextTurn();
    return parsed;
  }

  #check(body: Buffer) {
    if (body.length === 0) throw badInput('The body is empty; a JSON object is expected.');
    if (!isUtf8(body)) throw badInput('The body is not valid UTF-8.');
    return this.#scanner.scan(body);
  }
}

function toText(body: Buffer): string {
  return body.toString('utf8', markLength(body));
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid();
  }
}

/** The parser's own message quotes the body, which may hold personal data. */
function invalid(): Error {
  return badInput('The body is not valid JSON.');
}

/** Some clients begin a text with the byte order mark, which is not JSON. */
function markLength(body: Buffer): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}
