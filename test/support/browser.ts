import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Names under which distributions install a Chromium. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** No sandbox (containers have none), no GPU, and nothing that calls home. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--metrics-recording-only',
];

/** Path of a Chromium: `CHROMIUM_PATH`, else the first on the `PATH`. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Whether browser tests must be skipped, with a line that says so.
 *
 * @throws {Error} with `CI=true`, where a skip is a failure
 */
export function skipsBrowser(): boolean {
  if (findChromium()) return false;
  const message = 'There is no Chromium: set CHROMIUM_PATH or install chromium.';
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`Browser tests are skipped. ${message}`);
  return true;
}

/** A browser with a profile of its own, that notes what a page should not do. */
export interface TestBrowser {
  readonly context: BrowserContext;
  /** Errors on the console, uncaught ones, and requests that left this machine. */
  readonly complaints: string[];
  /** Opens a page; its complaints are gathered. */
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a headless Chromium. */
export async function startBrowser(
  options: {
    readonly colorScheme?: 'light' | 'dark';
    readonly viewport?: { readonly width: number; readonly height: number };
    readonly deviceScaleFactor?: number;
  } = {},
): Promise<TestBrowser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'console-'));
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium.');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGS,
    headless: true,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    deviceScaleFactor: options.deviceScaleFactor ?? 1,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(25_000);
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isLocal = ['127.0.0.1', 'localhost'].includes(hostname);
    if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && !isLocal) {
      complaints.push(`request to ${request.url()}`);
    }
  });
  return {
    context,
    complaints,
    async open(url) {
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      await page.goto(url);
      return page;
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
