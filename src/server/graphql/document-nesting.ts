const QUOTE = 0x22;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BLOCK = '"""';

/** Opening brackets: `(`, `[` and `{`. */
const OPENING = new Set([0x28, 0x5b, 0x7b]);

/** Closing brackets: `)`, `]` and `}`. */
const CLOSING = new Set([0x29, 0x5d, 0x7d]);

/**
 * Deepest nesting of brackets in the text of a GraphQL document; those in strings and comments do
 * not count.
 */
export function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(code)) depth--;
    else if (code === QUOTE) at = endOfString(text, at);
    else if (code === HASH) at = endOfLine(text, at);
  }
  return deepest;
}

/** @returns where the last quote of the string stands, or the end of the text */
function endOfString(text: string, start: number): number {
  if (text.startsWith(BLOCK, start)) {
    let end = text.indexOf(BLOCK, start + BLOCK.length);
    while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) end = text.indexOf(BLOCK, end + 1);
    return end === -1 ? text.length : end + BLOCK.length - 1;
  }
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE || code === NEWLINE || code === RETURN) return at;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) return at;
  }
  return text.length;
}
