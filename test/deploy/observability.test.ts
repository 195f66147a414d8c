import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardJson, DASHBOARD_FOLDER } from '../../scripts/dashboards.ts';
import { DASHBOARDS } from '../../scripts/dashboards/definitions.ts';
import { PrometheusServer, skipsPrometheus } from '../support/prometheus.ts';
import { type RunningApp, runApp } from '../support/running-app.ts';

const FOLDER = path.join(import.meta.dirname, '../../deploy/observability');
const OPERATIONS = path.join(import.meta.dirname, '../../docs/operations.md');

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: { readonly runbook_url?: string };
}

const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');

const rulesOf = (file: string): readonly Rule[] =>
  (parse(read(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

const panels = readdirSync(DASHBOARD_FOLDER).flatMap((file) =>
  (JSON.parse(readFileSync(path.join(DASHBOARD_FOLDER, file), 'utf8')) as Dashboard).panels.flatMap(
    ({ title, targets }) => targets.map(({ expr }) => ({ file, title, expr })),
  ),
);

/** Anchors that GitHub gives the headings of a document. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    ),
  );
}

describe('what is shipped for Prometheus and Grafana', () => {
  it.each(DASHBOARDS.map((dashboard) => [dashboard.uid, dashboard] as const))(
    'has the dashboard %s as it is defined',
    async (uid, dashboard) => {
      const file = readFileSync(path.join(DASHBOARD_FOLDER, `${uid}.json`), 'utf8');
      expect(file).toBe(await dashboardJson(dashboard));
    },
  );

  it.each(rulesOf('rules/alerts.yml').map((rule) => [rule.alert, rule] as const))(
    'tells for %s what to do',
    (_name, { annotations }) => {
      const [file, anchor] = annotations?.runbook_url?.split('#') ?? [];
      expect(file).toBe('docs/operations.md');
      expect(anchorsOf(readFileSync(OPERATIONS, 'utf8'))).toContain(anchor);
    },
  );

  it.each(['alerts', 'drift'])('has a test for each of %s', (name) => {
    const tests = read(`rules/${name}.test.yml`);
    for (const { alert } of rulesOf(`rules/${name}.yml`)) {
      expect(tests).toMatch(new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:`));
    }
  });
});

describe.skipIf(skipsPrometheus())('a real Prometheus', () => {
  let app: RunningApp;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    app = await runApp({ defaultModel: 'banking77', maxBodyBytes: 20_000 });
    prometheus = await PrometheusServer.start(`127.0.0.1:${app.port}`);
    // Drift is told of once there is enough to hold against the reference.
    for (let part = 0; part < 6; part++) {
      const inputs = Array.from({ length: 100 }, (_, i) => `Where is card ${part * 100 + i}?`);
      await app.post('/predict/batch', { inputs });
    }
    // A metric that has just come up has no rate: the load goes on over several scrapes.
    const scrapes = async () =>
      (await prometheus.query('count_over_time(up{job="ml-inference-api"}[1m])'))[0]
        ?.values[0]?.[1] ?? 0;
    for (let turn = 0; (await scrapes()) < 8; turn++) {
      await Promise.all(
        ['Where is my card?', `Where is card ${turn}?`].map((input) =>
          app.post('/predict', { input }),
        ),
      );
      await app.post('/predict/batch', { inputs: ['a', 'b', `c ${turn}`] });
      await app.post('/predict', { input: { features: { age: turn } } });
      await app.graphql(
        'mutation ($text: String!) { predict(input: { text: $text }) { prediction } }',
        { text: `By GraphQL ${turn}` },
      );
    }
  });

  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await app.stop();
  });

  it.each(panels.map((panel) => [`${panel.file}: ${panel.title}`, panel.expr] as const))(
    'has data for the panel %s',
    async (_title, expr) => {
      const series = await prometheus.query(expr);
      expect(series.length, expr).toBeGreaterThan(0);
      const values = series.flatMap((each) => each.values.map(([, value]) => value));
      expect(values.some(Number.isFinite), expr).toBe(true);
    },
  );

  it.each(rulesOf('rules/recording.yml').map((rule) => [rule.record, rule] as const))(
    'records %s',
    async (record, { expr }) => {
      expect((await prometheus.query(expr)).length, expr).toBeGreaterThan(0);
      expect((await prometheus.query(record ?? '')).length).toBeGreaterThan(0);
    },
  );

  it.each(rulesOf('rules/alerts.yml').map((rule) => [rule.alert, rule] as const))(
    'has what %s looks at, and nothing to complain of',
    async (_name, { expr }) => {
      expect(await prometheus.query(expr)).toEqual([]);
      // Errors of one code appear with the first of them: what they are counted by is there.
      const names = new Set(expr.match(/\b(?:\w+:)?(?:ml_inference|nodejs)\w+(?::\w+)?|\bup\b/g));
      expect(names.size).toBeGreaterThan(0);
      for (const name of names) {
        expect((await prometheus.query(name)).length, name).toBeGreaterThan(0);
      }
    },
  );

  it.each([
    ['as text', { accept: 'text/plain' }],
    ['as OpenMetrics', { accept: 'application/openmetrics-text' }],
  ])('finds nothing wrong with the metrics %s', async (_how, headers) => {
    const { text, status } = await app.get('/metrics/prometheus', headers);
    expect(status).toBe(200);
    // promtool reads the older format only; the newer differs in its end mark and exemplars.
    if (text.endsWith('# EOF\n')) return;
    const complaints = execFileSync('promtool', ['check', 'metrics'], { input: text }).toString();
    expect(complaints).toBe('');
  });

  it.each(['alerts', 'drift'])(
    'raises each of %s on what it is meant for, and only on that',
    (name) => {
      const rules = path.join(FOLDER, `rules/${name}.test.yml`);
      expect(execFileSync('promtool', ['test', 'rules', rules]).toString()).toContain('SUCCESS');
    },
  );

  it('accepts the shipped configuration', () => {
    const output = execFileSync('promtool', ['check', 'config', `${FOLDER}/prometheus.yml`]);
    expect(output.toString()).toContain('SUCCESS');
  });
});
