import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, withMounts } from '../support/private-mounts.ts';
import { freePort } from '../support/redis-server.ts';
import { type MlflowServer, startMlflow } from '../support/sources/mlflow-server.ts';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  startObjectStore,
} from '../support/sources/object-store.ts';

interface Health {
  readonly status: string;
  readonly reasons: readonly string[];
}

interface LogLine {
  readonly level: number;
  readonly msg: string;
}

const INPUT = { features: { island: 'Dream', body_mass_g: 3700 } };

/** A server whose `STATE_DIR` is a disk of its own. */
class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  #log = '';
  readonly #waiting: (() => void)[] = [];

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.url = `http://127.0.0.1:${port}`;
    child.stdout?.on('data', (piece: Buffer) => {
      this.#log += piece.toString();
      for (const wake of this.#waiting.splice(0)) wake();
    });
    child.on('exit', () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /**
   * @param disk options of the file system
   * @param starts times that the server is started on it, one after the other
   */
  static async start(
    state: string,
    disk: string,
    env: Record<string, string>,
    starts = 1,
  ): Promise<Server> {
    const port = await freePort();
    const once = 'node dist/main.js & echo "pid $!"; wait $!';
    const program = Array.from({ length: starts }, () => once).join('; ');
    const { command, args } = withMounts(
      [`mount -t tmpfs -o ${disk} tmpfs ${state}`],
      ['sh', '-c', program],
    );
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(port),
        STATE_DIR: state,
        LOG_FORMAT: 'json',
        MODELS_URL_POLL_MS: '200',
        ...env,
      },
    });
    const server = new Server(child, port);
    await server.readyTimes(1);
    return server;
  }

  /** Lines of the log. */
  get lines(): LogLine[] {
    return this.#log
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Process id of the server that was started last. */
  get pid(): number {
    return Number([...this.#log.matchAll(/^pid (\d+)$/gm)].at(-1)?.[1]);
  }

  /** Waits until a server was ready so many times. */
  async readyTimes(times: number): Promise<void> {
    while (this.lines.filter(({ msg }) => msg === 'ready').length < times) {
      if (this.#process.exitCode !== null) throw new Error(`it ended:\n${this.#log}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async health(): Promise<Health> {
    return (await (await fetch(`${this.url}/health`)).json()) as Health;
  }

  async predicts(model: string): Promise<number> {
    const response = await fetch(`${this.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: INPUT }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** Ends the server, the one that may follow it, and with them the disk. */
  async stop(): Promise<void> {
    const { pid, exitCode } = this.#process;
    if (pid === undefined || exitCode !== null) return;
    process.kill(-pid, 'SIGKILL');
    await once(this.#process, 'exit');
  }
}

describe.skipIf(!canMount)('a disk that is too small', { timeout: 120_000 }, () => {
  let store: ObjectStore;
  let mlflow: MlflowServer | undefined;
  let state: string;
  let server: Server | undefined;
  beforeEach(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'small-disk-'));
    store = await startObjectStore();
    const root = 'models/penguins';
    for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      store.objects.set(`bucket/m/penguins/${path.relative(root, file)}`, await readFile(file));
    }
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await store.close();
    await mlflow?.close();
    mlflow = undefined;
    await rm(state, { recursive: true, force: true });
  });

  const env = (more: Record<string, string> = {}) => ({
    MODELS_URL: 's3://bucket/m',
    AWS_ENDPOINT_URL: store.url,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: SECRET_KEY,
    ...more,
  });

  it.each([
    ['the disk', {}, /"large" needs more than the 5\d\d\d\.\d MB that are free on the disk$/],
    [
      'MODELS_MAX_BYTES',
      { MODELS_MAX_BYTES: '1GB' },
      /"large" needs more than the 10\d\d\.\d MB that MODELS_MAX_BYTES leaves beside/,
    ],
  ])(
    'has a model of 10 GB refused before any of it is fetched, by %s; others serve',
    async (_bound, more, reason) => {
      store.objects.set('bucket/m/large/1/model.onnx', Buffer.alloc(10));
      store.claims.set('bucket/m/large/1/model.onnx', 10 * 1024 ** 3);
      server = await Server.start(state, 'size=5g', env(more));
      expect(await server.predicts('penguins')).toBe(200);
      const health = await server.health();
      expect(health.status).toBe('degraded');
      expect(health.reasons).toHaveLength(1);
      expect(health.reasons[0]).toMatch(reason);
      expect(store.requests.filter((url) => url.includes('large/1'))).toEqual([]);
      expect(server.lines.filter(({ level }) => level >= 50)).toEqual([]);
    },
  );

  it('has a model whose size nobody told given up when it is full', async () => {
    mlflow = await startMlflow({
      artifactUri: (version) => `mlflow-artifacts:/exp/m${version}`,
      artifacts: { 'exp/m2/model.onnx': 'x' },
      sizes: false,
    });
    mlflow.fault = (request, response) => {
      if (!request.url?.includes('model.onnx')) return false;
      const piece = Buffer.alloc(1024 ** 2);
      const write = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.writeHead(200).on('drain', write);
      write();
      return true;
    };
    const urls = { MODELS_URL: 's3://bucket/m,mlflow:fraud@champion' };
    server = await Server.start(
      state,
      'size=100m',
      env({ ...urls, MLFLOW_TRACKING_URI: mlflow.url }),
    );
    expect(await server.predicts('penguins')).toBe(200);
    const { reasons } = await server.health();
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/"fraud" needs more than the 3\d\.\d MB that are free on the disk$/);
    expect(server.lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  it('that is full in earnest leaves what serves, and a server that starts on it', async () => {
    server = await Server.start(state, 'size=200m,nr_inodes=200', env(), 2);
    expect(await server.predicts('penguins')).toBe(200);
    const disk = path.join(`/proc/${server.pid}/root`, state);
    for (let i = 0; ; i++) {
      const error = await writeFile(path.join(disk, `filler-${i}`), 'x').catch(
        (thrown: unknown) => thrown,
      );
      if (error === undefined) continue;
      expect(error).toMatchObject({ code: 'ENOSPC' });
      break;
    }
    for (let i = 0; i < 100; i++) store.objects.set(`bucket/m/more/1/${i}.bin`, Buffer.alloc(1));
    const saysSo = async () => {
      for (;;) {
        const { reasons } = (await server?.health()) ?? { reasons: [] };
        if (reasons.length > 0) return reasons;
      }
    };
    expect((await saysSo())[0]).toMatch(/ENOSPC|does not fit on the disk/);
    expect(await server.predicts('penguins')).toBe(200);

    process.kill(server.pid, 'SIGTERM');
    await server.readyTimes(2);
    expect(await server.predicts('penguins')).toBe(200);
    expect((await server.health()).reasons[0]).toMatch(/ENOSPC|does not fit on the disk/);
    expect(server.lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  it('costs no prediction where it is full of recorded predictions', async () => {
    const settings = { CAPTURE: 'true', CAPTURE_MAX_BYTES: '1GB' };
    server = await Server.start(state, 'size=64k', settings);
    const batch = (from: number) => ({
      model: 'penguins',
      inputs: Array.from({ length: 200 }, (_, i) => ({
        features: { island: 'Dream', body_mass_g: from + i },
      })),
    });
    const dropped = async (): Promise<number> => {
      const response = await fetch(`${server?.url}/metrics/prometheus`);
      const found = /capture_dropped_total\{reason="write_failed"\} (\d+)/.exec(
        await response.text(),
      );
      return Number(found?.[1] ?? 0);
    };
    for (let from = 1000; (await dropped()) === 0; from += 200) {
      const response = await fetch(`${server.url}/predict/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(batch(from)),
      });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain('"error"');
    }
    expect(await server.predicts('penguins')).toBe(200);
    const failures = server.lines.filter(({ msg }) => msg.startsWith('predictions cannot'));
    expect(failures).toHaveLength(1);
    expect(server.lines.filter(({ level }) => level >= 50)).toEqual([]);
    // What was written are whole lines.
    const folder = path.join(`/proc/${server.pid}/root`, state, 'capture/penguins');
    for (const file of await readdir(folder)) {
      const text = await readFile(path.join(folder, file), 'utf8');
      for (const line of text.split('\n').filter((each) => each !== '')) JSON.parse(line);
    }
  });
});
