import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelEvent } from '../../src/services/model-events.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';
import { TEST_CALL } from '../support/test-call.ts';

describe.skipIf(!redisServerAvailable)('traffic of several replicas on one Redis', () => {
  let redis: RedisServer;
  let models: ModelsFolder;
  let prefixes = 0;
  let redisKeyPrefix: string;
  let running: RunningApp[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
    models = await makeModelsFolder();
    await models.add('banking77');
    await models.configure('banking77', {
      version: '1',
      versions: { serve: 'all' },
      traffic: { guard: { minRequests: 5, minAgreement: 0.5 } },
    });
  });
  beforeEach(() => {
    redisKeyPrefix = `test${prefixes++}:`;
  });
  afterEach(async () => {
    await Promise.all(running.map((replica) => replica.stop()));
    running = [];
  });
  afterAll(async () => {
    await models.remove();
    await redis.stop();
  });

  const replica = async (): Promise<RunningApp> => {
    const app = await runApp({
      modelsDir: models.root,
      watchModels: false,
      redisUrl: redis.url,
      redisKeyPrefix,
    });
    running.push(app);
    return app;
  };
  const set = ({ app }: RunningApp, percent: number) =>
    app.services.admin.setTraffic(TEST_CALL, 'banking77', {
      split: [{ version: '2', percent }],
      shadow: null,
    });
  const percentOf = ({ app }: RunningApp) =>
    app.catalog.get('banking77')?.traffic.find(({ version }) => version === '2')?.percent ?? 0;
  const eventually = (it: RunningApp, percent: number, timeout = 20_000) =>
    vi.waitFor(() => expect(percentOf(it)).toBe(percent), { timeout });

  it('is the same on all, on those that come later, and after a restart', async () => {
    const [first, second] = [await replica(), await replica()];
    const seen: ModelEvent[] = [];
    second.app.services.modelEvents.subscribe(TEST_CALL, (event) => seen.push(event));
    set(first, 10);
    await eventually(second, 10);
    expect(seen).toHaveLength(1);
    set(second, 20);
    await eventually(first, 20);
    const third = await replica();
    expect(percentOf(third)).toBe(20);

    const assign = async ({ app }: RunningApp) => {
      const versions: string[] = [];
      for (let key = 0; key < 300; key++) {
        const request = { model: 'banking77', input: { text: 'hello' } };
        const answer = await app.services.predictions.predict(TEST_CALL, {
          ...request,
          assignmentKey: `user-${key}`,
        });
        versions.push(answer.version);
      }
      return versions;
    };
    const assigned = await assign(first);
    expect(new Set(assigned)).toEqual(new Set(['1', '2']));
    expect(await assign(third)).toEqual(assigned);

    await Promise.all(running.map((app) => app.stop()));
    running = [];
    const restarted = await replica();
    expect(percentOf(restarted)).toBe(20);
    restarted.app.services.admin.setTraffic(TEST_CALL, 'banking77', null);
    expect(percentOf(await replica())).toBe(0);
  }, 60_000);

  it('is rolled back everywhere, with the reason', async () => {
    const [first, second] = [await replica(), await replica()];
    set(first, 50);
    await eventually(second, 50);
    const seen: ModelEvent[] = [];
    second.app.services.modelEvents.subscribe(TEST_CALL, (event) => seen.push(event));
    for (let i = 0; i < 5; i++) {
      const request = { model: 'banking77', version: '2', input: { text: `hello ${i}` } };
      const { id } = await first.app.services.predictions.predict(TEST_CALL, request);
      first.app.services.comparisons.reportOutcome(TEST_CALL, id, 'something else');
    }
    expect(percentOf(first)).toBe(0);
    await eventually(second, 0);
    expect(seen).toEqual([
      expect.objectContaining({
        kind: 'ROLLED_BACK',
        version: '2',
        message: expect.stringContaining('0 of 5 answers turned out right') as string,
      }),
    ]);
    expect(percentOf(await replica())).toBe(0);
  }, 60_000);

  it('is local while Redis is down, and told when it is back', async () => {
    const [first, second] = [await replica(), await replica()];
    set(first, 10);
    await eventually(second, 10);
    await redis.kill();
    set(first, 30);
    expect(percentOf(first)).toBe(30);
    expect(percentOf(second)).toBe(10);
    await redis.restart();
    await eventually(second, 30, 30_000);
    expect(percentOf(first)).toBe(30);
  }, 60_000);

  it('starts without Redis', async () => {
    await redis.kill();
    const alone = await replica();
    set(alone, 40);
    expect(percentOf(alone)).toBe(40);
    await redis.restart();
  }, 60_000);
});
