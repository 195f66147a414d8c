/**
 * Tries the models that ship and writes what was found out to models/.trials, so that a start from a
 * clean clone does not have to: `npm run trials`, whenever a model or an engine has changed.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

const shipped = path.join(import.meta.dirname, '..', 'models', '.trials');
const stateDir = await mkdtemp(path.join(os.tmpdir(), 'trials-'));
await rm(shipped, { recursive: true, force: true });
const app = createApp(
  loadConfig({ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn' }, { stateDir, watchModels: false }),
);
await app.start();
for (const { name, versions } of app.catalog.list()) {
  for (const { version, state } of versions) {
    if (state === 'unloaded') await app.catalog.loadModel(name, version);
  }
}
await cp(path.join(stateDir, 'trials'), shipped, { recursive: true });
await app.stop();
await rm(stateDir, { recursive: true });
process.exit(0);
