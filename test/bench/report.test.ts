import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../bench/render/page.ts';
import { renderSvg } from '../../bench/render/svg.ts';
import { markdownTable, textTable } from '../../bench/render/table.ts';
import { scenarioTable } from '../../bench/render/tables.ts';
import { allRatios } from '../../bench/results.ts';
import { judge, round } from '../../bench/targets.ts';
import { RESULTS } from './fixture.ts';

describe('report of the benchmark', () => {
  it('judges ratios and figures by their targets', () => {
    const rows = judge(RESULTS);
    expect(rows.find(({ what }) => what.startsWith('REST, cached'))).toMatchObject({
      measured: '5.5 ×',
      target: '5 ×',
      met: 'yes',
    });
    expect(rows.find(({ what }) => what.startsWith('From'))).toMatchObject({
      measured: '1,600 ms',
      met: 'no',
    });
    expect(rows.filter(({ met }) => met === 'not measured')).toHaveLength(rows.length - 2);
  });

  it('lists the ratios of this server over every other contender in its deployment', () => {
    expect(allRatios(RESULTS)).toEqual({
      'cached-rest: server-rest / seed (one | worker)': 5.5,
      'cached-rest: server-rest / node-http': 0.5,
    });
  });

  it('shows medians, spreads, notes and skipped contenders', () => {
    const [own, seed, , skipped] = scenarioTable(RESULTS, RESULTS.scenarios[0]!).rows;
    expect(own).toEqual(['this server, REST', '1,100 (1,000–1,200)', '1', '2', '30', '']);
    expect(seed?.[0]).toBe('FastAPI + PyTorch + Redis (one | worker)');
    expect(seed?.[5]).toBe('5.5 (5–6) ×');
    expect(skipped?.[0]).toBe(
      'this server with Redis, REST: skipped, redis-server is not installed',
    );
  });

  it('draws tables for Markdown and for a terminal', () => {
    const rows = [['a|b', '1']];
    expect(markdownTable(['x', 'n'], rows, ['left', 'right'])).toBe(
      '| x | n |\n| --- | --: |\n| a\\|b | 1 |',
    );
    expect(textTable(['x', 'n'], [['abc', '1234']], ['left', 'right'])).toBe(
      'x       n\n───  ────\nabc  1234',
    );
  });

  it('rounds to three digits without an exponent', () => {
    expect([123_456, 1234, 12.345, 0.012345, 0].map(round)).toEqual([
      '123,000',
      '1,230',
      '12.3',
      '0.0123',
      '0',
    ]);
  });

  it('renders a page that names command, machine and skipped contenders', async () => {
    const page = await format(renderPage(RESULTS), { parser: 'markdown' });
    expect(page).toContain('2 × Test processor. Made on 2026-01-02');
    expect(page).toContain('npm run bench\n');
    expect(page).toContain('skipped, redis-server is not installed');
    expect(page).not.toContain('undefined');
  });

  it('renders a plot for light and dark pages', () => {
    const svg = renderSvg(RESULTS);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg.match(/<rect/g)).toHaveLength(3);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
