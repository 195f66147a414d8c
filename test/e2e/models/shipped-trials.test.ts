import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../../support/running-app.ts';

const require = createRequire(import.meta.url);

describe('what trials found out about the shipped models', () => {
  let stateDir: string;
  let server: RunningApp;
  beforeAll(async () => {
    stateDir = await mkdtemp(path.join(os.tmpdir(), 'trials-'));
    server = await runApp({ stateDir, watchModels: false });
  });
  afterAll(async () => {
    await server.stop();
    await rm(stateDir, { recursive: true });
  });

  it('ships with them, so that none is tried again', async () => {
    let versions = 0;
    for (const { name, versions: all } of server.app.catalog.list()) {
      for (const { version } of all) {
        const { versions: loaded } = await server.app.catalog.loadModel(name, version);
        expect(loaded.find((each) => each.version === version)?.state).toBe('ready');
        versions++;
      }
    }
    // `npm run trials` writes them anew, whenever a model or an engine has changed.
    expect(await readdir(path.join(stateDir, 'trials')).catch(() => [])).toEqual([]);
    expect(await readdir('models/.trials')).toHaveLength(versions);
  });

  it('was found with the engines of the lock file', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    for (const name of [
      'onnxruntime-node',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-backend-wasm',
    ]) {
      const { version } = require(`${name}/package.json`) as { version: string };
      expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
  });
});
