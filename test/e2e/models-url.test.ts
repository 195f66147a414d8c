import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  sendError,
  startObjectStore,
} from '../support/sources/object-store.ts';
import type { Config } from '../../src/config.ts';
import { filesOf } from '../support/sources/files-of.ts';
import { startHub } from '../support/sources/hub.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

describe('a server with MODELS_URL', () => {
  let store: ObjectStore;
  let state: string;
  let server: RunningApp | undefined;
  let penguins: [string, Buffer][];
  beforeAll(async () => {
    penguins = await filesOf('models/penguins');
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

  const start = async (more: Partial<Config> = {}) =>
    (server = await runApp({
      modelsUrl: 's3://bucket/m',
      modelsUrlPollMs: 100,
      modelsQuietMs: 50,
      modelsPollMs: 200,
      stateDir: state,
      awsEndpointUrl: store.url,
      awsAccessKeyId: ACCESS_KEY,
      awsSecretAccessKey: SECRET_KEY,
      ...more,
    }));
  const served = (app: RunningApp) => app.app.catalog.list().map(({ name }) => name);

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

  it('serves nothing of MODELS_DIR', async () => {
    expect(served(await start({ modelsDir: 'models' }))).toEqual(['penguins']);
  });

  it('serves several sources, each of them by its name', async () => {
    const files = await filesOf('test/fixtures/models/hf-text-classification/1');
    const hub = await startHub({ files: Object.fromEntries(files) });
    try {
      const app = await start({
        modelsUrl: `s3://bucket/m,birds=s3://bucket/m/penguins, hf://acme/tiny@v1.0,moods=hf://acme/tiny@v1.0`,
        hfEndpoint: hub.url,
      });
      expect(served(app)).toEqual(['birds', 'moods', 'penguins', 'tiny']);
      const health = await app.get('/health');
      expect(health.body).toMatchObject({ status: 'healthy', reasons: [] });
    } finally {
      await hub.close();
    }
  }, 60_000);

  it('cannot be told the name of one model of a folder besides', async () => {
    await expect(start({ modelName: 'x' })).rejects.toThrow(/MODEL_NAME .* write NAME= before/);
  });

  it('asks nobody and writes nothing of theirs where MODELS_DIR alone is set', async () => {
    const app = await start({ modelsUrl: undefined, modelsDir: 'models' });
    expect(served(app)).toEqual(['banking77', 'digits', 'penguins']);
    expect(store.requests).toEqual([]);
    const written = await readdir(state);
    expect(written.filter((name) => /^(?:models|staging|index|sources)/.test(name))).toEqual([]);
  });

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
