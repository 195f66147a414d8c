import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_DRAIN } from '../support/no-drain.ts';
import { freePort } from '../support/redis-server.ts';
import { buildImage, listing, readStages, stagesOf, type Stage } from './image-build.ts';

const STAGES = readStages(readFileSync('Dockerfile', 'utf8'));

const stage = (name: string): Stage => {
  const found = STAGES.find((each) => each.name === name);
  if (!found) throw new Error(`there is no stage ${name}`);
  return found;
};

const last = (name: string, instruction: string): string =>
  stage(name).steps.findLast((step) => step.instruction === instruction)?.text ?? '';

describe('the Dockerfile', () => {
  it('builds the image for all architectures where no target is named', () => {
    expect(STAGES.at(-1)?.name).toBe('runtime');
    for (const each of stagesOf(STAGES, 'runtime')) {
      expect(each.base).toMatch(/^node:22-bookworm(?:-slim)?$/);
      for (const { text } of each.steps) expect(text).not.toMatch(/amd64|x86_64|x64|arm64|aarch64/);
    }
  });

  it('has a target with the CUDA libraries that is the same otherwise', () => {
    expect(last('deps-cuda', 'RUN')).toMatch(/ONNXRUNTIME_NODE_INSTALL=cuda12 /);
    expect(existsSync('node_modules/onnxruntime-node/script/install.js')).toBe(true);
    const same = (name: string) =>
      stage(name)
        .steps.filter(({ text }) => !text.includes('/usr/local/bin/node'))
        .map(({ instruction, text }) => `${instruction} ${text.replace('deps-cuda', 'deps')}`);
    expect(same('cuda')).toEqual(same('runtime'));
  });

  it.each(['runtime', 'cuda'])(
    '%s starts as nobody that may do anything, without a shell',
    (name) => {
      expect(last(name, 'USER')).toBe('1000:1000');
      expect(JSON.parse(last(name, 'CMD'))).toEqual([
        'node',
        '--enable-source-maps',
        'dist/main.js',
      ]);
    },
  );
});

describe('the image, each step done in order in a clean folder', () => {
  let folder: string;
  let root: string;
  let server: ChildProcess | undefined;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'image-'));
    chmodSync(folder, 0o755);
    root = buildImage('.', 'runtime', folder);
  }, 600_000);
  afterAll(async () => {
    if (server?.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  it('holds what it needs and nothing else', () => {
    const app = path.join(root, 'app');
    expect(listing(app)).toEqual([
      'LICENSE',
      'dist',
      'models',
      'node_modules',
      'package.json',
      'proto',
      'sbom.cdx.json',
      'schema',
    ]);
    expect(listing(path.join(app, 'schema'))).toEqual(['schema.graphql']);
    expect(listing(path.join(app, 'dist'))).toEqual(
      expect.arrayContaining(['cli.js', 'main.js', 'worker-entry.js', 'console']),
    );
    for (const name of ['vitest', 'typescript', 'eslint', 'kubernetes-models', 'fastify']) {
      expect(existsSync(path.join(app, 'node_modules', name)), name).toBe(false);
    }
    for (const name of ['onnxruntime-node', 'graphql-yoga', 'aws4fetch', 'tar']) {
      expect(existsSync(path.join(app, 'node_modules', name)), name).toBe(true);
    }
  });

  it('brings a bill of its materials', () => {
    const bill = JSON.parse(readFileSync(path.join(root, 'app/sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      components: { name: string; version: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const names = bill.components.map(({ name }) => name);
    expect(names).toContain('onnxruntime-node');
    expect(names).not.toContain('vitest');
  });

  it('starts as its user on files that are not that user’s, is healthy, and stops', async () => {
    const [environment = ''] = stage('runtime').steps.flatMap(({ instruction, text }) =>
      instruction === 'ENV' ? [text] : [],
    );
    const port = await freePort();
    const env = Object.fromEntries(
      environment.split(/\s+/).map((pair) => pair.split('=') as [string, string]),
    );
    const local = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [
        name,
        value.startsWith('/') ? path.join(root, value) : value,
      ]),
    );
    const [, ...args] = JSON.parse(last('runtime', 'CMD')) as string[];
    const cwd = path.join(root, 'app');
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? { uid: 1000, gid: 1000 } : {};
    const options = {
      cwd,
      env: { ...local, PORT: String(port), PATH: process.env.PATH, ...NO_DRAIN },
      ...user,
    };
    if (isRoot) expect(statSync(cwd).uid).toBe(0);
    const started = spawn(process.execPath, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server = started;
    let log = '';
    started.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (piece: Buffer) => {
        log += piece.toString();
        if (log.includes('"msg":"ready"')) resolve();
      });
      started.on('exit', () => reject(new Error(`it ended:\n${log}`)));
    });
    const check = /CMD (\[.*\])$/.exec(last('runtime', 'HEALTHCHECK'))?.[1] ?? '[]';
    const [, ...checkArgs] = JSON.parse(check) as string[];
    expect(spawnSync(process.execPath, checkArgs, options).status).toBe(0);
    started.removeAllListeners('exit');
    started.kill('SIGTERM');
    const [status] = (await once(started, 'exit')) as [number];
    expect(status).toBe(0);
    expect(spawnSync(process.execPath, checkArgs, options).status).toBe(1);
  }, 120_000);
});
