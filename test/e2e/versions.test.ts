import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { TEST_CALL } from '../support/test-call.ts';

// Without it, what is garbage would count as memory in use.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const TEXTS = [
  'where is my card',
  'my card was stolen',
  'why was I charged a fee',
  'top up failed',
];

/** Resident memory of the process, all its worker threads included, once it has come to rest. */
async function settledMemory(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 5; look++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 100));
    least = Math.min(least, process.memoryUsage.rss());
  }
  return least;
}

describe('versions of a model', () => {
  let models: ModelsFolder;
  let server: RunningApp;
  beforeEach(async () => {
    models = await makeModelsFolder();
    await models.add('banking77');
  });
  afterEach(async () => {
    await server.stop();
    await models.remove();
  });

  const start = async () => {
    server = await runApp({ modelsDir: models.root, modelsQuietMs: 200, modelsPollMs: 500 });
  };
  const predict = (text: string, extra: object = {}) =>
    server.app.services.predictions.predict(TEST_CALL, {
      model: 'banking77',
      input: { text },
      ...extra,
    });
  const status = () => server.app.catalog.get('banking77');

  it('keeps the highest in memory and shows the others as unloaded', async () => {
    await start();
    expect(status()?.servingVersion).toBe('2');
    expect(status()?.versions.map(({ version, state }) => [version, state])).toEqual([
      ['1', 'unloaded'],
      ['2', 'ready'],
    ]);
  });

  it('answers for an explicit version or a label', async () => {
    await models.configure('banking77', {
      versions: { serve: 'all', labels: { stable: '1', canary: '2' } },
    });
    await start();
    expect((await predict('hello there')).version).toBe('1');
    expect((await predict('hello there', { version: '2' })).version).toBe('2');
    expect((await predict('hello there', { version: 'canary' })).version).toBe('2');
    await expect(predict('hello', { version: 'beta' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('swaps versions back and forth under load without a failed or mixed-up answer', async () => {
    await models.configure('banking77', { versions: { serve: 'all' } });
    await start();
    const expected = new Map<string, number | null>();
    for (const version of ['1', '2']) {
      for (const text of TEXTS) {
        expected.set(`${version} ${text}`, (await predict(text, { version })).confidence);
      }
    }
    let running = true;
    let answers = 0;
    const wrong: string[] = [];
    const client = async (offset: number) => {
      for (let i = offset; running; i++) {
        const text = TEXTS[i % TEXTS.length] ?? '';
        const answer = await predict(text, { cache: i % 2 === 0 ? 'bypass' : 'use' });
        const known = expected.get(`${answer.version} ${text}`) ?? Number.NaN;
        if (Math.abs((answer.confidence ?? 0) - known) > 1e-5) wrong.push(answer.version);
        answers++;
        // Answers from the cache alone would never let the event loop turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const clients = Promise.all([0, 1, 2].map(client));
    const memory: number[] = [];
    for (let swap = 0; swap < 20; swap++) {
      const version = swap % 2 === 0 ? '1' : '2';
      await models.configure('banking77', { versions: { serve: [version] } });
      await server.app.catalog.reload('banking77');
      expect(status()?.servingVersion).toBe(version);
      if (swap % 2 === 1) memory.push(await settledMemory());
    }
    running = false;
    await clients;
    expect(wrong).toEqual([]);
    expect(answers).toBeGreaterThan(20);
    expect(server.app.catalog.versions()).toHaveLength(1);
    expect(memory.at(-1)).toBeLessThan(1.1 * (memory[0] ?? 0));
  }, 120_000);

  it('takes a new version when its files have come to rest', async () => {
    const second = path.join(models.root, 'banking77', '2');
    await rm(second, { recursive: true });
    await start();
    expect(status()?.servingVersion).toBe('1');
    await cp('models/banking77/2', second, { recursive: true });
    await vi.waitFor(() => expect(status()?.servingVersion).toBe('2'), { timeout: 15_000 });
  });

  it('goes on serving the old version when the new one cannot be loaded', async () => {
    await start();
    const third = path.join(models.root, 'banking77', '3');
    await cp('models/banking77/2', third, { recursive: true });
    await writeFile(path.join(third, 'model.json'), '{"broken": ');
    await server.app.catalog.reload('banking77');
    expect(status()?.servingVersion).toBe('2');
    expect(status()?.versions.find(({ version }) => version === '3')).toMatchObject({
      state: 'failed',
    });
    expect((await predict('where is my card')).version).toBe('2');
  });

  it('is not demoted by a successor that is broken', async () => {
    await start();
    await server.app.catalog.loadModel('banking77', '1');
    const third = path.join(models.root, 'banking77', '3');
    await cp('models/banking77/2', third, { recursive: true });
    await writeFile(path.join(third, 'model.json'), '{"broken": ');
    await server.app.catalog.reload('banking77');
    expect(status()?.servingVersion).toBe('2');
    expect(status()?.versions.map(({ version, state }) => [version, state])).toEqual([
      ['1', 'ready'],
      ['2', 'ready'],
      ['3', 'failed'],
    ]);
    await cp('models/banking77/2/model.json', path.join(third, 'model.json'));
    await server.app.catalog.reload('banking77');
    expect(status()?.servingVersion).toBe('3');
    // What the policy leaves out goes, what was loaded by hand stays.
    expect(status()?.versions.map(({ version, state }) => [version, state])).toEqual([
      ['1', 'ready'],
      ['2', 'unloaded'],
      ['3', 'ready'],
    ]);
  });

  it('goes on serving when the manifest names one that is broken, with another beside it', async () => {
    await models.configure('banking77', { version: '1', versions: { serve: 'all' } });
    await start();
    const third = path.join(models.root, 'banking77', '3');
    await cp('models/banking77/2', third, { recursive: true });
    await writeFile(path.join(third, 'model.json'), '{"broken": ');
    await models.configure('banking77', { version: '3' });
    await server.app.catalog.reload('banking77');
    expect(status()?.servingVersion).toBe('1');
  });

  it('refuses a change that would break clients, unless it is forced', async () => {
    await start();
    await models.configure('banking77', { output: { kind: 'tensors' } });
    await expect(server.app.catalog.reload('banking77')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('output kind: classification → tensors') as string,
    });
    expect((await predict('where is my card')).prediction).toBe('card_arrival');
    await server.app.catalog.reload('banking77', true);
    expect(status()?.outputKind).toBe('tensors');
  });

  it('loads and unloads by hand', async () => {
    await start();
    await server.app.catalog.loadModel('banking77', '1');
    expect((await predict('hello', { version: '1' })).version).toBe('1');
    await server.app.catalog.unloadModel('banking77');
    await expect(predict('hello')).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    await server.app.catalog.loadModel('banking77');
    expect((await predict('hello')).version).toBe('2');
  });

  it('is unloaded, not failed, when it was taken out by hand', async () => {
    await models.add('penguins');
    await start();
    await server.app.catalog.unloadModel('banking77');
    expect(status()).toMatchObject({ state: 'unloaded', reason: null, servingVersion: null });
    expect((await server.get('/health')).body).toMatchObject({ status: 'healthy', reasons: [] });
    await expect(predict('hello')).rejects.toMatchObject({
      code: 'MODEL_NOT_READY',
      message: expect.stringContaining('its state is unloaded') as string,
    });
    // Until it is loaded by hand again, versions that come stay out, too.
    const third = path.join(models.root, 'banking77', '3');
    await cp('models/banking77/2', third, { recursive: true });
    await server.app.catalog.reload('banking77');
    expect(status()?.state).toBe('unloaded');
    await server.app.catalog.loadModel('banking77', '1');
    expect(status()?.versions.map(({ version, state }) => [version, state])).toEqual([
      ['1', 'ready'],
      ['2', 'unloaded'],
      ['3', 'unloaded'],
    ]);
    await server.app.catalog.loadModel('banking77');
    expect(status()?.servingVersion).toBe('3');
  });

  it('leaves nothing behind once it is unloaded', async () => {
    await start();
    const [batcher, input] = (() => {
      const live = server.app.catalog.versions()[0]?.live;
      if (!live) throw new Error('no live version');
      return [new WeakRef(live.batcher), new WeakRef(live.input)];
    })();
    await predict('where is my card', { cache: 'bypass' });
    const exposed = async () => (await server.get('/metrics/prometheus')).text;
    expect(await exposed()).toContain('model="banking77"');
    await server.app.catalog.unloadModel('banking77');
    expect(await exposed()).not.toContain('model="banking77"');
    expect(server.app.services.metrics.snapshot(TEST_CALL, 'banking77').totalRequests).toBe(1);
    await vi.waitFor(
      () => {
        collectGarbage();
        expect([batcher.deref(), input.deref()]).toEqual([undefined, undefined]);
      },
      { timeout: 10_000 },
    );
  });

  it('counts on where it was reloaded', async () => {
    await start();
    await predict('where is my card');
    await models.configure('banking77', { batching: { maxBatchSize: 7 } });
    await server.app.catalog.reload('banking77');
    await predict('where is my card', { cache: 'bypass' });
    expect((await server.get('/metrics/prometheus')).text).toContain(
      'ml_inference_requests_total{model="banking77",version="2",outcome="success"} 2',
    );
  });

  it('names folders that are not served because of their name', async () => {
    await models.add('penguins', { as: 'pen guins' });
    await start();
    const folder = 'The folder "pen guins" is not served: names of models take letters';
    const { reasons, status: health } = (await server.get('/health')).body;
    expect(health).toBe('degraded');
    expect(reasons).toEqual([expect.stringContaining(folder)]);
    await rm(path.join(models.root, 'pen guins'), { recursive: true });
    await vi.waitFor(
      async () => expect((await server.get('/health')).body.status).toBe('healthy'),
      { timeout: 15_000 },
    );
  });
});
