import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, preview } from 'vite';
import { describe, expect, it } from 'vitest';
import { skipsBrowser, startBrowser } from '../../support/browser.ts';
import { runApp } from '../../support/running-app.ts';

const root = path.join(import.meta.dirname, '../../../examples/react-apollo');

describe.skipIf(skipsBrowser())('the React example', { timeout: 90_000 }, () => {
  it('predicts, and counts live', async () => {
    const outDir = mkdtempSync(path.join(tmpdir(), 'react-apollo-'));
    const app = await runApp({ defaultModel: 'banking77' });
    const configFile = path.join(root, 'vite.config.ts');
    process.env.API_URL = app.url;
    await build({ configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
    const pages = await preview({
      configFile,
      logLevel: 'warn',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    });
    const browser = await startBrowser();
    try {
      const address = pages.resolvedUrls?.local[0] ?? '';
      const page = await browser.open(address);
      await page.getByLabel('Question').fill('Where is my card?');
      await page.getByRole('button', { name: 'Ask' }).click();
      const answers = page.getByRole('list', { name: 'Likeliest intents' });
      await answers.getByText('card arrival').waitFor();
      expect(await answers.getByRole('listitem').count()).toBe(3);
      await page.locator('dl').getByText('1', { exact: true }).waitFor();
      await app.post('/predict', { input: 'Where is my card?' });
      await page.locator('dl').getByText('2', { exact: true }).waitFor();
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.close();
      await pages.close();
      await app.stop();
      rmSync(outDir, { recursive: true, force: true });
    }
  });
});
