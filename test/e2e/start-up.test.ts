import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFaultModel } from '../support/faults/fault-model.ts';
import { freePort } from '../support/redis-server.ts';
import { startServerProcess } from '../support/faults/server-process.ts';

describe('a start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'start-'));
    await writeFile(path.join(folder, 'a-file'), '');
    await writeFaultModel(path.join(folder, 'models'), 'a');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const cases: [string, (folder: string) => Record<string, string>, RegExp][] = [
    ['a bad number', () => ({ PORT: 'abc' }), /^Bad configuration: PORT="abc": .*0 to 65535/],
    [
      'a number out of range',
      () => ({ WORKERS_PER_MODEL: '0' }),
      /WORKERS_PER_MODEL="0": expected a whole number from 1 to 64/,
    ],
    [
      'several bad settings at once',
      () => ({ PORT: '-1', LOG_LEVEL: 'loud' }),
      /^Bad configuration: PORT="-1": .*; LOG_LEVEL="loud": /,
    ],
    ['a URL that is not one of Redis', () => ({ REDIS_URL: 'http://localhost' }), /REDIS_URL=/],
    [
      'a URL of Redis without a host',
      () => ({ REDIS_URL: 'redis://:secret@' }),
      /REDIS_URL|redis:\/\//,
    ],
    ['a models folder that does not exist', (at) => ({ MODELS_DIR: `${at}/none` }), /ENOENT/],
    ['a models folder that is a file', (at) => ({ MODELS_DIR: `${at}/a-file` }), /ENOTDIR/],
    ['an address of another machine', () => ({ HOST: '192.0.2.1' }), /HOST=192\.0\.2\.1/],
  ];

  it.each(cases)('with %s says so in one line and exits with 1', async (_name, env, line) => {
    await using server = startServerProcess({ MODELS_DIR: `${folder}/models`, ...env(folder) });
    expect(await server.exit).toBe(1);
    expect(server.stderr).toHaveLength(1);
    expect(server.stderr[0]).toMatch(line);
    expect(server.stderr[0]).not.toContain('secret');
  });

  it('with a busy port says so in one line and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await using server = startServerProcess({ MODELS_DIR: `${folder}/models`, PORT: `${port}` });
    expect(await server.exit).toBe(1);
    expect(server.stderr).toEqual([`Port ${port} is in use; set PORT to another one.`]);
    other.close();
  });

  it('with good settings is ready when its models are, and stops with 0 when told to', async () => {
    await using server = startServerProcess({ MODELS_DIR: `${folder}/models` });
    const url = await server.ready();
    const probe = await fetch(`${url}/readyz`);
    expect(probe.status).toBe(200);
    await probe.text();
    server.signal('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(server.stderr).toEqual([]);
  });

  it('says of models whose turn to load has not come that they are loading', async () => {
    const port = await freePort();
    await using server = startServerProcess({ PORT: `${port}` });
    const isReady = () => server.log.all.some(({ msg }) => msg === 'ready');
    const seen = new Set<string>();
    while (!isReady()) {
      const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      const body = (await response?.json()) as { models: { state: string }[] } | undefined;
      for (const { state } of body?.models ?? []) seen.add(state);
    }
    expect(seen).toContain('loading');
    expect([...seen]).not.toContain('failed');
  });

  it('stops when it is told to before its models are loaded', async () => {
    await using server = startServerProcess({
      MODELS_DIR: `${folder}/models`,
      LOG_LEVEL: 'debug',
      SHUTDOWN_TIMEOUT_MS: '5000',
    });
    await server.log.first(1, ({ state }) => state === 'loading');
    server.signal('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(server.stderr).toEqual([]);
  });
});
