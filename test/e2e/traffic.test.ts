import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelEvent } from '../../src/services/model-events.ts';
import { comparisonSchema } from '../../src/server/rest/comparison.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { tableModelFile } from '../support/faults/table-model.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { TEST_CALL } from '../support/test-call.ts';

const TEXTS = [
  'where is my card',
  'my card was stolen',
  'why was I charged a fee',
  'top up failed',
];

describe('traffic over versions', () => {
  let models: ModelsFolder;
  let server: RunningApp;
  let seen: ModelEvent[];
  beforeEach(async () => {
    models = await makeModelsFolder();
  });
  afterEach(async () => {
    await server.stop();
    await models.remove();
  });

  const start = async () => {
    server = await runApp({ modelsDir: models.root, watchModels: false });
    seen = [];
    server.app.services.modelEvents.subscribe(TEST_CALL, (event) => seen.push(event));
  };
  const startBanking = async (traffic: object = {}) => {
    await models.add('banking77');
    await models.configure('banking77', { version: '1', versions: { serve: 'all' }, traffic });
    await start();
  };
  const predict = (text: string, extra: object = {}) =>
    server.app.services.predictions.predict(TEST_CALL, {
      model: 'banking77',
      input: { text },
      ...extra,
    });
  const compared = (version: string, model = 'banking77') => {
    const { versions } = server.app.services.comparisons.comparison(TEST_CALL, model);
    const found = versions.find((candidate) => candidate.version === version);
    if (!found) throw new Error(`no version ${version}`);
    return found;
  };

  it('is split within a point over 20,000 keys, and sticky', async () => {
    await startBanking({ split: { 2: 10 } });
    for (const version of ['1', '2']) await predict('where is my card', { version });
    const assign = async (): Promise<Set<number>> => {
      const second = new Set<number>();
      for (let key = 0; key < 20_000; key++) {
        const assignmentKey = `user-${key}`;
        const { version } = await predict('where is my card', { assignmentKey });
        if (version === '2') second.add(key);
      }
      return second;
    };
    const ten = await assign();
    expect(Math.abs(ten.size / 200 - 10)).toBeLessThan(1);
    expect(await assign()).toEqual(ten);
    server.app.services.admin.setTraffic(TEST_CALL, 'banking77', {
      split: [{ version: '2', percent: 20 }],
      shadow: null,
    });
    const twenty = await assign();
    expect(Math.abs(twenty.size / 200 - 20)).toBeLessThan(1);
    expect([...ten].filter((key) => !twenty.has(key))).toEqual([]);
    expect(compared('1').trafficPercent).toBe(80);
  }, 60_000);

  it('runs a shadow off the client’s path and compares its answers', async () => {
    await startBanking({ shadow: { version: '2', percent: 100 } });
    const answers = await Promise.all(TEXTS.map((text) => predict(text)));
    expect(answers.map(({ version }) => version)).toEqual(['1', '1', '1', '1']);
    await vi.waitFor(() => expect(compared('2').agreement.count).toBe(4));
    expect(compared('2').agreement.successes).toBeGreaterThanOrEqual(2);
    expect(compared('2')).toMatchObject({ requests: 0, shadowFailed: 0 });
    expect(compared('1')).toMatchObject({ requests: 4, errors: 0 });
    expect(compared('1').predictions.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    const { totalRequests } = server.app.services.metrics.snapshot(TEST_CALL, 'banking77');
    expect(totalRequests).toBe(4);
    // A client that asks for a version has that one and nothing else.
    await predict('hello', { version: '1' });
    expect(compared('2').agreement.count).toBe(4);
  });

  it('gives a verdict by outcomes', async () => {
    await startBanking();
    const report = (predictionId: string, actual: unknown) =>
      server.graphql<{ reportOutcome: Record<string, unknown> }>(
        `mutation ($predictionId: ID!, $actual: JSON!) {
          reportOutcome(predictionId: $predictionId, actual: $actual) { version correct counted }
        }`,
        { predictionId, actual },
      );
    const first = await predict('where is my card', { version: '2' });
    const { data } = await report(first.id, 'card_arrival');
    expect(data.reportOutcome).toEqual({ version: '2', correct: true, counted: true });
    expect((await report(first.id, 'card_arrival')).data.reportOutcome.counted).toBe(false);
    expect((await report('unknown', 'card_arrival')).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    expect((await report(first.id, 7)).errors?.[0]?.message).toContain(
      'actual: expected the label',
    );

    expect(compared('2').comparedToServing).toMatchObject({ verdict: 'NOT_YET_KNOWN' });
    for (let i = 0; i < 400; i++) {
      for (const version of ['1', '2']) {
        const { id, prediction } = await predict(TEXTS[i % 4] ?? '', { version });
        const right = version === '2' || i % 2 === 0;
        server.app.services.comparisons.reportOutcome(
          TEST_CALL,
          id,
          right ? prediction : 'something else',
        );
      }
    }
    const { comparedToServing, outcomes } = compared('2');
    expect(outcomes.rate).toBe(1);
    expect(comparedToServing).toMatchObject({ verdict: 'BETTER', moreNeeded: null });
    expect(comparedToServing?.interval?.low).toBeGreaterThan(0);
    const answered = await server.get('/models/banking77/comparison');
    expect(comparisonSchema.strict().parse(answered.body)).toEqual(answered.body);
    expect((await server.post('/outcomes', { prediction_id: 'x', actual: 'y' })).status).toBe(400);
    const queried = await server.graphql<{ model: { comparison: { versions: unknown[] } } }>(`{
      model(name: "banking77") { comparison { method versions { version outcomes { rate }
        predictions(top: 2) { label count } comparedToServing { verdict difference low high } } } }
    }`);
    expect(queried.errors).toBeUndefined();
    expect(queried.data.model.comparison.versions).toHaveLength(2);
  });

  /** A model of two versions: a table that `place` points into, of so many entries each. */
  const startTables = async (entries: Readonly<Record<string, number>>) => {
    const root = path.join(models.root, 'failing');
    for (const [version, size] of Object.entries(entries)) {
      await mkdir(path.join(root, version), { recursive: true });
      await writeFile(path.join(root, version, 'model.onnx'), tableModelFile(size));
    }
    await writeFile(
      path.join(root, 'model.yaml'),
      `version: '1'
versions: { serve: all }
traffic:
  split: { 2: 50 }
  guard: { minRequests: 20, maxErrorRate: 0.2 }
`,
    );
    await start();
  };
  const ask = (place: number, version?: string) =>
    server.app.services.predictions.predict(TEST_CALL, {
      model: 'failing',
      version,
      input: {
        tensors: [{ name: 'place', datatype: 'INT64', shape: [1, 1], data: [place] }],
      },
    });

  it('rolls back a canary that fails too often', async () => {
    await startTables({ 1: 100, 2: 10 });
    expect(server.app.catalog.get('failing')?.traffic).toEqual([{ version: '2', percent: 50 }]);
    for (let i = 0; i < 15; i++) await ask(1, '2');
    // What the client got wrong is not held against the canary.
    await expect(
      server.app.services.predictions.predict(TEST_CALL, {
        model: 'failing',
        input: { text: 'x' },
      }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    for (let i = 0; i < 4; i++) await expect(ask(99, '2')).rejects.toThrow();
    await ask(1, '1');
    expect(seen).toEqual([]);
    for (let i = 0; i < 4; i++) await expect(ask(99, '2')).rejects.toThrow();
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toMatchObject({ kind: 'ROLLED_BACK', model: 'failing', version: '2' });
    expect(seen[0]?.message).toMatch(/^Version 2 was rolled back: \d of 2\d requests failed \(2/);
    expect(server.app.catalog.get('failing')?.traffic).toEqual([]);
    // Given a share again, it is judged anew.
    server.app.services.admin.setTraffic(TEST_CALL, 'failing', {
      split: [{ version: '2', percent: 50 }],
      shadow: null,
    });
    await expect(ask(99, '2')).rejects.toThrow();
    await ask(2, '1');
    expect(server.app.catalog.get('failing')?.traffic).toHaveLength(1);
  });

  it('does not hold inputs against a canary that the serving version fails on as well', async () => {
    await startTables({ 1: 10, 2: 10 });
    for (let place = 0; place < 20; place++) await ask(place % 10, '2');
    for (let i = 0; i < 100; i++) {
      const input = { tensors: [{ name: 'place', datatype: 'INT64', shape: [1, 1], data: [99] }] };
      const { body } = await server.post('/predict', { model: 'failing', version: '2', input });
      expect(body.error.code).toBe('INFERENCE_FAILED');
    }
    // It waits its turn behind all that the serving version was asked to confirm.
    await ask(3, '1');
    expect(seen).toEqual([]);
    expect(compared('2', 'failing')).toMatchObject({ requests: 120, errors: 100 });
    expect(server.app.catalog.get('failing')?.traffic).toEqual([{ version: '2', percent: 50 }]);
  });

  /** Penguins whose canary is the serving version once more, under a strict guard. */
  const startHealthyCanary = async () => {
    await models.add('penguins');
    const root = path.join(models.root, 'penguins');
    await cp(path.join(root, '1'), path.join(root, '2'), { recursive: true });
    await models.configure('penguins', {
      version: '1',
      versions: { serve: 'all' },
      traffic: { split: { 2: 50 }, guard: { minRequests: 5, maxErrorRate: 0.01 } },
    });
    await start();
  };

  it('does not hold it against a canary that its arithmetic overflows', async () => {
    await startHealthyCanary();
    // Each is finite as a 32-bit float once it is scaled; their weighted sums are not.
    const input = {
      features: {
        island: 'Biscoe',
        bill_length_mm: 1.7e39,
        bill_depth_mm: 6e38,
        flipper_length_mm: 4.5e39,
        body_mass_g: 2.5e41,
      },
    };
    for (let i = 0; i < 40; i++) {
      const { body } = await server.post('/predict', { model: 'penguins', version: '2', input });
      expect(body.error.code).toBe('INFERENCE_FAILED');
    }
    const healthy = { features: { island: 'Biscoe', body_mass_g: 4000 } };
    await server.post('/predict', { model: 'penguins', version: '1', input: healthy });
    expect(seen).toEqual([]);
    expect(server.app.catalog.get('penguins')?.traffic).toEqual([{ version: '2', percent: 50 }]);
  });

  it('keeps a healthy canary, whatever its clients ask for', async () => {
    await startHealthyCanary();
    const features = { body_mass_g: 4000, island: 'Biscoe' };
    for (const body_mass_g of [1e308, -1e308, 1e45]) {
      const input = { features: { ...features, body_mass_g } };
      for (let i = 0; i < 20; i++) {
        const { body } = await server.post('/predict', { model: 'penguins', version: '2', input });
        expect(body.error.code).toBe('BAD_USER_INPUT');
      }
    }
    const late = { 'x-request-timeout-ms': '1' };
    const statuses = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const input = { features: { ...features, body_mass_g: 3000 + i } };
      const body = { model: 'penguins', version: '2', input, options: { cache: 'bypass' } };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => server.post('/predict', body, late)),
      );
      for (const { status } of answers) statuses.add(status);
      if (statuses.has(504)) break;
    }
    expect(statuses).toContain(504);
    expect(seen).toEqual([]);
    expect(compared('2', 'penguins').errors).toBe(0);
    expect(server.app.catalog.get('penguins')?.traffic).toEqual([{ version: '2', percent: 50 }]);
  });

  it('rolls back a canary whose answers are those of another model', async () => {
    await models.add('banking77', { versions: ['1'] });
    const root = path.join(models.root, 'banking77');
    await cp(path.join(root, '1'), path.join(root, '2'), { recursive: true });
    const labels = (await readFile(path.join(root, 'labels.txt'), 'utf8')).trim().split('\n');
    await writeFile(path.join(root, '2', 'labels.txt'), `${labels.reverse().join('\n')}\n`);
    await models.configure('banking77', {
      version: '1',
      versions: { serve: 'all' },
      traffic: {
        split: { 2: 10 },
        shadow: { version: '2', percent: 100 },
        guard: { minRequests: 30, minAgreement: 0.8 },
      },
    });
    await start();
    // Shadows run when there is nothing better to do, and are left out while there is.
    const end = performance.now() + 20_000;
    for (let i = 0; seen.length === 0 && performance.now() < end; i++) {
      await predict(`${TEXTS[i % 4] ?? ''} ${i}`, { assignmentKey: `user-${i}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen[0]).toMatchObject({ kind: 'ROLLED_BACK', version: '2' });
    expect(seen[0]?.message).toContain('shadowed answers were those of the serving version');
    expect(server.app.catalog.get('banking77')?.traffic).toEqual([]);
  }, 60_000);

  it('follows the manifest again when its traffic changes', async () => {
    await startBanking({ split: { 2: 10 } });
    server.app.services.admin.setTraffic(TEST_CALL, 'banking77', { split: [], shadow: null });
    await server.app.catalog.reload('banking77');
    expect(server.app.catalog.get('banking77')?.traffic).toEqual([]);
    await models.configure('banking77', { traffic: { split: { 2: 30 } } });
    await server.app.catalog.reload('banking77');
    expect(server.app.catalog.get('banking77')?.traffic).toEqual([{ version: '2', percent: 30 }]);
    expect(seen.map(({ kind }) => kind)).toEqual(['TRAFFIC_CHANGED', 'TRAFFIC_CHANGED']);
    expect(seen[1]?.message).toBe('version 2 has 30 %, version 1 has the rest');
  });

  it('refuses what cannot be', async () => {
    await startBanking();
    const set = (...split: [string, number][]) =>
      server.app.services.admin.setTraffic(TEST_CALL, 'banking77', {
        split: split.map(([version, percent]) => ({ version, percent })),
        shadow: null,
      });
    expect(() => set(['7', 10])).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
    expect(() => set(['1', 60], ['2', 60])).toThrow('sum to 120 percent');
    expect(() => set(['2', 10], ['2', 10])).toThrow('more than one share');
    expect(() => set(['2', Number.NaN])).toThrow('from 0 to 100');
    expect(server.app.catalog.get('banking77')?.traffic).toEqual([]);
  });
});
