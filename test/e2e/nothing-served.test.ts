import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/access/api-key.ts';
import {
  constant,
  FLOAT,
  graph,
  modelFile,
  node,
  valueInfo,
} from '../support/faults/onnx-writer.ts';
import { startServerProcess } from '../support/faults/server-process.ts';
import { type RunningApp, runApp } from '../support/running-app.ts';

const ONNX = 'test/fixtures/models/onnx-two-heads/1/model.onnx';

/** What files of other formats are told to become. */
const STRAYS: readonly (readonly [string, string])[] = [
  ['resnet.pt', 'torch.onnx.export'],
  ['churn.pkl', 'skl2onnx'],
  ['prices.h5', 'tensorflowjs_converter'],
  ['bert.safetensors', 'optimum-cli export onnx'],
  ['llama.gguf', 'llama.cpp'],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'nothing-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (file: string, content: string | Buffer = 'x'): Promise<void> => {
  const at = path.join(folder, file);
  await mkdir(path.dirname(at), { recursive: true });
  await writeFile(at, content);
};

/** The last line of the log of a start, and what the probes say after it. */
async function start(env: Readonly<Record<string, string>> = {}) {
  const server = startServerProcess({ MODELS_DIR: folder, ...env });
  const url = await server.ready();
  await server.log.first(1, ({ msg }) => String(msg).startsWith('no model can answer'));
  const probe = await fetch(`${url}/readyz`);
  return {
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    url,
    log: server.log.all,
    last: String(server.log.all.at(-1)?.msg),
    status: probe.status,
    ready: (await probe.json()) as { status: string; reasons?: readonly string[] },
  };
}

describe('a server that has nothing to serve', { timeout: 60_000 }, () => {
  it('says of an empty folder how to fill it, in the last line of the log and in /readyz', async () => {
    await using server = await start();
    expect(server.last).toContain('The folder of models is empty: put a model there as NAME/1/');
    expect(server).toMatchObject({ status: 503, ready: { status: 'not ready' } });
    expect(server.ready.reasons).toEqual([
      expect.stringContaining('The folder of models is empty') as string,
    ]);
  });

  it('says why each model of a folder failed', async () => {
    await put('cut/1/model.onnx', (await readFile(ONNX)).subarray(0, 100));
    await put('torch/1/model.pt');
    await using server = await start();
    for (const text of [server.last, String(server.ready.reasons)]) {
      expect(text).toContain('Model "cut" failed: ');
      expect(text).toContain('"model.pt" is a PyTorch file: export the model to ONNX');
      expect(text).not.toContain(folder);
    }
    const failed = server.log.filter(({ event }) => event === 'FAILED');
    expect(failed.map(({ model }) => model).sort()).toEqual(['cut', 'torch']);
    for (const { reason } of failed) expect(reason).not.toBe('');
  });

  it('says of files of other formats, and of a model without a folder, what to do', async () => {
    for (const [file] of STRAYS) await put(file);
    await cp(ONNX, path.join(folder, 'x.onnx'));
    await put('README.md');
    await using server = await start();
    const logged = server.log.map(({ msg }) => String(msg)).join('\n');
    for (const [file, how] of STRAYS) {
      expect(logged).toContain(JSON.stringify(file));
      expect(logged).toContain(how);
      expect(String(server.ready.reasons)).toContain(how);
    }
    expect(logged).toContain('move it to x/1/x.onnx, or run ml-inference-api init x.onnx');
    expect(logged).not.toContain('README');
  });

  it('tells the state alone to those who may not read the models', async () => {
    await put('torch/1/model.pt');
    const { id, sha256, key } = createApiKey();
    const reader = { id, name: 'reader', sha256, scopes: ['models:read'] };
    await put('.access.json', JSON.stringify({ keys: [reader] }));
    await using server = await start({ ACCESS_FILE: path.join(folder, '.access.json') });
    expect(server.ready).toEqual({ status: 'not ready' });
    const ask = async (key: string): Promise<unknown> => {
      const response = await fetch(`${server.url}/readyz`, { headers: { 'x-api-key': key } });
      expect(response.status).toBe(503);
      return response.json();
    };
    expect(await ask(key)).toMatchObject({
      reasons: [expect.stringContaining('Model "torch" failed') as string],
    });
    expect(await ask('mia_wrong')).toEqual({ status: 'not ready' });
  });
});

describe('a folder that changes under a server', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeEach(async () => {
    await mkdir(path.join(folder, 'heads/1'), { recursive: true });
    await cp(ONNX, path.join(folder, 'heads/1/model.onnx'));
    app = await runApp({ modelsDir: folder, modelsPollMs: 50, modelsQuietMs: 50 });
  });
  afterEach(() => app.stop());

  /** Health, as soon as it is what is waited for. */
  const health = async (matches: (reasons: string) => boolean): Promise<string> => {
    for (;;) {
      const { body } = await app.get('/health');
      const reasons = body.reasons.join('\n');
      if (matches(reasons)) return reasons;
    }
  };

  it('shows a model.yaml that is spoilt while the model serves on, until it is mended', async () => {
    await put('heads/model.yaml', 'input: [\n');
    const reasons = await health((text) => text !== '');
    expect(reasons).toContain('Model "heads": model.yaml is not valid YAML');
    expect(reasons).toContain('what was loaded before goes on serving');
    const { data } = await app.graphql<{
      health: { status: string };
      models: readonly { state: string; reason: string | null }[];
    }>('{ health { status } models { state reason } }');
    expect(data).toMatchObject({
      health: { status: 'DEGRADED' },
      models: [{ state: 'READY', reason: expect.stringContaining('not valid YAML') as string }],
    });
    await put('heads/model.yaml', 'description: mended\n');
    expect(await health((text) => text === '')).toBe('');
  });

  it('tells of a file that is put beside the models, and forgets it when it is gone', async () => {
    await put('resnet.pt');
    expect(await health((text) => text !== '')).toContain('torch.onnx.export');
    await rm(path.join(folder, 'resnet.pt'));
    expect(await health((text) => text === '')).toBe('');
  });
});

describe('the default model', () => {
  it('is one that can answer', async () => {
    await put('aaa/1/model.pt');
    await mkdir(path.join(folder, 'heads/1'), { recursive: true });
    await cp(ONNX, path.join(folder, 'heads/1/model.onnx'));
    const app = await runApp({ modelsDir: folder });
    const { data } = await app.graphql<{ models: readonly object[] }>(
      '{ models { name isDefault } }',
    );
    expect(data.models).toEqual([
      { name: 'aaa', isDefault: false },
      { name: 'heads', isDefault: true },
    ]);
    await app.stop();
  });
});

describe('a model whose tensors nobody has named', { timeout: 60_000 }, () => {
  it('is told how to name them, when it is loaded', async () => {
    const weights = constant('weights', FLOAT, [2, 1], [1, 1]);
    const sum = (input: string, output: string): Buffer =>
      modelFile(
        graph(
          'sum',
          node('MatMul', [input, 'weights'], [output]),
          weights,
          valueInfo('input', input, FLOAT, ['rows', 2]),
          valueInfo('output', output, FLOAT, ['rows', 1]),
        ),
      );
    await put('unnamed/1/model.onnx', sum('onnx::Gemm_0', '3'));
    await put('named/1/model.onnx', sum('pair', 'sum'));
    await using server = startServerProcess({ MODELS_DIR: folder });
    await server.ready();
    const lines = server.log.all.filter(({ msg }) => msg === 'model ready');
    const hints: Record<string, unknown> = Object.fromEntries(
      lines.map(({ model, hint }) => [String(model), hint] as const),
    );
    expect(hints).toEqual({
      unnamed: expect.stringMatching(
        /"onnx::Gemm_0", "3"; name them with torch\.onnx\.export/,
      ) as string,
      named: undefined,
    });
  });
});
