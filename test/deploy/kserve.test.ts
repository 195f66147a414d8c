import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../../scripts/render-chart.ts';
import { NO_DRAIN } from '../support/no-drain.ts';
import { GrpcClient } from '../support/oip.ts';
import { freePort } from '../support/redis-server.ts';
import { validateObject } from '../support/validate-object.ts';

const read = async <T = KubernetesObject>(file: string): Promise<T> =>
  parse(await readFile(path.join('deploy/kserve', file), 'utf8')) as T;

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
}

interface Runtime extends KubernetesObject {
  readonly spec: {
    readonly containers: readonly [
      {
        readonly image: string;
        readonly command: readonly string[];
        readonly args: readonly string[];
        readonly env: readonly { readonly name: string; readonly value: string }[];
        readonly readinessProbe: Probe;
        readonly livenessProbe: Probe;
        readonly startupProbe: Probe;
      },
    ];
    readonly volumes: readonly object[];
    readonly supportedModelFormats: readonly { readonly name: string }[];
  };
}

describe('the objects of KServe', () => {
  it('are valid, the container too, and fit together', async () => {
    const runtime = await read<Runtime>('cluster-serving-runtime.yaml');
    const service = await read('inference-service.yaml');
    validateObject(runtime);
    validateObject(service);
    validateObject({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'banking77-predictor' },
      spec: { containers: runtime.spec.containers, volumes: runtime.spec.volumes },
    });
    expect(service).toMatchObject({
      spec: { predictor: { model: { runtime: runtime.metadata.name } } },
    });
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(runtime.spec.containers[0].image).toBe(`ml-inference-api:${version}`);
  });
});

/** A container as KServe starts it for an InferenceService `intents`, on ports of the loopback. */
class Container {
  readonly url: string;
  readonly grpcPort: number;
  readonly #process: ChildProcess;
  readonly #mount: string;
  #log = '';

  private constructor(process: ChildProcess, mount: string, port: number, grpcPort: number) {
    this.#process = process;
    this.#mount = mount;
    this.url = `http://127.0.0.1:${port}`;
    this.grpcPort = grpcPort;
    process.stdout?.on('data', (piece: Buffer) => (this.#log += piece.toString()));
  }

  /** Starts one whose storage initializer has put `files` into `/mnt/models`, nothing around it. */
  static async start(
    { spec }: Runtime,
    fill: (mount: string) => Promise<unknown>,
    env: Record<string, string> = {},
  ): Promise<Container> {
    const mount = await mkdtemp(path.join(os.tmpdir(), 'mnt-models-'));
    await fill(mount);
    const [port, grpcPort] = [await freePort(), await freePort()];
    const [container] = spec.containers;
    const [command = '', ...rest] = [...container.command, ...container.args].map((argument) =>
      argument
        .replaceAll('{{.Name}}', 'intents')
        .replace('/mnt/models', mount)
        .replace('--port=8080', `--port=${port}`),
    );
    const its = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        ...its,
        GRPC_PORT: String(grpcPort),
        STATE_DIR: path.join(mount, '..', `${path.basename(mount)}-state`),
        ...NO_DRAIN,
        ...env,
      },
    });
    const started = new Container(child, mount, port, grpcPort);
    await started.#isReady();
    return started;
  }

  async #isReady(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#process.stdout?.on('data', () => {
        if (this.#log.includes('"msg":"ready"')) resolve();
      });
      this.#process.on('exit', () => reject(new Error(`it ended:\n${this.#log}`)));
    });
  }

  async get(route: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(this.url + route);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  /** Waits for the end; answers the exit status. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    return this.#process.exitCode;
  }

  async remove(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    await rm(this.#mount, { recursive: true, force: true });
    await rm(`${this.#mount}-state`, { recursive: true, force: true });
  }
}

describe('the container that KServe starts', { timeout: 180_000 }, () => {
  let container: Container | undefined;
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await read<Runtime>('cluster-serving-runtime.yaml');
  });
  afterEach(() => container?.remove());

  it('is ready where its probes look, serves v2 and grpc-v2 by the name of the InferenceService, and leaves when it is told to', async () => {
    const its = (container = await Container.start(
      runtime,
      (mount) => cp('models/banking77', mount, { recursive: true }),
      { DRAIN_DELAY_MS: '2000' },
    ));
    const [{ readinessProbe, livenessProbe, startupProbe }] = runtime.spec.containers;
    for (const { httpGet } of [readinessProbe, livenessProbe, startupProbe]) {
      expect((await its.get(httpGet.path)).status).toBe(200);
    }
    expect((await its.get('/v2/models/intents/ready')).status).toBe(200);
    expect((await its.get('/v2/models/intents')).body).toMatchObject({ name: 'intents' });
    const infer = () =>
      fetch(`${its.url}/v2/models/intents/infer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          inputs: [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['Where is my card?'] }],
        }),
      });
    const answer = await infer();
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(await answer.json()).toMatchObject({ model_name: 'intents', model_version: '2' });

    const client = new GrpcClient(its.grpcPort);
    try {
      expect(await client.call('ServerReady', {})).toMatchObject({ ready: true });
      expect(await client.call('ModelReady', { name: 'intents' })).toMatchObject({ ready: true });
    } finally {
      client.close();
    }

    its.terminate();
    const readiness = readinessProbe.httpGet.path;
    await vi.waitFor(async () => expect((await its.get(readiness)).status).toBe(400));
    expect((await infer()).status).toBe(200);
    expect(await its.ended()).toBe(0);
  });

  it.each([
    ['a file of any name', 'weights-final.onnx'],
    ['a folder of a version', '7/model.onnx'],
    ['the name that everybody gives it', 'model.onnx'],
  ])('serves %s out of the storage', async (_name, file) => {
    const its = (container = await Container.start(
      runtime,
      async (mount) => {
        await mkdir(path.dirname(path.join(mount, file)), { recursive: true });
        await cp('test/fixtures/models/onnx-two-heads/1/model.onnx', path.join(mount, file));
      },
      { DRAIN_DELAY_MS: '0' },
    ));
    expect((await its.get('/v2/models/intents/ready')).status).toBe(200);
    const answer = await fetch(`${its.url}/v2/models/intents/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [0, 1, 2, 3] }],
      }),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
    its.terminate();
    expect(await its.ended()).toBe(0);
  });
});
