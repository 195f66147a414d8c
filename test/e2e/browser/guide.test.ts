import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';

const run = promisify(execFile);

describe.skipIf(skipsBrowser())('the guide', () => {
  let app: RunningApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    if (!existsSync('dist/guide/index.html')) await run('npm', ['run', 'guide']);
    [app, browser] = await Promise.all([runApp({ defaultModel: 'banking77' }), startBrowser()]);
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((page) => page.close()));
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  it('leads from its first page to the one that a newcomer needs', async () => {
    const page = await browser.open(`${app.url}/guide`);
    await page.getByRole('link', { name: /Your own model in a React component/ }).click();
    await page.getByRole('heading', { level: 1, name: /in ten minutes/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/guide/quickstart.html');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /in ten minutes/ }).waitFor();
  });

  it('is searched without any other server', async () => {
    const page = await browser.open(`${app.url}/guide/limits`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('canary');
    const found = page.locator('#localsearch-list').getByRole('option');
    await found.first().waitFor();
    await found.first().click();
    await page.waitForURL(/\/guide\/(?!limits)\w/);
  });

  it('is told of where people look first', async () => {
    const { body } = await app.get('/no-such-page');
    expect(JSON.stringify(body)).toContain('/guide');
  });
});
