import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startBrowser } from '../test/support/browser.ts';
import { PrometheusServer, type Series } from '../test/support/prometheus.ts';
import { type RunningApp, runApp } from '../test/support/running-app.ts';
import { DASHBOARD_FOLDER } from './dashboards.ts';

/**
 * Draws the panels of the Grafana dashboards for the documentation, docs/images/dashboard-*.png: a real
 * Prometheus scrapes a server that is in use, and answers the queries of the dashboards.
 */

const images = path.join(import.meta.dirname, '../docs/images');
const require = createRequire(import.meta.url);

/** Time that the server is used before the queries, in milliseconds. */
const TRAFFIC_MS = 75_000;

/** Time between two values, in seconds. */
const STEP = 2;

/** Lines of one panel; the others are left out, those with the largest values first. */
const MAX_LINES = 6;

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat?: string }[];
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
}

interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A panel with its lines, as the page draws it. */
interface Drawing {
  readonly title: string;
  readonly unit: string;
  readonly times: readonly number[];
  readonly lines: readonly {
    readonly label: string;
    readonly values: readonly (number | null)[];
  }[];
}

/** Uses the server in waves: single texts, batches, known and new ones, and some that are refused. */
async function use(app: RunningApp, until: AbortSignal): Promise<void> {
  for (let turn = 0; !until.aborted; turn++) {
    const wave = 0.5 + 0.5 * Math.sin(turn / 80);
    await app.post('/predict', { input: `Where is my card? ${turn % 60}` });
    if (turn % 4 === 0) {
      const input = { features: { island: 'Dream', bill_length_mm: 30 + (turn % 25) } };
      await app.post('/predict', { model: 'penguins', input });
    }
    if (turn % 10 === 0) {
      const inputs = Array.from({ length: 1 + (turn % 24) }, (_none, n) => `Question ${turn} ${n}`);
      await app.post('/predict/batch', { inputs });
    }
    if (turn % 45 === 0) await app.post('/predict', { input: { features: { age: 3 } } });
    if (turn % 60 === 0) {
      const inputs = Array.from({ length: 400 }, (_none, n) => `In no time ${turn} ${n}`);
      await app.post('/predict/batch', { inputs, options: { timeout_ms: 1 } });
    }
    if (turn % 30 === 0) {
      const text = `By GraphQL ${turn}`;
      const query = 'mutation ($text: String!) { predict(input: { text: $text }) { prediction } }';
      await app.graphql(query, { text });
    }
    await new Promise((resolve) => setTimeout(resolve, 10 + 50 * (1 - wave)));
  }
}

function legendOf(format: string | undefined, { metric }: Series): string {
  const text = (format ?? '').replace(/\{\{(\w+)\}\}/g, (_all, name: string) => metric[name] ?? '');
  return text || Object.values(metric).join(' ') || 'none';
}

async function drawingOf(
  prometheus: PrometheusServer,
  { title, targets, fieldConfig }: Panel,
  [start, end]: readonly [number, number],
): Promise<Drawing> {
  const times = Array.from(
    { length: Math.floor((end - start) / STEP) + 1 },
    (_none, n) => start + n * STEP,
  );
  const lines: Drawing['lines'][number][] = [];
  for (const { expr, legendFormat } of targets) {
    for (const series of await prometheus.range(expr, start, end, STEP)) {
      const values = new Map(series.values.map(([at, value]) => [Math.round(at), value]));
      const line = times.map((at) => values.get(Math.round(at)) ?? NaN);
      if (!line.some(Number.isFinite)) continue;
      lines.push({
        label: legendOf(legendFormat, series),
        values: line.map((value) => (Number.isFinite(value) ? value : null)),
      });
    }
  }
  if (lines.length === 0) throw new Error(`the panel "${title}" has no data`);
  const top = (line: (typeof lines)[number]) => Math.max(...line.values.map((value) => value ?? 0));
  lines.sort((a, b) => top(b) - top(a));
  return {
    title,
    times,
    unit: fieldConfig?.defaults?.unit ?? '',
    lines: lines.slice(0, MAX_LINES),
  };
}

const STYLE = `
  body { margin: 0; padding: 20px; width: 1160px; background: #fafafa; color: #17171a; font: 13px system-ui, sans-serif }
  h1 { margin: 0 0 14px; font-size: 18px }
  main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 14px }
  section { padding: 12px 14px; background: #fff; border: 1px solid #e6e6ea; border-radius: 10px; min-width: 0 }
  h2 { margin: 0 0 6px; font-size: 13px; font-weight: 600 }
  ul { display: flex; flex-wrap: wrap; gap: 2px 12px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 11px; color: #4c4c55; min-height: 30px; align-content: start }
  li::before { content: '■ '; color: var(--color) }`;

/** Draws in the page; runs there. */
function draw({ title, drawings }: { title: string; drawings: readonly Drawing[] }): void {
  const colors = ['#4f46e5', '#0891b2', '#d9468f', '#059669', '#e0930f', '#7c3aed'];
  const { uPlot } = globalThis as unknown as {
    uPlot: new (options: object, data: unknown, target: Element) => object;
  };
  const write = (value: number, unit: string): string => {
    if (unit === 'percentunit') return `${Number((value * 100).toPrecision(3))}%`;
    if (unit === 's') {
      return value < 1
        ? `${Number((value * 1000).toPrecision(3))} ms`
        : `${Number(value.toPrecision(3))} s`;
    }
    if (unit === 'bytes') return `${Math.round(value / 2 ** 20)} MiB`;
    const compact = new Intl.NumberFormat('en', { notation: 'compact' }).format(value);
    return unit === 'reqps' || unit === 'ops' ? `${compact}/s` : compact;
  };
  const heading = document.createElement('h1');
  heading.textContent = title;
  const main = document.createElement('main');
  document.body.append(heading, main);
  for (const drawing of drawings) {
    const end = drawing.times.at(-1) ?? 0;
    const section = document.createElement('section');
    const name = document.createElement('h2');
    name.textContent = drawing.title;
    const target = document.createElement('div');
    const legend = document.createElement('ul');
    drawing.lines.forEach(({ label }, n) => {
      const item = document.createElement('li');
      item.textContent = label;
      item.style.setProperty('--color', colors[n] ?? '#000');
      legend.append(item);
    });
    section.append(name, target, legend);
    main.append(section);
    const axis = {
      stroke: '#66666f',
      font: '11px system-ui',
      ticks: { show: false },
      grid: { stroke: '#f0f0f3', width: 1 },
    };
    new uPlot(
      {
        ...{ width: 346, height: 150, legend: { show: false }, cursor: { show: false } },
        scales: {
          y: {
            range: (_plot: unknown, _low: number, high: number) => [0, high > 0 ? high * 1.15 : 1],
          },
        },
        axes: [
          {
            ...axis,
            space: 70,
            values: (_plot: unknown, splits: number[]) =>
              splits.map((each) => `−${Math.round(end - each)} s`),
          },
          {
            ...axis,
            size: 58,
            values: (_plot: unknown, splits: number[]) =>
              splits.map((each) => write(each, drawing.unit)),
          },
        ],
        series: [
          {},
          ...drawing.lines.map(({ label }, n) => ({
            label,
            stroke: colors[n],
            width: 1.5,
            points: { show: false },
          })),
        ],
      },
      [drawing.times, ...drawing.lines.map(({ values }) => values)],
      target,
    );
  }
}

const app = await runApp({ defaultModel: 'banking77' });
await using prometheus = await PrometheusServer.start(`127.0.0.1:${app.port}`);
const done = new AbortController();
const traffic = use(app, done.signal);
const started = Math.ceil(Date.now() / 1000);
const browser = await startBrowser({ viewport: { width: 1200, height: 300 } });
try {
  console.log(`using the server for ${TRAFFIC_MS / 1000} s …`);
  await new Promise((resolve) => setTimeout(resolve, TRAFFIC_MS));
  const end = Math.floor(Date.now() / 1000) - 1;
  const script = readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8');
  const styles = readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  for (const file of readdirSync(DASHBOARD_FOLDER)) {
    const dashboard = JSON.parse(
      readFileSync(path.join(DASHBOARD_FOLDER, file), 'utf8'),
    ) as Dashboard;
    const drawings = [];
    for (const panel of dashboard.panels) {
      drawings.push(await drawingOf(prometheus, panel, [started + 10, end]));
    }
    const page = await browser.open('about:blank');
    await page.setContent(`<style>${styles}${STYLE}</style>`);
    // tsx names functions by a helper that the page does not have.
    await page.addScriptTag({ content: `globalThis.__name = (each) => each;\n${script}` });
    await page.evaluate(draw, { title: dashboard.title, drawings });
    const name = `dashboard-${file.replace(/^ml-inference-|\.json$/g, '')}.png`;
    await page.screenshot({ path: path.join(images, name), fullPage: true });
    console.log(`docs/images/${name}: ${drawings.length} panels`);
    await page.close();
  }
} finally {
  done.abort();
  await traffic;
  await browser.close();
  await app.stop();
}
