import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config.ts';
import { runApp } from '../support/running-app.ts';
import { filesOf } from '../support/sources/files-of.ts';
import { type Hub, startHub } from '../support/sources/hub.ts';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  startObjectStore,
} from '../support/sources/object-store.ts';
import { parseAddresses } from '../../src/repository/sources/address.ts';

const PAGE = readFileSync('docs/models-from.md', 'utf8');

describe('docs/models-from.md', () => {
  const addresses = [
    ...[...PAGE.matchAll(/^MODELS_URL=(\S+) npm start$/gm)].map(([, list = '']) => list),
    ...[...PAGE.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
    ),
  ].filter((text) => /^(?:\w+:|\/)/.test(text) && text.length > 7 && !text.endsWith('://'));

  it('has examples', () => expect(addresses.length).toBeGreaterThan(8));

  it.each(addresses)('has addresses that are taken: %s', (address) => {
    expect(parseAddresses(address.replace('sha256=…', `sha256=${'a'.repeat(64)}`))).not.toEqual([]);
  });

  it('names settings that there are, and all of those that sources have', () => {
    const known = Object.values(SETTINGS).map(({ env }) => env);
    const named = [...PAGE.matchAll(/`([A-Z]+_[A-Z_]+)[`=]/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    const ofSources = known.filter((name) =>
      /^(?:MODELS_(?:URL|MAX)|AWS_|GS_|HF_|MLFLOW_)/.test(name),
    );
    const text = PAGE.replaceAll('GS_ENDPOINT_URL', '');
    const left = ofSources.filter((name) => !text.includes(name) && name !== 'GS_ENDPOINT_URL');
    expect(left).toEqual([]);
  });
});

describe('the commands of docs/models-from.md', { timeout: 120_000 }, () => {
  let folder: string;
  let store: ObjectStore;
  let hub: Hub;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'models-from-'));
    store = await startObjectStore();
    for (const [file, content] of await filesOf('models/penguins')) {
      store.objects.set(`models/prod/penguins/${file}`, content);
    }
    const exported = await filesOf('test/fixtures/models/hf-text-classification/1');
    hub = await startHub({
      files: Object.fromEntries(exported),
      repository: 'acme/intent-classifier',
    });
    await mkdir(path.join(folder, 'export'));
    await cp(
      'test/fixtures/models/onnx-two-heads/1/model.onnx',
      path.join(folder, 'export/model.onnx'),
    );
  });
  afterAll(async () => {
    await Promise.all([store.close(), hub.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const starts = [...PAGE.matchAll(/^MODELS_URL=(\S+) npm start$/gm)].map(([, list = '']) => list);

  it.each([
    [starts[0] ?? '', ['penguins']],
    [starts[1] ?? '', ['intents', 'penguins']],
  ])('serve what they say: MODELS_URL=%s', async (modelsUrl, models) => {
    const app = await runApp({
      modelsUrl,
      stateDir: await mkdtemp(path.join(folder, 'state-')),
      awsEndpointUrl: store.url,
      awsAccessKeyId: ACCESS_KEY,
      awsSecretAccessKey: SECRET_KEY,
      hfEndpoint: hub.url,
    });
    try {
      const { models: listed } = (await app.get('/models')).body as unknown as {
        models: { name: string; state: string }[];
      };
      expect(listed.map(({ name }) => name)).toEqual(models);
      expect((await app.get('/health')).body.status).toBe('healthy');
    } finally {
      await app.stop();
    }
  });

  it('put models into the folder, one after the other', async () => {
    const commands = [...PAGE.matchAll(/^ml-inference-api (models add .+)$/gm)].map(
      ([, command = '']) => command.split(' '),
    );
    expect(commands).toHaveLength(2);
    const cli = path.resolve('dist/cli.js');
    for (const command of commands) {
      const { stdout } = await promisify(execFile)(process.execPath, [cli, ...command], {
        cwd: folder,
        env: { PATH: process.env.PATH, HF_ENDPOINT: hub.url },
      });
      expect(stdout).toMatch(/^Added "(?:intent-classifier|resnet)" [\s\S]*type Query \{/);
    }
    expect(await readdir(path.join(folder, 'models'))).toEqual(['intent-classifier', 'resnet']);
  });
});
