import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';

describe.skipIf(skipsBrowser())('the documentation pages', () => {
  let app: RunningApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    [app, browser] = await Promise.all([runApp({ defaultModel: 'banking77' }), startBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((page) => page.close()));
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  it('GraphiQL runs a query', async () => {
    const page = await browser.open(`${app.url}/graphql`);
    await page.getByRole('tab').first().waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"data"').waitFor();
    expect(await page.locator('.result-window').textContent()).not.toContain('"errors"');
  });

  it('GraphiQL opens tabs of different names', async () => {
    const page = await browser.open(`${app.url}/graphql`);
    await page.getByRole('tab').nth(2).waitFor();
    const names = await page.getByRole('tab').allTextContents();
    expect(names.length).toBeGreaterThanOrEqual(3);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['a subscription', 'subscription Seen { metrics(intervalMs: 200) { totalRequests } }'],
    ['a mutation', 'mutation Seen { reloadModels { name } }'],
  ])('GraphiQL survives a reload with %s in its address', async (_what, query) => {
    const page = await browser.open(`${app.url}/graphql?query=${encodeURIComponent(query)}`);
    await page.getByRole('tab').first().waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'Seen' }).first().waitFor();
  });

  it('GraphiQL follows a subscription', async () => {
    const query = 'subscription { metrics(intervalMs: 200) { totalRequests } }';
    const page = await browser.open(`${app.url}/graphql`);
    await page.getByRole('tab').first().waitFor();
    await page.getByRole('button', { name: 'New tab' }).click();
    const editor = page.locator('.graphiql-query-editor');
    await editor.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(query);
    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.result-window');
    await result.getByText('totalRequests').waitFor();
    const before = ((await app.get('/metrics')).body as { total_requests: number }).total_requests;
    await app.post('/predict', { input: 'a text that is counted' });
    await result.getByText(`${before + 1}`).waitFor();
    await page.getByRole('button', { name: /Stop/ }).click();
  });

  it('Swagger UI executes POST /predict as it is filled in', async () => {
    const page = await browser.open(`${app.url}/docs`);
    const operation = page.locator('#operations-Predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.locator('.response-col_status').textContent()).toContain('200');
    expect(await answer.textContent()).toContain('"prediction"');
  });

  it('Swagger UI sends a file', async () => {
    const page = await browser.open(`${app.url}/docs`);
    const operation = page.locator('#operations-Predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByLabel('Request content type').selectOption('multipart/form-data');
    const form = operation.locator('.opblock-section-request-body');
    await form.locator('input[type=file]').setInputFiles('models/digits/examples/eight.png');
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response').first();
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(/"prediction": "8"/);
  });

  it('ReDoc shows every route', async () => {
    const page = await browser.open(`${app.url}/redoc`);
    await page.getByRole('heading', { name: 'Predict one input' }).waitFor();
    const text = await page.locator('#redoc').textContent();
    for (const route of ['/predict/batch', '/models', '/health', '/metrics/prometheus']) {
      expect(text).toContain(route);
    }
  });
});
