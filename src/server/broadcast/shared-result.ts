import { textFrame } from './text-frame.ts';

/** One result of a shared stream, serialised once for all who get it. */
export class SharedResult {
  readonly #json: string;
  readonly #frames = new Map<string, Buffer>();

  /** @param json the result as GraphQL over WebSocket sends it in `payload` */
  constructor(json: string) {
    this.#json = json;
  }

  /** The WebSocket frame of the message `next` for an operation; equal ids share one buffer. */
  frameFor(id: string): Buffer {
    let frame = this.#frames.get(id);
    if (!frame) {
      frame = textFrame(`{"id":${JSON.stringify(id)},"type":"next","payload":${this.#json}}`);
      this.#frames.set(id, frame);
    }
    return frame;
  }
}
