import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { SETTINGS, SETTINGS_BY_TOPIC } from '../src/config.ts';
import { ERRORS } from '../src/errors.ts';

/**
 * Writes the generated tables of the documentation between their marks. `--check` only tells
 * whether they are up to date.
 */

const root = path.join(import.meta.dirname, '..');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

interface ValueSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
}

/** Rows of the values of the chart: name, default, what its schema says. */
function chartRows(schema: ValueSchema, values: unknown, at = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const value = (values as Record<string, unknown> | undefined)?.[name];
    const about = (inner.description ?? '').replaceAll('|', '\\|');
    if (inner.properties) return chartRows(inner, value, `${at}${name}.`);
    const shown = value === undefined || value === '' ? '' : `\`${JSON.stringify(value)}\``;
    return [[`\`${at}${name}\``, shown, about]];
  });
}

/** Settings that nearly everybody looks for first. */
const MAIN_SETTINGS: ReadonlySet<string> = new Set([
  'PORT',
  'MODELS_DIR',
  'MODELS_URL',
  'LOG_LEVEL',
  'WORKERS_PER_MODEL',
  'REQUEST_TIMEOUT_MS',
  'MAX_BODY_BYTES',
  'REDIS_URL',
  'ACCESS_FILE',
  'JWT_ISSUER',
  'RATE_LIMIT',
  'CORS_ORIGIN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
]);

interface DocumentedSetting {
  readonly env: string;
  readonly fallback: string | null;
  readonly about: string;
}

const settingsTable = (settings: readonly DocumentedSetting[]): string =>
  table(
    ['variable', 'default', 'meaning'],
    settings.map(({ env, fallback, about }) => [
      `\`${env}\``,
      fallback === null ? '' : `\`${fallback}\``,
      about,
    ]),
  );

/** The generated tables by the name of their mark. */
export const TABLES: Readonly<Record<string, () => string>> = {
  settings: () =>
    Object.entries(SETTINGS_BY_TOPIC)
      .map(([topic, settings]) => `## ${topic}\n\n${settingsTable(Object.values(settings))}`)
      .join('\n\n'),
  mainSettings: () =>
    settingsTable(Object.values(SETTINGS).filter(({ env }) => MAIN_SETTINGS.has(env))),
  chart: () => {
    const chart = path.join(root, 'deploy/helm/ml-inference-api');
    const schema = JSON.parse(
      readFileSync(path.join(chart, 'values.schema.json'), 'utf8'),
    ) as ValueSchema;
    const values = parse(readFileSync(path.join(chart, 'values.yaml'), 'utf8')) as unknown;
    return table(['value', 'default', 'meaning'], chartRows(schema, values));
  },
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
export const DOCUMENTS = [
  'README.md',
  'docs/configuration.md',
  'docs/errors.md',
  'docs/kubernetes.md',
];

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
