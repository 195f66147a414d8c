import type { BytesElement } from './tensor.ts';

/** A mark at the beginning is part of the bytes, and must be there again on the way out. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes as an element of a BYTES tensor: the text where they are UTF-8, else a copy of them. */
export function toBytesElement(bytes: Uint8Array): BytesElement {
  try {
    return strict.decode(bytes);
  } catch {
    return Uint8Array.from(bytes);
  }
}

/** An element as text; what is no UTF-8 in it becomes U+FFFD. */
export function textOf(element: BytesElement): string {
  return typeof element === 'string' ? element : lenient.decode(element);
}

/** Whether two elements are the same bytes. */
export function areElementsEqual(
  a: BytesElement | undefined,
  b: BytesElement | undefined,
): boolean {
  if (typeof a === 'string' || typeof b === 'string' || !a || !b) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
