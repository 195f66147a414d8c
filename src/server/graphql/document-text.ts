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

/** What the text of a GraphQL document tells before it is parsed. */
export interface DocumentText {
  /** Deepest nesting of brackets. */
  readonly nesting: number;
  /** Characters of the longest name, keyword or number. */
  readonly longestWord: number;
}

/** Reads the text of a GraphQL document; what stands in strings and comments does not count. */
export function readDocumentText(text: string): DocumentText {
  let depth = 0;
  let nesting = 0;
  let longestWord = 0;
  let wordStart = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isWordCharacter(code)) {
      if (wordStart === -1) wordStart = at;
      continue;
    }
    if (wordStart !== -1) longestWord = Math.max(longestWord, at - wordStart);
    wordStart = -1;
    if (OPENING.has(code)) nesting = Math.max(nesting, ++depth);
    else if (CLOSING.has(code)) depth--;
    else if (code === QUOTE) at = endOfString(text, at);
    else if (code === HASH) at = endOfLine(text, at);
  }
  if (wordStart !== -1) longestWord = Math.max(longestWord, text.length - wordStart);
  return { nesting, longestWord };
}

/** Letters, digits and the underscore. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f
  );
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
