import { execFile as execFileWithCallback } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violations } from '../../support/axe.ts';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { drawFive } from '../../support/draw-digit.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';
import { makeTinyModels, type TinyModels } from './tiny-models.ts';

const execFile = promisify(execFileWithCallback);

/** Predicts and waits for the answer. */
async function predict(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByTestId('cached').waitFor();
}

const skipped = skipsBrowser();

describe.skipIf(skipped)('the web console', () => {
  let models: TinyModels;
  let app: RunningApp;
  let browser: TestBrowser;

  beforeAll(async () => {
    models = makeTinyModels();
    [app, browser] = await Promise.all([
      runApp({ modelsDir: models.directory, defaultModel: 'banking77' }),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    models.remove();
  });
  beforeEach(() => browser.complaints.splice(0));
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((page) => page.close()));
    expect(browser.complaints).toEqual([]);
  });

  it('is small, and its files are kept for ever', async () => {
    const html = await (await fetch(app.url)).text();
    const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
      ([, file]) => file,
    );
    expect(scripts).not.toEqual([]);
    let bytes = 0;
    for (const script of scripts) {
      const response = await fetch(`${app.url}/${script}`);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('content-encoding')).toBe('gzip');
      bytes += Number(response.headers.get('content-length'));
    }
    expect(bytes).toBeLessThan(120_000);
  });

  it('predicts a text, and tells where the answer came from', async () => {
    const page = await browser.open(app.url);
    await page.getByLabel('Text', { exact: true }).fill('My card has not arrived yet');
    await predict(page);
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('card arrival').first().waitFor();
    expect(await page.getByTestId('cached').textContent()).toBe('computed');
    expect(await answer.getByRole('list', { name: 'Likeliest labels' }).locator('li').count()).toBe(
      5,
    );
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByText('from the cache').waitFor();
    await page.getByLabel('Recompute').check();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByText('computed', { exact: true }).waitFor();
  });

  it('is used by keyboard alone', async () => {
    const page = await browser.open(app.url);
    await page.getByRole('button', { name: 'Predict' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('input-text');
    await page.keyboard.press('Enter');
    await page.getByTestId('cached').waitFor();
  });

  it('asks for columns by fields', async () => {
    const page = await browser.open(`${app.url}#flowers`);
    await page.getByLabel('petal length').fill('0.2');
    await page.getByLabel('colour').selectOption('blue');
    await predict(page);
    expect(await page.locator('.headline').textContent()).toMatch(/small|large/);
    await page.getByLabel('petal length').fill('');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByRole('alert').getByText('Fill in petal length.').waitFor();
  });

  it('takes a drawing, and a file', async () => {
    const page = await browser.open(`${app.url}#shades`);
    await page.getByLabel(/^Drawing pad/).hover();
    await page.mouse.down();
    await page.mouse.move(500, 300, { steps: 5 });
    await page.mouse.up();
    await page.getByTestId('cached').waitFor();
    await page.getByRole('button', { name: 'Clear the drawing' }).click();
    await page.getByRole('button', { name: 'File', exact: true }).click();
    const png = await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 16;
      canvas.height = 16;
      return canvas.toDataURL().split(',')[1] ?? '';
    });
    await page.getByLabel('Image file').setInputFiles({
      name: 'black.png',
      mimeType: 'image/png',
      buffer: Buffer.from(png, 'base64'),
    });
    await page.getByAltText('The image to predict').waitFor();
    await page.getByTestId('cached').waitFor();
  });

  it('sends a file that is dropped as it is, and says what it wants of it', async () => {
    const page = await browser.open(`${app.url}#digits`);
    await page.getByRole('button', { name: 'File', exact: true }).click();
    const drop = async (file: string): Promise<void> => {
      const base64 = (await readFile(file)).toString('base64');
      const transfer = await page.evaluateHandle((content) => {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        const list = new DataTransfer();
        list.items.add(new File([bytes], 'digit.png', { type: 'image/png' }));
        return list;
      }, base64);
      await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer });
    };
    const sent = page.waitForRequest((request) => request.url().endsWith('/predict'));
    await drop('models/digits/examples/eight.png');
    expect((await sent).headers()['content-type']).toContain('multipart/form-data');
    await page.locator('.headline').getByText('8', { exact: true }).waitFor();
    expect(await page.getByText('Where the time went').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByTestId('cached').getByText(/cache/i).waitFor();
    await page.getByRole('button', { name: 'curl', exact: true }).click();
    await page.getByText("-F image=@'digit.png'").waitFor();
    await drop('package.json');
    await page.getByText('unknown format').waitFor();
    // Browsers report every answer of 400 themselves.
    expect(browser.complaints.splice(0)).toEqual([expect.stringContaining('status of 400')]);
  });

  it('reads a digit that is drawn', async () => {
    const page = await browser.open(`${app.url}#digits`);
    await page.getByLabel(/^Drawing pad/).waitFor();
    await drawFive(page);
    await page.locator('.headline').getByText('5', { exact: true }).waitFor();
  });

  it('takes tensors as JSON', async () => {
    const page = await browser.open(`${app.url}#sums`);
    const box = page.getByLabel('Tensors (JSON)');
    await box.fill((await box.inputValue()).replace('[0, 0, 0]', '[1, 2, 39.5]'));
    await predict(page);
    expect(await page.getByRole('region', { name: 'Answer' }).textContent()).toContain('42.5');
    await box.fill('[');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByRole('alert').getByText('Not valid JSON').waitFor();
  });

  it('shows why a model failed', async () => {
    const page = await browser.open(`${app.url}#broken`);
    await page.getByText('This model could not be loaded').waitFor();
    expect(await page.getByRole('button', { name: 'Predict' }).isDisabled()).toBe(true);
    expect(await page.getByRole('article', { name: 'Version 1' }).textContent()).toContain(
      'Failed',
    );
    await page.goto(`${app.url}#/fleet`);
    const row = page.getByRole('row', { name: /^broken/ });
    await row.waitFor();
    expect(await row.textContent()).toContain('Failed');
  });

  it('gives the same call as code that runs', async () => {
    const page = await browser.open(app.url);
    await page.getByLabel('Text', { exact: true }).fill("Where's my card?");
    const copyAs = async (language: string): Promise<string> => {
      await page.getByRole('button', { name: language, exact: true }).click();
      await page.getByRole('button', { name: `Copy the call as ${language}` }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const { data } = await app.graphql<{ predict: object }>(await copyAs('GraphQL'));
    expect(data.predict).toMatchObject({ prediction: 'card_arrival' });
    await page.getByRole('button', { name: 'Copy the call as GraphQL' }).waitFor();

    const curl = await execFile('sh', ['-c', await copyAs('curl')]);
    expect(JSON.parse(curl.stdout)).toMatchObject({ prediction: 'card_arrival' });
    await page.getByRole('button', { name: 'Copy the call as curl' }).waitFor();

    const script = path.join(models.directory, 'call.mts');
    await writeFile(script, await copyAs('TypeScript'));
    const typescript = await execFile(process.execPath, ['--import', 'tsx', script]);
    expect(typescript.stdout).toMatch(/^card_arrival 0\.\d+$/m);
  });

  it('moves its charts by subscription', async () => {
    const page = await browser.open(app.url);
    // The label holds the newest figure; a rate needs two snapshots.
    await page.getByRole('img', { name: 'Requests per second: requests/s 0' }).waitFor();
    await app.post('/predict/batch', { inputs: Array.from({ length: 40 }, (_none, i) => `${i}`) });
    await page
      .getByRole('img', { name: /^Requests per second: requests\/s [1-9]/ })
      .waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'All models' }).click();
    await page.getByRole('img', { name: /^Batches by number of rows: \d+ of/ }).waitFor();
  });

  it.each(['light', 'dark'] as const)('has no violation of accessibility (%s)', async (scheme) => {
    for (const model of ['banking77', 'flowers', 'shades', 'sums', 'broken']) {
      const page = await browser.open(`${app.url}#${model}`);
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByRole('heading', { level: 1, name: model }).waitFor();
      if (model === 'banking77') await predict(page);
      await page.getByRole('button', { name: 'curl', exact: true }).click();
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });

  it('keeps the chosen theme', async () => {
    const page = await browser.open(app.url);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    expect(await background()).toBe(light);
  });

  it('needs no scrolling sideways at 360 px', async () => {
    for (const model of ['banking77', 'flowers', 'shades', 'sums', 'broken']) {
      const page = await browser.open(`${app.url}#${model}`);
      await page.setViewportSize({ width: 360, height: 800 });
      await page.getByRole('heading', { level: 1, name: model }).waitFor();
      if (model === 'banking77') await predict(page);
      await page.getByRole('button', { name: 'TypeScript' }).click();
      const [content, window] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content).toBeLessThanOrEqual(window);
      await page.close();
    }
  });
});

describe.skipIf(skipped)('the web console, when the server is restarted', () => {
  it('says so, comes back by itself and goes on', async () => {
    let app = await runApp({ defaultModel: 'banking77' });
    const browser = await startBrowser();
    try {
      const page = await browser.open(app.url);
      const pill = page.locator('.pill');
      await pill.getByText('Live').waitFor();
      await app.stop();
      await pill.getByText('Reconnecting').waitFor();
      // The page may be back before the last model is ready, and says so for some seconds only.
      const back = pill.getByText('Back online').waitFor();
      app = await runApp({ port: app.port, defaultModel: 'banking77' });
      await back;
      await pill.getByText('Live').waitFor();
      await predict(page);
      // What the browser itself says of a refused connection is no fault of the page.
      const own = browser.complaints.filter((line) => !line.includes('ERR_CONNECTION_REFUSED'));
      expect(own).toEqual([]);
    } finally {
      await browser.close();
      await app.stop();
    }
  });
});
