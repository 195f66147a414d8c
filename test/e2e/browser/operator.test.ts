import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../../../src/access/api-key.ts';
import { violations } from '../../support/axe.ts';
import { skipsBrowser, startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

interface Spread {
  readonly model: { readonly traffic: unknown; readonly shadow: unknown };
}

describe.skipIf(skipsBrowser())('the console of an operator', { timeout: 120_000 }, () => {
  let home: string;
  let app: RunningApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'operator-'));
    const shipped = path.join(import.meta.dirname, '../../../models');
    for (const name of ['penguins', 'digits']) {
      await cp(path.join(shipped, name), path.join(home, name), { recursive: true });
    }
    // A second version that is the first one again.
    await cp(path.join(home, 'penguins/1'), path.join(home, 'penguins/2'), { recursive: true });
    const manifest = path.join(home, 'penguins/model.yaml');
    const text = (await readFile(manifest, 'utf8')).replace(/^version.*\n/gm, '');
    await writeFile(manifest, text);
    await appendFile(
      manifest,
      "\nversion: '1'\nversions: { serve: all, labels: { canary: '2' } }\n",
    );
    [app, browser] = await Promise.all([
      runApp({ modelsDir: home, defaultModel: 'penguins', watchModels: false }),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await rm(home, { recursive: true });
  });
  beforeEach(async () => {
    browser.complaints.splice(0);
    await app.graphql('mutation { setTraffic(model: "penguins") { name } }');
  });
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((page) => page.close()));
    expect(browser.complaints).toEqual([]);
  });

  const traffic = async () => {
    const { data } = await app.graphql<Spread>(
      '{ model(name: "penguins") { traffic { version percent } shadow { version percent } } }',
    );
    return data.model;
  };
  const confirm = async (page: Page, name: string): Promise<string> => {
    const dialog = page.getByRole('dialog');
    const text = (await dialog.textContent()) ?? '';
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    return text;
  };

  it('has an address for every model and view, which survive a reload', async () => {
    const page = await browser.open(app.url);
    await page.getByRole('heading', { level: 1, name: 'penguins' }).waitFor();
    for (const [link, heading] of [
      ['digits', 'digits'],
      ['Fleet', 'Fleet'],
      ['Requests', 'Requests'],
      ['Events', 'Events'],
    ] as const) {
      await page.getByRole('link', { name: link }).first().click();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(await page.title()).toBe(`${heading} · ML Inference API`);
    }
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    await page.goto(`${app.url}#/models/gone`);
    await page.getByRole('heading', { level: 1, name: 'There is no model gone' }).waitFor();
  });

  it('shows the versions side by side, with what each does', async () => {
    const row = { island: 'Dream', bill_length_mm: 40 };
    for (const version of ['1', '2']) {
      const body = { model: 'penguins', version, input: { features: row } };
      expect((await app.post('/predict', body)).status).toBe(200);
    }
    const page = await browser.open(`${app.url}#/models/penguins`);
    const cards = page.locator('[data-version]');
    await cards
      .first()
      .getByText(/none of \d/)
      .waitFor();
    expect(await cards.count()).toBe(2);
    const [first, second] = await cards.allTextContents();
    expect(first).toContain('serving');
    expect(second).toContain('canary');
    for (const text of [first, second]) {
      for (const fact of ['Traffic', 'Rate', 'Latency', 'Errors', 'Agreement', 'Verdict']) {
        expect(text).toContain(fact);
      }
      expect(text).toMatch(/Batching(on|off)/);
      expect(text).toContain('Warmedyes');
    }
    const [one, two] = [await cards.first().boundingBox(), await cards.last().boundingBox()];
    expect(two?.y).toBe(one?.y);
  });

  it('splits, shadows, promotes and rolls back, and says before what will happen', async () => {
    const page = await browser.open(`${app.url}#/models/penguins`);
    await page.getByRole('button', { name: 'Set traffic' }).click();
    await page.getByLabel('Version 2, percent').fill('101');
    await page.getByText('A share is a number from 0 to 100.').waitFor();
    expect(
      await page.getByRole('dialog').getByRole('button', { name: 'Set the traffic' }).isDisabled(),
    ).toBe(true);
    await page.getByLabel('Version 2, percent').fill('25');
    await page.getByRole('dialog').getByText('75 %').waitFor();
    const split = await confirm(page, 'Set the traffic');
    expect(split).toContain('Version 2 answers 25 % of the requests that name no version.');
    expect(await traffic()).toEqual({ traffic: [{ version: '2', percent: 25 }], shadow: null });
    await page.locator('[data-version="2"]').getByText('25 %').waitFor();

    await page.getByRole('button', { name: 'Start the shadow of version 2' }).click();
    await confirm(page, 'Start the shadow');
    expect(await traffic()).toEqual({
      traffic: [{ version: '2', percent: 25 }],
      shadow: { version: '2', percent: 100 },
    });
    await page.getByText('shadow 100 %').waitFor();

    await page.getByRole('button', { name: 'Promote version 2' }).click();
    expect(await confirm(page, 'Promote')).toContain('which has 25 % of them now');
    expect(await traffic()).toEqual({ traffic: [{ version: '2', percent: 100 }], shadow: null });

    await page.getByRole('button', { name: 'Roll back' }).click();
    expect(await confirm(page, 'Roll back')).toContain('go to version 1 at once');
    expect(await traffic()).toEqual({ traffic: [], shadow: null });
  });

  it('changes nothing where that is cancelled', async () => {
    const page = await browser.open(`${app.url}#/models/penguins`);
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await traffic()).toEqual({ traffic: [], shadow: null });
  });

  it('unloads and loads a version and a model', async () => {
    const page = await browser.open(`${app.url}#/models/penguins`);
    await page.getByRole('button', { name: 'Unload version 2' }).click();
    expect(await confirm(page, 'Unload')).toContain('finishes what it has begun');
    const card = page.locator('[data-version="2"]');
    await card.getByText('Unloaded').waitFor();
    await page.getByRole('button', { name: 'Load version 2' }).click();
    await confirm(page, 'Load');
    await card.getByText('Ready').waitFor();

    await page.goto(`${app.url}#/models/digits`);
    await page.getByRole('button', { name: 'Unload model' }).click();
    expect(await confirm(page, 'Unload')).toContain('fail with MODEL_NOT_READY');
    await page.getByRole('button', { name: 'Load model' }).click();
    await confirm(page, 'Load');
    await page.getByRole('button', { name: 'Unload model' }).waitFor();
    await page.goto(`${app.url}#/events`);
    const events = page.locator('.event-list li');
    await events.first().getByText('loaded', { exact: true }).waitFor();
    expect(await events.first().textContent()).toContain('digits');
  });

  it('tells events as they happen', async () => {
    const page = await browser.open(`${app.url}#/events`);
    await page.locator('.event-list li').first().waitFor();
    const traffic = { split: [{ version: '2', percent: 33 }] };
    await fetch(`${app.url}/models/penguins/traffic`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(traffic),
    });
    await page.getByText('version 2 has 33 %').waitFor();
  });

  it('lists requests that went wrong, with their trace', async () => {
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'x-request-id': 'wrong-1' };
    await app.post('/predict', { model: 'digits', input: 'no picture' }, headers);
    const page = await browser.open(`${app.url}#/requests`);
    const row = page.locator('[data-request="wrong-1"]');
    await row.waitFor();
    expect(await row.textContent()).toContain('BAD_USER_INPUT');
    expect(await row.textContent()).not.toContain('no picture');
    await row.getByRole('button', { name: `Copy the trace id ${TRACE}` }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(TRACE);
    await page.getByRole('button', { name: /^Slow/ }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Refused/ }).click();
    await page.getByRole('combobox', { name: 'Model' }).selectOption('penguins');
    await row.waitFor({ state: 'detached' });
    await page.goto(`${app.url}#/models/digits`);
    await page.locator('[data-request="wrong-1"]').waitFor();
  });

  it('shows the last hour at once after a reload', async () => {
    await app.post('/predict', { model: 'penguins', input: { features: { island: 'Biscoe' } } });
    const page = await browser.open(`${app.url}#/models/penguins`);
    await page.getByRole('button', { name: 'Hour' }).click();
    const chart = page.getByRole('img', { name: /^Latency: p50 [\d.]+ m?s/ });
    await chart.waitFor({ state: 'attached' });
    await page.reload();
    await page.getByRole('button', { name: 'Hour' }).click();
    await chart.waitFor({ state: 'attached' });
  });

  it('shows the fleet', async () => {
    const page = await browser.open(`${app.url}#/fleet`);
    await page.getByRole('row', { name: new RegExp(`^${os.hostname()}`) }).waitFor();
    await page.getByText(/^1 replica of version /).waitFor();
    await page
      .getByRole('row', { name: /^penguins/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { level: 1, name: 'penguins' }).waitFor();
  });

  it('is used by keyboard alone', async () => {
    const page = await browser.open(`${app.url}#/models/penguins`);
    const promote = page.getByRole('button', { name: 'Promote version 2' });
    await promote.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(
      true,
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await traffic()).toMatchObject({ traffic: [{ version: '2', percent: 100 }] });
  });

  it.each(['light', 'dark'] as const)('has no violation of accessibility (%s)', async (scheme) => {
    await app.post('/predict', { model: 'digits', input: 'no picture' });
    for (const hash of ['#/models/penguins', '#/fleet', '#/requests', '#/events']) {
      const page = await browser.open(app.url + hash);
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator('.card, .table-wrap').first().waitFor();
      if (hash === '#/models/penguins') {
        await page.locator('[data-version="1"]').getByText('Errors').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('button', { name: 'Set traffic' }).click();
        await page.getByRole('combobox', { name: 'Shadow' }).selectOption('2');
      }
      expect(await violations(page), hash).toEqual([]);
      await page.close();
    }
  });

  it('needs no scrolling sideways at 390 px', async () => {
    await app.post('/predict', { model: 'digits', input: 'no picture' });
    for (const hash of ['#/models/penguins', '#/fleet', '#/requests', '#/events']) {
      const page = await browser.open(app.url + hash);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.locator('.card, .table-wrap').first().waitFor();
      if (hash === '#/models/penguins') {
        await page.locator('[data-version="1"]').getByText('Errors').waitFor();
        await page.getByRole('button', { name: 'Set traffic' }).click();
      }
      const [content, window] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content, hash).toBeLessThanOrEqual(window);
      await page.close();
    }
  });
});

describe.skipIf(skipsBrowser())('the console of who may do less', () => {
  it('shows neither controls nor views that the key does not allow', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'operator-keys-'));
    const keys = { reader: createApiKey(), caller: createApiKey() };
    const accessFile = path.join(home, 'access.yaml');
    const written = [
      { key: keys.reader, name: 'reader', scopes: ['predict', 'models:read', 'metrics:read'] },
      { key: keys.caller, name: 'caller', scopes: ['predict', 'models:read'] },
    ].map(({ key: { id, sha256 }, name, scopes }) => ({ id, sha256, name, scopes }));
    await writeFile(accessFile, JSON.stringify({ keys: written }));
    const [app, browser] = await Promise.all([
      runApp({ accessFile, defaultModel: 'penguins' }),
      startBrowser(),
    ]);
    try {
      const page = await browser.open(app.url);
      const give = async (key: string): Promise<void> => {
        await page.getByLabel('API key or token').fill(key);
        await page.getByRole('button', { name: 'Use key' }).click();
      };
      await give(keys.reader.key);
      await page.getByRole('link', { name: 'Requests' }).first().waitFor();
      await page.locator('[data-version]').first().getByText('Errors').waitFor();
      expect(await page.getByRole('button', { name: /[Ll]oad|Promote|traffic/ }).count()).toBe(0);

      await page.getByRole('button', { name: 'Forget the key' }).click();
      await give(keys.caller.key);
      await page.getByRole('link', { name: 'Events' }).first().waitFor();
      expect(await page.getByRole('link', { name: /Requests|Fleet/ }).count()).toBe(0);
      await page.goto(`${app.url}#/requests`);
      await page.getByText('It takes the scope metrics:read to see them.').waitFor();
    } finally {
      await browser.close();
      await app.stop();
      await rm(home, { recursive: true });
    }
  });
});
