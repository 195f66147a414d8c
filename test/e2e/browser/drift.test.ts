import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';

const run = promisify(execFile);

describe.skipIf(skipsBrowser())('docs/drift.md, followed from the beginning', () => {
  let app: RunningApp;
  let browser: TestBrowser;
  let state: string;
  let text: string;
  beforeAll(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-'));
    text = await readFile('docs/drift.md', 'utf8');
    [app, browser] = await Promise.all([runApp({ stateDir: state }), startBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await rm(state, { recursive: true, force: true });
  });

  /** Runs the block after `<!-- example:NAME -->`. */
  const example = async (name: string): Promise<string> => {
    const code = new RegExp(`<!-- example:${name} -->\\s*\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(text);
    if (!code?.[1]) throw new Error(`docs/drift.md has no example "${name}"`);
    const local = code[1].replaceAll('localhost:8000', `127.0.0.1:${app.port}`);
    return (await run('bash', ['-c', local])).stdout;
  };

  it('shows the alert in the console, with the columns that made it', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${app.url}/#penguins`);
    await page.getByTestId('drift-state').getByText('Not enough data').waitFor();
    await example('shift');
    await page.getByTestId('drift-state').getByText('Drift', { exact: true }).waitFor();
    const alert = page.getByRole('alert').filter({ hasText: 'body_mass_g' });
    await alert.waitFor();
    const chart = page.getByTestId('drift-body_mass_g');
    await chart.waitFor();
    expect(await chart.locator('rect.current').count()).toBeGreaterThan(1);
    expect(JSON.parse(await example('query'))).toMatchObject({
      data: { drift: { state: 'DRIFT', predictions: 300 } },
    });
    expect(browser.complaints).toEqual([]);
  });
});
