import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runApp } from '../support/running-app.ts';
import { filesOf } from '../support/sources/files-of.ts';
import { type Hub, type HubOptions, startHub } from '../support/sources/hub.ts';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('models add', { timeout: 120_000 }, () => {
  let folder: string;
  let hub: Hub | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'add-'));
  });
  afterEach(async () => {
    await hub?.close();
    hub = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const add = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<Outcome>((resolve) => {
      const child = execFile(
        process.execPath,
        ['dist/cli.js', 'models', 'add', ...args, '--models', path.join(folder, 'models')],
        { env: { PATH: process.env.PATH, ...env } },
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
    });

  const added = () => readdir(path.join(folder, 'models')).catch(() => []);

  async function openHub(options: Partial<HubOptions> = {}): Promise<Record<string, string>> {
    const files = await filesOf('test/fixtures/models/hf-text-classification/1');
    hub = await startHub({ files: Object.fromEntries(files), ...options });
    return { HF_ENDPOINT: hub.url };
  }

  it('fetches an exporter’s folder of the hub, and says the typed field that it has', async () => {
    const env = await openHub({ token: 'hf_secret' });
    const token = path.join(folder, 'token');
    await writeFile(token, 'hf_secret\n');
    const outcome = await add(['hf://acme/tiny@v1.0'], { ...env, HF_TOKEN_FILE: token });
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.stdout).toMatch(
      /^Added "tiny" \(text → classification, onnx, loaded in \d+ ms\)/,
    );
    expect(outcome.stdout).toMatch(/type Query \{[\s\S]*tiny\(/);
    expect(outcome.stderr).toMatch(/tiny: \d+ files, \d+ bytes/);
    expect(outcome.stdout + outcome.stderr).not.toContain('hf_secret');
    expect(await added()).toEqual(['tiny']);
  });

  it.each<[string, Partial<HubOptions>, readonly string[], RegExp]>([
    [
      'a wrong token',
      { token: 'hf_other' },
      ['hf://acme/tiny@v1.0'],
      /^hf:\/\/acme\/tiny@v1\.0 refuses the credentials \(401\)\n$/,
    ],
    [
      'a branch that is not there',
      {},
      ['hf://acme/tiny@v9'],
      /^hf:\/\/acme\/tiny@v9 is not there \(404\)\n$/,
    ],
    [
      'a file that was damaged on its way',
      { content: (file) => (file === 'config.json' ? '{"changed": true}' : undefined) },
      ['hf://acme/tiny@v1.0'],
      /config\.json (?:has more than the \d+ bytes|ended after|has another Git digest)/,
    ],
    [
      'a repository without an export',
      { files: { 'pytorch_model.bin': 'x' } },
      ['hf://acme/tiny@v1.0'],
      /holds no model\.onnx, .*pytorch_model\.bin, to be exported to ONNX/,
    ],
    ['an address that is none', {}, ['hf://a/b/c'], /^expected hf:\/\/owner\/name@revision\n$/],
  ])('of %s leaves the folder as it was, and says why', async (_name, options, args, message) => {
    const env = await openHub(options);
    const { code, stderr, stdout } = await add(args, env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(await added()).toEqual([]);
  });

  it('takes a file, and the name that is given', async () => {
    const file = 'test/fixtures/models/onnx-two-heads/1/model.onnx';
    const { code, stdout } = await add([file, '--name', 'heads']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Added "heads"/);
    expect(stdout).toMatch(/heads\(/);
    expect(await added()).toEqual(['heads']);
  });

  it('takes a folder, and replaces a model only when it is told to', async () => {
    const first = await add(['models/penguins', '--name', 'birds']);
    expect(first.stdout).toMatch(/^Added "birds" \(features → classification, \w+, loaded in/);
    expect(first.stdout).toMatch(/type Query \{[\s\S]*birds\(/);
    const again = await add(['models/penguins', '--name', 'birds']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--force replaces it')]);
    expect((await add(['models/penguins', '--name', 'birds', '--force'])).code).toBe(0);
    expect(await added()).toEqual(['birds']);
  });

  it('leaves the folder as it was when the model cannot be used', async () => {
    await mkdir(path.join(folder, 'models'));
    await cp('models/penguins', path.join(folder, 'models', 'bad'), { recursive: true });
    const before = await readFile(path.join(folder, 'models/bad/model.yaml'), 'utf8');
    await mkdir(path.join(folder, 'bad'));
    await writeFile(path.join(folder, 'bad', 'model.onnx'), 'no graph');
    const { code, stderr } = await add([path.join(folder, 'bad'), '--force']);
    expect(code).toBe(1);
    expect(stderr).toContain('bad cannot be used');
    expect(await added()).toEqual(['bad']);
    expect(await readFile(path.join(folder, 'models/bad/model.yaml'), 'utf8')).toBe(before);
  });

  it('gives a server that watches the folder the model whole', async () => {
    await mkdir(path.join(folder, 'models'));
    const server = await runApp({
      modelsDir: path.join(folder, 'models'),
      stateDir: path.join(folder, 'state'),
      modelsPollMs: 100,
      modelsQuietMs: 50,
    });
    try {
      expect((await add(['models/penguins'])).code).toBe(0);
      await vi.waitFor(
        () => expect(server.app.catalog.get('penguins')?.servingVersion).toBeTruthy(),
        { timeout: 30_000 },
      );
      expect(server.app.catalog.list().map(({ name }) => name)).toEqual(['penguins']);
    } finally {
      await server.stop();
    }
  });
});
