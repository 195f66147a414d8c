import { toBytesElement } from '../../tensor/bytes-element.ts';
import type { BytesElement } from '../../tensor/tensor.ts';

/**
 * ONNX Runtime holds strings as bytes of any kind, but its binding for Node only takes texts, and
 * ends them at the first NUL. NULs and bytes that are no UTF-8 go through it escaped: one character of the last private plane for each, as
 * Python's `surrogateescape` does with surrogates (which the binding would replace).
 */

/** Stands for the byte 0; the next 255 for the others. Ends where Unicode does. */
const FIRST_ESCAPE = 0x10ff00;

const ESCAPES = /[\u{10ff00}-\u{10ffff}]/u;

/** What cannot stand for itself. */
const SPECIAL = /[\0\u{10ff00}-\u{10ffff}]/u;

/** Whether a tensor has elements that the binding would not carry as they are. */
export function needsEscape(elements: readonly BytesElement[]): boolean {
  return elements.some((element) => typeof element !== 'string' || element.includes('\0'));
}

/** An element as text. Texts with characters that are escapes themselves are escaped too. */
export function escapeElement(element: BytesElement): string {
  if (typeof element === 'string' && !SPECIAL.test(element)) return element;
  const bytes = Buffer.from(element as string);
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const part = length > 0 ? bytes.toString('utf8', at, at + length) : '';
    if (length > 0 && !SPECIAL.test(part)) text += part;
    else for (const byte of bytes.subarray(at, at + (length || 1))) text += escapeByte(byte);
    at += length || 1;
  }
  return text;
}

/** What {@link escapeElement} made a text of. */
export function unescapeElement(text: string): BytesElement {
  if (!ESCAPES.test(text)) return text;
  const parts: Buffer[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    parts.push(point >= FIRST_ESCAPE ? Buffer.of(point - FIRST_ESCAPE) : Buffer.from(character));
  }
  return toBytesElement(Buffer.concat(parts));
}

const escapeByte = (byte: number): string => String.fromCodePoint(FIRST_ESCAPE + byte);

/** Bytes of the valid UTF-8 sequence at a place; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const sequence = bytes.subarray(at, at + length);
  return typeof toBytesElement(sequence) === 'string' ? length : 0;
}
