import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface Health {
  readonly status: string;
  readonly ready: boolean;
  readonly models: readonly { readonly name: string; state: string; reason: string | null }[];
}

describe('execution providers that model.yaml asks for', () => {
  let folder: string;
  let app: RunningApp;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'providers-'));
    for (const [name, providers] of [
      ['on-card', 'cuda'],
      ['on-nothing', 'coral'],
      ['on-cpu', 'cpu'],
    ] as const) {
      await mkdir(path.join(folder, name));
      await cp('test/fixtures/models/onnx-two-heads/1', path.join(folder, name, '1'), {
        recursive: true,
      });
      await writeFile(
        path.join(folder, name, 'model.yaml'),
        `runtime: onnx\noptions:\n  executionProviders: [${providers}]\n`,
      );
    }
    app = await runApp({
      modelsDir: folder,
      stateDir: path.join(folder, '.state'),
      watchModels: false,
    });
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('leave the model failed with the reason where they are missing, and nothing else', async () => {
    const health = (await app.get('/health')).body as unknown as Health;
    expect(health.ready).toBe(true);
    expect(health.status).toBe('degraded');
    const states = Object.fromEntries(health.models.map((model) => [model.name, model]));
    expect(states['on-nothing']).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('"coral" is not available here') as string,
    });
    expect(states['on-cpu']?.state).not.toBe('failed');
    // A machine with a card serves it; no other falls back to the CPU unasked.
    const card = states['on-card'];
    if (card?.state === 'failed') {
      expect(card.reason).toMatch(/"cuda" (?:cannot be started|is not available)/);
      expect(card.reason).not.toMatch(/\/\w+\/\w+/);
    }
  });

  it('are told of in the answer to who asks such a model', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [0, 1, 2, 3] }];
    const refused = await app.post('/v2/models/on-nothing/infer', { inputs });
    expect(refused.status).toBe(503);
    const served = await app.post('/v2/models/on-cpu/infer', { inputs });
    expect(served.status, served.text).toBe(200);
  });
});
