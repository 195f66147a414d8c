import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments, parse, stringify } from 'yaml';

/**
 * Renders the Helm chart without Helm: `helm-render/main.go` executes its templates as Helm does.
 * Run as a script, it writes the chart's rules and the plain manifest of `deploy/kubernetes/`.
 */

const root = path.join(import.meta.dirname, '..');

/** Folder of the chart. */
export const CHART = path.join(root, 'deploy/helm/ml-inference-api');

/** The plain manifest that is rendered from the chart. */
export const MANIFEST = path.join(root, 'deploy/kubernetes/ml-inference-api.yaml');

/** Debian's packages are sources below this folder. */
const GO_ENVIRONMENT = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' };

/** An object of Kubernetes. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** The values that the chart brings. */
export function defaultValues(): Values {
  return parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8')) as Values;
}

/** Lays values over others as Helm does: objects are merged, everything else is replaced. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = isObject(value) && isObject(below) ? mergeValues(below, value) : value;
  }
  return merged;
}

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Compiles the renderer, once for each change of it. */
function renderer(): string {
  const source = path.join(root, 'scripts/helm-render/main.go');
  const folder = path.join(os.tmpdir(), `ml-inference-helm-${process.getuid?.() ?? 0}`);
  const binary = path.join(folder, `render-${Math.round(statSync(source).mtimeMs)}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  execFileSync('go', ['build', '-o', binary, source], {
    env: { ...process.env, ...GO_ENVIRONMENT, GOCACHE: path.join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return binary;
}

/**
 * Renders the chart.
 *
 * @param values over those of the chart
 * @returns text by the name of its template
 * @throws {Error} with what a template says of values that do not fit
 */
export function renderChart(
  values: Values = {},
  release: { readonly name?: string; readonly namespace?: string } = {},
): Record<string, string> {
  const { name, version, appVersion } = parse(
    readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8'),
  ) as Record<string, string>;
  const input = JSON.stringify({
    Folder: CHART,
    Chart: { Name: name, Version: version, AppVersion: appVersion },
    Release: {
      Name: release.name ?? 'ml-inference-api',
      Namespace: release.namespace ?? 'default',
      Service: 'Helm',
    },
    Values: mergeValues(defaultValues(), values),
  });
  const output = execFileSync(renderer(), { input, stdio: ['pipe', 'pipe', 'pipe'] });
  return JSON.parse(output.toString()) as Record<string, string>;
}

/** The objects of rendered templates. */
export function objectsOf(rendered: Readonly<Record<string, string>>): KubernetesObject[] {
  return Object.entries(rendered).flatMap(([name, text]) =>
    parseAllDocuments(text).flatMap((document) => {
      if (document.errors[0]) throw new Error(`${name}: ${document.errors[0].message}`);
      const content = document.toJS() as KubernetesObject | null;
      return content === null ? [] : [content];
    }),
  );
}

/** The plain manifest: what the chart makes of its own values. */
export function plainManifest(): string {
  const texts = Object.entries(renderChart())
    .filter(([, text]) => text.trim() !== '')
    .map(([, text]) => text.replaceAll(/^ +#.*\n/gm, '').trim())
    // Such an object belongs to Helm where Helm made it, and to nobody here.
    .map((text) =>
      text.replaceAll(/^ +(?:app\.kubernetes\.io\/managed-by|helm\.sh\/chart):.*\n/gm, ''),
    );
  return `# Rendered from deploy/helm/ml-inference-api by \`npm run manifests\`; change the chart instead.\n---\n${texts.join('\n---\n')}\n`;
}

/** Folder of the rules of Prometheus. */
const RULES = path.join(root, 'deploy/observability/rules');

/** The chart's template of the rules: those of `deploy/observability/rules`. */
export const RULES_TEMPLATE = path.join(CHART, 'templates/_rules.tpl');

/** The rules that are shipped for Prometheus. */
export function shippedRules(): { readonly groups: readonly object[] } {
  const files = ['recording.yml', 'alerts.yml', 'drift.yml'];
  return {
    groups: files.flatMap((file) => {
      const { groups } = parse(readFileSync(path.join(RULES, file), 'utf8')) as {
        groups: object[];
      };
      return groups;
    }),
  };
}

/** The text of {@link RULES_TEMPLATE}: what Prometheus fills in itself is no template of the chart. */
export function rulesTemplate(): string {
  const text = stringify(shippedRules(), { lineWidth: 0 })
    .replaceAll('{{', '{{ "{{" }}')
    .replaceAll('job="ml-inference-api"', 'job="{{ include "ml-inference-api.name" . }}"');
  return [
    '{{- /* Made of deploy/observability/rules by `npm run manifests`. */ -}}',
    '{{- define "ml-inference-api.rules" -}}',
    text.trimEnd(),
    '{{- end -}}',
    '',
  ].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(RULES_TEMPLATE, rulesTemplate());
  writeFileSync(MANIFEST, plainManifest());
}
