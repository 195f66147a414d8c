import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_DRAIN } from '../support/no-drain.ts';
import { canMount, withMounts } from '../support/private-mounts.ts';
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

/** Becomes the user of the image, without any capability, where the tests run as root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'].concat([
        '--no-new-privs',
        '--inh-caps=-all',
        '--bounding-set=-all',
      ])
    : [];

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

  const startImage = async (
    mounts: readonly string[],
    more: Record<string, string> = {},
  ): Promise<{ health: () => number | null; url: string; stop: () => Promise<number> }> => {
    const [environment = ''] = stage('runtime').steps.flatMap(({ instruction, text }) =>
      instruction === 'ENV' ? [text] : [],
    );
    const port = await freePort();
    const env = Object.fromEntries(
      environment.split(/\s+/).map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [name, value.startsWith('/') ? path.join(root, value) : value];
      }),
    );
    const cwd = path.join(root, 'app');
    const options = {
      cwd,
      env: { ...env, PORT: String(port), PATH: process.env.PATH, ...NO_DRAIN, ...more },
    };
    const [, ...args] = JSON.parse(last('runtime', 'CMD')) as string[];
    const program = withMounts(mounts, [...AS_NOBODY, process.execPath, ...args]);
    const started = spawn(program.command, program.args, {
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
    started.removeAllListeners('exit');
    const check = /CMD (\[.*\])$/.exec(last('runtime', 'HEALTHCHECK'))?.[1] ?? '[]';
    const [, ...checkArgs] = JSON.parse(check) as string[];
    return {
      url: `http://127.0.0.1:${port}`,
      health: () => spawnSync(process.execPath, checkArgs, options).status,
      stop: async () => {
        started.kill('SIGTERM');
        const [status] = (await once(started, 'exit')) as [number];
        return status;
      },
    };
  };

  const predict = async (url: string): Promise<number> => {
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: 'Where is my card?', model: 'banking77' }),
    });
    return response.status;
  };

  it.skipIf(!canMount).each([
    ['with a volume for STATE_DIR', true],
    ['with nothing that it may write', false],
  ])(
    'starts as its user, without rights, on a root that is read-only, %s, is healthy, and stops',
    async (_name, hasState) => {
      const app = path.join(root, 'app');
      if (process.getuid?.() === 0) expect(statSync(app).uid).toBe(0);
      const state = path.join(root, 'var/lib/ml-inference-api');
      const image = await startImage([
        ...(hasState ? [`mount -t tmpfs -o mode=1777 tmpfs ${state}`] : []),
        'mount -o remount,bind,ro /',
        `! touch ${app}/written 2>/dev/null`,
      ]);
      expect(await predict(image.url)).toBe(200);
      expect(image.health()).toBe(0);
      expect(await image.stop()).toBe(0);
      expect(image.health()).toBe(1);
    },
    120_000,
  );
});
