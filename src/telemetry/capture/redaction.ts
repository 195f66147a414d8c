/** What can be replaced in texts. */
export type RedactedPattern = 'email' | 'number';

/** What is left out of what is recorded. */
export interface Redaction {
  /** Columns whose values are never recorded. */
  readonly columns: readonly string[];
  readonly patterns: readonly RedactedPattern[];
}

/**
 * Bounded, so that no text makes them slow: an address of e-mail is looked for around each `@`, a
 * number from its first digit on. A number has four digits or more, in groups or not, as those of
 * cards, accounts and telephones.
 */
const PATTERNS: Readonly<Record<RedactedPattern, RegExp>> = {
  email: /[^\s@<>()[\]",;:]{1,64}@[^\s@<>()[\]",;:]{1,255}/gu,
  number: /\p{Nd}(?:[ ./-]?\p{Nd}){3,64}/gu,
};

/** A text without what the patterns match: `<email>`, `<number>` stand in its place. */
export function redactText(text: string, { patterns }: Redaction): string {
  let redacted = text;
  for (const name of patterns) {
    if (name === 'email' && !redacted.includes('@')) continue;
    redacted = redacted.replace(PATTERNS[name], `<${name}>`);
  }
  return redacted;
}

/** A row of columns without those that are never recorded, its texts redacted. */
export function redactRow(
  row: Readonly<Record<string, unknown>>,
  redaction: Redaction,
): Record<string, unknown> {
  const hidden = new Set(redaction.columns);
  const entries = Object.entries(row).filter(([name]) => !hidden.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' ? redactText(value, redaction) : value,
    ]),
  );
}
