import type { BenchResults, ScenarioResult } from '../results.ts';
import { SUBJECT_TITLES } from '../scenario.ts';
import { round } from '../targets.ts';

/** Scenarios of the plot, in its order. */
const PLOTTED: Readonly<Record<string, string>> = {
  'cached-rest': 'REST, cached',
  'cached-graphql': 'GraphQL, cached',
  'uncached-digits': 'Uncached images (digits)',
  'uncached-banking77': 'Uncached texts (banking77)',
  'uncached-encoder': 'Uncached transformer (encoder)',
};

const WIDTH = 760;
const LABELS = 270;
const BARS = 380;
const BAR = 18;
const GAP = 6;

/** Readable on light and on dark pages: the page's own background, colours by preference. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .small { font-size: 11.5px; fill: #57606a; }
  .end { text-anchor: end; }
  .own { fill: #0969da; } .other { fill: #8c959f; } .whisker { stroke: #24292f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; }
    .own { fill: #4493f8; } .other { fill: #6e7681; } .whisker { stroke: #e6edf3; }
  }`;

/** The plot: one group of bars for each scenario, each group on its own scale from zero. */
export function renderSvg(results: BenchResults): string {
  const parts: string[] = [];
  let y = 24;
  for (const [id, title] of Object.entries(PLOTTED)) {
    const scenario = results.scenarios.find((each) => each.id === id);
    if (!scenario || scenario.subjects.length === 0) continue;
    parts.push(text(0, y, title, 'title'));
    y += 14;
    const bars = renderBars(scenario, y);
    parts.push(bars.svg);
    y = bars.end + 30;
  }
  parts.push(text(0, y, 'predictions a second, median; the line spans all rounds', 'small'));
  parts.push(text(0, y + 16, results.machine, 'small'));
  const height = y + 28;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmarks: predictions a second of this server and of its alternatives">
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}

function renderBars({ subjects }: ScenarioResult, top: number): { svg: string; end: number } {
  const most = Math.max(...subjects.map(({ perSecond }) => perSecond.max));
  const scale = (value: number) => Math.max(1, (value / most) * BARS);
  const parts: string[] = [];
  let y = top;
  for (const { subject, perSecond } of subjects) {
    const { median, min, max } = perSecond;
    const middle = y + BAR / 2;
    const own = subject.startsWith('server-') ? 'own' : 'other';
    parts.push(
      text(LABELS - 10, middle + 4.5, SUBJECT_TITLES[subject], 'end'),
      `<rect class="${own}" x="${LABELS}" y="${y}" width="${fixed(scale(median))}" height="${BAR}" rx="2"/>`,
    );
    if (max > min) {
      const [left, right] = [LABELS + scale(min), LABELS + scale(max)];
      parts.push(
        `<path class="whisker" d="M${fixed(left)} ${middle}H${fixed(right)}" opacity="0.7"/>`,
      );
    }
    parts.push(text(LABELS + scale(max) + 8, middle + 4.5, round(median)));
    y += BAR + GAP;
  }
  return { svg: parts.join('\n'), end: y };
}

function text(x: number, y: number, content: string, classes = ''): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const attribute = classes === '' ? '' : ` class="${classes}"`;
  return `<text${attribute} x="${fixed(x)}" y="${fixed(y)}">${safe}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
