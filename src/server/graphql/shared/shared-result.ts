import { textFrame } from './text-frame.ts';

/** One result of a shared stream, serialised once for all who get it. */
export class SharedResult {
  readonly #end: Buffer;
  #last: { id: string; frame: Buffer } | undefined;

  /** @param json the result as GraphQL over WebSocket sends it in `payload` */
  constructor(json: string) {
    this.#end = Buffer.from(`,"type":"next","payload":${json}}`);
  }

  /**
   * The WebSocket frame of the message `next` for an operation. Clients that count their operations
   * all have the same ids and share one buffer; with random ids only bytes are copied.
   *
   * @param start the message up to its id, see {@link messageStart}
   */
  frameFor(id: string, start: Uint8Array): Buffer {
    if (this.#last?.id !== id) this.#last = { id, frame: textFrame(start, this.#end) };
    return this.#last.frame;
  }
}

/** The beginning of every message about an operation. */
export function messageStart(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)}`);
}
