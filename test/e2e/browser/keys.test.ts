import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../../src/access/api-key.ts';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';

describe.skipIf(skipsBrowser())('a server that wants a key, in the browser', () => {
  let home: string;
  let app: RunningApp;
  let browser: TestBrowser;
  const keys = { all: createApiKey(), little: createApiKey() };
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'browser-keys-'));
    const accessFile = path.join(home, 'access.yaml');
    const scopes = ['predict', 'models:read', 'metrics:read'];
    const { all, little } = keys;
    const written = [
      { id: all.id, sha256: all.sha256, name: 'all', scopes },
      {
        ...{ id: little.id, sha256: little.sha256, name: 'little' },
        ...{ scopes: ['predict', 'models:read'], models: ['penguins'] },
      },
    ];
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    [app, browser] = await Promise.all([
      runApp({ accessFile, defaultModel: 'banking77' }),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await rm(home, { recursive: true });
  });
  afterEach(async () => {
    expect(await browser.context.cookies()).toEqual([]);
    await Promise.all(browser.context.pages().map((page) => page.close()));
    // Browsers report each 401 by themselves.
    const others = browser.complaints.splice(0).filter((text) => !text.includes('401'));
    expect(others).toEqual([]);
  });

  const give = async (page: Page, key: string): Promise<void> => {
    await page.getByLabel('API key or token').fill(key);
    await page.getByRole('button', { name: 'Use key' }).click();
  };

  it('the console asks for it, keeps it for the tab, and shows what it may', async () => {
    const page = await browser.open(app.url);
    await page.getByRole('heading', { name: 'This server asks for a key' }).waitFor();
    expect(await page.textContent('body')).not.toContain('banking77');
    await give(page, createApiKey().key);
    await page.getByText('The server does not accept this key.').waitFor();
    await give(page, keys.all.key);
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByTestId('cached').waitFor();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    await page.locator('[data-state=live], [data-state=back]').waitFor();

    await page.reload();
    await page.getByRole('button', { name: 'Predict' }).waitFor();
    const other = await browser.open(app.url);
    await other.getByLabel('API key or token').waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('mlapi_');

    await page.getByRole('button', { name: 'Forget the key' }).click();
    await give(page, keys.little.key);
    await page.getByRole('heading', { name: 'penguins' }).waitFor();
    const live = page.getByRole('heading', { name: 'Live' });
    await live.waitFor({ state: 'detached' });
    expect(await page.textContent('body')).not.toContain('banking77');
  });

  it('GraphiQL asks for it, and sends it over HTTP and WebSocket', async () => {
    const page = await browser.open(`${app.url}/graphql`);
    await give(page, keys.all.key);
    await page.getByRole('button', { name: 'New tab' }).click();
    const editor = page.locator('.graphiql-query-editor');
    const result = page.locator('.result-window');
    for (const query of ['{ models { name } }', 'subscription { metrics { totalRequests } }']) {
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(query);
      await page.getByRole('button', { name: /Execute query/ }).click();
      await result.getByText(query.includes('models') ? 'penguins' : 'totalRequests').waitFor();
    }
    await page.getByRole('button', { name: /Stop/ }).click();
  });

  it('Swagger UI asks for it, and has the schemes of the document', async () => {
    const page = await browser.open(`${app.url}/docs`);
    await give(page, keys.all.key);
    const operation = page.locator('#operations-Predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('200');
    // What is given to Swagger UI itself goes before the key of the tab.
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('input').last().fill('mlapi_wrong');
    await dialog
      .getByRole('button', { name: /Apply|Authorize/ })
      .last()
      .click();
    await dialog.locator('.btn-done').last().click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation
      .locator('.live-responses-table .response-col_status')
      .getByText('401')
      .waitFor();
  });

  it('ReDoc asks for it', async () => {
    const page = await browser.open(`${app.url}/redoc`);
    await give(page, keys.all.key);
    await page.getByRole('heading', { name: 'Predict one input' }).waitFor();
  });
});
