import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { autocannonLoad, fetchLoops, socketLoops } from './loads.ts';
import { Outcomes, ROUNDS } from './outcomes.ts';
import { haproxy, nginx } from './proxies.ts';
import { Replica } from './replica.ts';

let models: ModelsFolder;
beforeAll(async () => {
  models = await makeModelsFolder();
  await models.add('penguins');
});
afterAll(() => models.remove());

/** The time of one round on a busy machine, in milliseconds. */
const ROUND_MS = 120_000;

describe.each([haproxy, nginx])('a rolling restart behind $name', (kind) => {
  it.skipIf(!kind.isInstalled)(
    'loses nothing of fetch loops, autocannon and graphql-ws clients that reconnect',
    async () => {
      const env = {
        MODELS_DIR: models.root,
        DRAIN_DELAY_MS: '1000',
        DRAIN_QUIET_MS: '1000',
      };
      await using first = await Replica.start(env);
      await using second = await Replica.start(env);
      await using proxy = await kind.start([first.port, second.port]);
      const { url } = proxy;
      const fetched = new Outcomes();
      const shot = new Outcomes();
      const streamed = new Outcomes();
      const loads = [
        fetchLoops({ url, clients: 16, outcomes: fetched }),
        autocannonLoad({ url, clients: 8, outcomes: shot }),
        socketLoops({ url, clients: 8, outcomes: streamed }),
      ];
      const lost = async () => ({
        repeated: await proxy.lost(),
        fetched: fetched.lost,
        shot: shot.lost,
        streamed: streamed.lost,
        refused: fetched.refused + shot.refused,
      });
      const nothing = { repeated: [], fetched: [], shot: [], streamed: [], refused: 0 };
      await Promise.all([fetched, shot, streamed].map((each) => each.more(50)));
      for (let round = 0; round < ROUNDS; round++) {
        for (const replica of [first, second]) {
          expect(await replica.stop()).toBe(0);
          expect(await lost()).toEqual(nothing);
          await replica.start();
          await fetched.more(20, String(replica.port));
          await Promise.all([shot, streamed].map((each) => each.more(20)));
        }
      }
      await Promise.all(loads.map((load) => load.stop()));
      expect(await lost()).toEqual(nothing);
    },
    (ROUNDS + 1) * ROUND_MS,
  );
});
