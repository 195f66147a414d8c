/** First byte of a whole text message (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;

/** Largest payload whose length stands in the second byte; the next two values announce more. */
const MAX_SHORT = 125;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const MAX_TWO_BYTES = 0xffff;

/** A text, in two parts of UTF-8, as a whole and unmasked WebSocket frame, as servers send them. */
export function textFrame(start: Uint8Array, end: Uint8Array): Buffer {
  const length = start.length + end.length;
  const head = length <= MAX_SHORT ? 2 : length <= MAX_TWO_BYTES ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = FINAL_TEXT;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(start, head);
  frame.set(end, head + start.length);
  return frame;
}
