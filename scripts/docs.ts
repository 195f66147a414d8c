import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SETTINGS } from '../src/config.ts';
import { ERRORS } from '../src/errors.ts';

/**
 * Writes the generated tables of the documentation between their marks. `--check` only tells
 * whether they are up to date.
 */

const root = path.join(import.meta.dirname, '..');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The generated tables by the name of their mark. */
export const TABLES: Readonly<Record<string, () => string>> = {
  settings: () =>
    table(
      ['variable', 'default', 'meaning'],
      Object.values(SETTINGS).map(({ env, fallback, about }) => [
        `\`${env}\``,
        fallback === null ? '' : `\`${fallback}\``,
        about,
      ]),
    ),
  errors: () =>
    table(
      ['code', 'HTTP status', 'retry', 'meaning'],
      Object.entries(ERRORS).map(([code, { status, retryable, summary }]) => [
        `\`${code}\``,
        String(status),
        retryable ? 'yes' : 'no',
        summary,
      ]),
    ),
};

/** Files with generated tables. */
export const DOCUMENTS = ['README.md', 'docs/configuration.md', 'docs/errors.md'];

/** The text of a document with its generated tables brought up to date. */
export function render(text: string): string {
  return text.replaceAll(
    /<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g,
    (whole, name: string) => {
      const make = TABLES[name];
      if (!make) return whole;
      const lines = ['<!-- prettier-ignore-start -->', make(), '<!-- prettier-ignore-end -->'];
      return `<!-- generated:${name} -->\n${lines.join('\n\n')}\n<!-- /generated -->`;
    },
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const document of DOCUMENTS) {
    const file = path.join(root, document);
    const text = readFileSync(file, 'utf8');
    if (render(text) !== text) writeFileSync(file, render(text));
  }
}
