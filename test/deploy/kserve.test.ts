import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../../scripts/render-chart.ts';
import { NO_DRAIN } from '../support/no-drain.ts';
import { freePort } from '../support/redis-server.ts';
import { validateObject } from '../support/validate-object.ts';

const read = async <T = KubernetesObject>(file: string): Promise<T> =>
  parse(await readFile(path.join('deploy/kserve', file), 'utf8')) as T;

interface Runtime extends KubernetesObject {
  readonly spec: {
    readonly containers: readonly {
      readonly command: readonly string[];
      readonly args: readonly string[];
      readonly env: readonly { readonly name: string; readonly value: string }[];
      readonly readinessProbe: {
        readonly httpGet: { readonly path: string; readonly port: number };
      };
    }[];
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
  });
});

describe('the container that KServe starts', () => {
  let mount: string;
  let server: ChildProcess;
  let url: string;
  let runtime: Runtime;
  let log = '';
  beforeAll(async () => {
    runtime = await read<Runtime>('cluster-serving-runtime.yaml');
    // The storage initializer puts what is below storageUri into /mnt/models, nothing around it.
    mount = await mkdtemp(path.join(os.tmpdir(), 'mnt-models-'));
    await cp('models/banking77', mount, { recursive: true });
    const port = await freePort();
    const [container] = runtime.spec.containers;
    if (!container) throw new Error('there is no container');
    const [command = '', ...rest] = [...container.command, ...container.args].map((argument) =>
      argument
        .replaceAll('{{.Name}}', 'intents')
        .replace('/mnt/models', mount)
        .replace('--port=8080', `--port=${port}`),
    );
    const grpcPort = await freePort();
    const env = Object.fromEntries(
      container.env.map(({ name, value }) => [
        name,
        name === 'GRPC_PORT' ? String(grpcPort) : value,
      ]),
    );
    server = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env, ...NO_DRAIN },
    });
    server.stdout?.on('data', (piece: Buffer) => (log += piece.toString()));
    url = `http://127.0.0.1:${port}`;
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', () => {
        if (log.includes('"msg":"ready"')) resolve();
      });
      server.on('exit', () => reject(new Error(`it ended:\n${log}`)));
    });
  }, 180_000);
  afterAll(async () => {
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(mount, { recursive: true, force: true });
  });

  it('is ready where its probe looks, and serves the model by the name of the InferenceService', async () => {
    const probe = runtime.spec.containers[0]?.readinessProbe.httpGet;
    expect((await fetch(`${url}${probe?.path ?? ''}`)).status).toBe(200);
    const models = (await (await fetch(`${url}/models`)).json()) as { models: { name: string }[] };
    expect(models.models.map(({ name }) => name)).toEqual(['intents']);
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: 'Where is my card?', model: 'intents' }),
    });
    expect(await response.json()).toMatchObject({ model: 'intents', version: '2' });
  });

  it('ends by SIGTERM with status 0', async () => {
    server.kill('SIGTERM');
    const [status] = (await once(server, 'exit')) as [number];
    expect(status).toBe(0);
  });
});
