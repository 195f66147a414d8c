import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { startBrowser } from '../test/support/browser.ts';
import { drawFive } from '../test/support/draw-digit.ts';
import { type RunningApp, runApp } from '../test/support/running-app.ts';

/**
 * Takes the pictures of the web console that the README shows, from a server that is in use:
 * docs/images/console-light.png, console-dark.png and console-mobile.png.
 */

const directory = path.join(import.meta.dirname, '../docs/images');

/** Larger pictures would make the README slow. */
const MAX_BYTES = 300_000;

/** Time that the server is used before a picture, so that the charts have something to show. */
const TRAFFIC_MS = 65_000;

const SHOTS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'mobile', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

const QUESTIONS = [
  'Where is my card?',
  'How do I change my PIN?',
  'Why was I charged a fee?',
  'My transfer has not arrived',
  'What is the exchange rate today?',
  'I was charged twice',
  'Can I top up by cheque?',
  'The machine kept my card',
];

/** What traffic waits for: the time of a prediction should be its own. */
let quiet: Promise<void> = Promise.resolve();

/** Uses the server as people do: in waves, single questions and batches, some of them again. */
async function use(app: RunningApp, until: AbortSignal): Promise<void> {
  for (let turn = 0; !until.aborted; turn += 1) {
    await quiet;
    const wave = 0.5 + 0.5 * Math.sin(turn / 60);
    const question = QUESTIONS[turn % QUESTIONS.length] ?? '';
    const isAgain = (turn * 7919) % 100 < 55;
    await app.post('/predict', { input: isAgain ? question : `${question} (${turn})` });
    if (turn % 9 === 0) {
      const inputs = QUESTIONS.slice(0, 1 + (turn % 7)).map((text) => `${text} #${turn}`);
      await app.post('/predict/batch', { inputs });
    }
    await new Promise((resolve) => setTimeout(resolve, 15 + 45 * (1 - wave)));
  }
}

mkdirSync(directory, { recursive: true });
const app = await runApp({ defaultModel: 'banking77' });
const done = new AbortController();
const traffic = use(app, done.signal);
try {
  const browsers = await Promise.all(
    SHOTS.map(async ({ name, ...options }) => ({ name, browser: await startBrowser(options) })),
  );
  const pages = await Promise.all(
    browsers.map(async ({ name, browser }) => ({
      name,
      page: await browser.open(`${app.url}#${name === 'dark' ? 'digits' : 'banking77'}`),
    })),
  );
  for (const { page } of pages) await page.getByRole('button', { name: 'All models' }).click();
  console.log(`using the server for ${TRAFFIC_MS / 1000} s …`);
  await new Promise((resolve) => setTimeout(resolve, TRAFFIC_MS));
  for (const { name, page } of pages) {
    await page.bringToFront();
    await page.getByLabel('Recompute').check();
    let goOn = (): void => undefined;
    quiet = new Promise((resolve) => (goOn = resolve));
    if (name === 'dark') await drawFive(page);
    else await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByTestId('cached').waitFor();
    goOn();
    await page.getByLabel('Recompute').uncheck();
    await page.mouse.move(0, 0);
    await page.evaluate(() => scrollTo(0, 0));
    await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished)));
    const file = path.join(directory, `console-${name}.png`);
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    console.log(`${path.relative('.', file)}: ${Math.round(size / 1000)} kB`);
    if (size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES} bytes`);
  }
  await Promise.all(browsers.map(({ browser }) => browser.close()));
} finally {
  done.abort();
  await traffic;
  await app.stop();
}
