import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  sendError,
  startObjectStore,
} from '../support/sources/object-store.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

/** Files of a shipped model, by their path within it. */
async function filesOf(model: string): Promise<[string, Buffer][]> {
  const root = path.join('models', model);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry): Promise<[string, Buffer]> => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), await readFile(file)];
    }),
  );
}

describe('a server with MODELS_URL', () => {
  let store: ObjectStore;
  let state: string;
  let server: RunningApp | undefined;
  let penguins: [string, Buffer][];
  beforeAll(async () => {
    penguins = await filesOf('penguins');
  });
  beforeEach(async () => {
    store = await startObjectStore();
    state = await mkdtemp(path.join(os.tmpdir(), 'state-'));
    for (const [file, content] of penguins) store.objects.set(`bucket/m/penguins/${file}`, content);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await store.close();
    await rm(state, { recursive: true, force: true });
  });

  const start = async () =>
    (server = await runApp({
      modelsUrl: 's3://bucket/m',
      modelsUrlPollMs: 100,
      modelsQuietMs: 50,
      modelsPollMs: 200,
      modelsUrlTimeoutMs: 1000,
      stateDir: state,
      awsEndpointUrl: store.url,
      awsAccessKeyId: ACCESS_KEY,
      awsSecretAccessKey: SECRET_KEY,
    }));

  it('serves them, takes new ones, and goes on while the source is away', async () => {
    const app = await start();
    expect((await app.get('/readyz')).status).toBe(200);
    const input = { features: { island: 'Dream', body_mass_g: 3700 } };
    expect((await app.post('/predict', { model: 'penguins', input })).status).toBe(200);
    for (const [file, content] of penguins) store.objects.set(`bucket/m/second/${file}`, content);
    await vi.waitFor(() => expect(app.app.catalog.get('second')?.servingVersion).toBeTruthy(), {
      timeout: 20_000,
    });
    store.fault = (_request, response) => {
      sendError(response, 403, 'ExpiredToken');
      return true;
    };
    await vi.waitFor(
      async () =>
        expect((await app.get('/health')).body).toMatchObject({
          status: 'degraded',
          reasons: [
            's3://bucket/m is not fetched: s3://bucket/m refuses the credentials (403 ExpiredToken)',
          ],
        }),
      { timeout: 20_000 },
    );
    expect((await app.post('/predict', { model: 'second', input })).status).toBe(200);
    store.fault = undefined;
    await vi.waitFor(async () => expect((await app.get('/health')).body.status).toBe('healthy'), {
      timeout: 20_000,
    });
  }, 90_000);

  it('starts with the last good copy while the source is away', async () => {
    await start();
    await server?.stop();
    store.fault = (_request, response) => {
      sendError(response, 403, 'AccessDenied');
      return true;
    };
    const app = await start();
    expect((await app.get('/readyz')).status).toBe(200);
    expect((await app.get('/health')).body.reasons).toHaveLength(1);
  }, 60_000);

  it('is not ready before its models are, and stops when it is told to', async () => {
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    store.fault = (request, response) => {
      if (!request.url?.includes('model')) return false;
      response.writeHead(200).write('x');
      isAsked();
      return true;
    };
    const { createApp } = await import('../../src/app.ts');
    const { loadConfig } = await import('../../src/config.ts');
    const app = createApp(
      loadConfig(
        { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' },
        {
          modelsUrl: 's3://bucket/m',
          stateDir: state,
          awsEndpointUrl: store.url,
          awsAccessKeyId: ACCESS_KEY,
          awsSecretAccessKey: SECRET_KEY,
        },
      ),
    );
    const started = app.start().catch((error: unknown) => error);
    await asked;
    expect(app.services.health).toBeDefined();
    expect(await app.stop()).toBe(true);
    expect(String(await started)).toContain('stopped');
  }, 60_000);
});

describe('models add', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'add-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const add = (...args: string[]) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['dist/cli.js', 'models', 'add', ...args, '--dir', path.join(folder, 'models')],
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
    });

  it('puts a folder into place and says the typed field that it has', async () => {
    const { code, stdout } = await add('models/penguins', '--name', 'birds');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Added "birds" \(features → classification, \w+, loaded in \d+ ms\)/);
    expect(stdout).toMatch(/type Query \{[\s\S]*birds\(/);
    expect(await readdir(path.join(folder, 'models'))).toEqual(['birds']);
    const again = await add('models/penguins', '--name', 'birds');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--force replaces it')]);
    expect((await add('models/penguins', '--name', 'birds', '--force')).code).toBe(0);
  }, 60_000);

  it('leaves the folder as it was when the model cannot be used', async () => {
    await mkdir(path.join(folder, 'bad'));
    await writeFile(path.join(folder, 'bad', 'model.onnx'), 'no graph');
    const { code, stderr } = await add(path.join(folder, 'bad'));
    expect(code).toBe(1);
    expect(stderr).toContain('bad cannot be used');
    const entries = await readdir(path.join(folder, 'models')).catch(() => []);
    expect(entries.filter((entry) => entry !== 'birds')).toEqual([]);
    const nothing = await add('hf://a/b/c');
    expect([nothing.code, nothing.stderr]).toEqual([1, 'expected hf://owner/name@revision\n']);
  }, 60_000);
});
