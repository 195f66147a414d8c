import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RedisServer, redisServerAvailable } from '../support/redis-server.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface Drift {
  readonly state: string;
  readonly predictions: number;
  readonly replicas: number;
  readonly columns: readonly string[];
}

/** Time for two exchanges of two seconds each, on a busy machine. */
const WAIT = { timeout: 20_000, interval: 200 } as const;

describe.runIf(redisServerAvailable)(
  'drift of two servers on one Redis',
  { timeout: 60_000 },
  () => {
    let redis: RedisServer;
    let states: string[];
    let servers: RunningApp[];
    beforeAll(async () => {
      redis = await RedisServer.start();
      states = await Promise.all(
        [1, 2].map(() => mkdtemp(path.join(os.tmpdir(), 'drift-replica-'))),
      );
      servers = await Promise.all(
        states.map((stateDir) => runApp({ stateDir, redisUrl: redis.url })),
      );
    });
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await redis.stop();
      await Promise.all(states.map((state) => rm(state, { recursive: true, force: true })));
    });

    const drift = async (server: RunningApp | undefined): Promise<Drift> => {
      const query = '{ drift(model: "penguins") { state predictions replicas columns } }';
      return (await server!.graphql<{ drift: Drift }>(query)).data.drift;
    };
    const send = async (server: RunningApp | undefined, from: number, count: number) => {
      const inputs = Array.from({ length: count }, (_, i) => ({
        features: {
          island: 'Biscoe',
          bill_length_mm: 40 + ((from + i) % 15),
          bill_depth_mm: 15,
          flipper_length_mm: 190 + ((from + i) % 40),
          body_mass_g: 4 + (from + i) / 1000,
          sex: 'male',
        },
      }));
      const { status } = await server!.post('/predict/batch', { model: 'penguins', inputs });
      expect(status).toBe(200);
    };

    it('is that of their predictions together: either alone has too few', async () => {
      const [one, two] = servers;
      await send(one, 0, 60);
      await vi.waitFor(async () => expect((await drift(one)).replicas).toBe(2), WAIT);
      expect(await drift(one)).toMatchObject({ state: 'NOT_ENOUGH_DATA', predictions: 60 });
      await send(two, 60, 60);
      await vi.waitFor(async () => {
        expect(await drift(two)).toMatchObject({ state: 'DRIFT', predictions: 120, replicas: 2 });
        expect((await drift(two)).columns).toContain('body_mass_g');
      }, WAIT);
    });

    it('goes on beside pages that are none', async () => {
      const client = new Redis(redis.url);
      const index = 'mlapi:drift:{replicas}';
      const pages = [
        '',
        'null',
        '{"version":1,"versions":[{}]}',
        '['.repeat(100_000),
        '{"version":2}',
      ];
      for (const [i, page] of pages.entries()) {
        await client.sadd(index, `stranger-${i}`);
        await client.set(`${index}:stranger-${i}`, page, 'PX', 60_000);
      }
      const [one] = servers;
      const { predictions } = await drift(one);
      await send(one, 200, 10);
      await vi.waitFor(
        async () =>
          expect(await drift(one)).toMatchObject({ predictions: predictions + 10, replicas: 2 }),
        WAIT,
      );
      await client.quit();
    });

    it('is that of each alone when Redis is gone, and together again when it is back', async () => {
      const [one, two] = servers;
      await redis.kill();
      await send(one, 300, 30);
      await vi.waitFor(async () => expect((await drift(one)).replicas).toBe(1), WAIT);
      expect((await drift(one)).predictions).toBe(100);
      await redis.restart();
      await vi.waitFor(async () => {
        // Whatever is asked of Redis lets its link try again.
        await send(one, 400, 1);
        await send(two, 400, 1);
        expect((await drift(one)).replicas).toBe(2);
      }, WAIT);
    });
  },
);
