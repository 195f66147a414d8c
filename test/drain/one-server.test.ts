import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { freePort } from '../support/redis-server.ts';
import { startServerProcess } from '../support/faults/server-process.ts';
import { autocannonLoad, fetchLoops, freshLoops, grpcLoops } from './loads.ts';
import { Outcomes, ROUNDS } from './outcomes.ts';

let models: ModelsFolder;
beforeAll(async () => {
  models = await makeModelsFolder();
  await models.add('penguins');
  await models.add('digits');
});
afterAll(() => models.remove());

/** The time of one round on a busy machine, in milliseconds. */
const ROUND_MS = 60_000;

const LOADS = {
  '32 fetch loops': (to) => fetchLoops({ ...to, clients: 32 }),
  '32 fetch loops that pause in between': (to) => fetchLoops({ ...to, clients: 32 }, 100),
  '16 loops that connect for each request': (to) => freshLoops({ ...to, clients: 16 }),
  autocannon: (to) => autocannonLoad({ ...to, clients: 16 }),
  '8 gRPC loops': ({ grpcUrl, outcomes }) => grpcLoops({ url: grpcUrl, clients: 8, outcomes }),
} satisfies Record<
  string,
  (to: { url: string; grpcUrl: string; outcomes: Outcomes }) => ReturnType<typeof fetchLoops>
>;

describe('a server that is told to stop, without a load balancer, loses nothing', () => {
  it.each(Object.entries(LOADS))(
    'of %s',
    async (_name, load) => {
      for (let round = 0; round < ROUNDS; round++) {
        const grpcPort = await freePort();
        await using server = startServerProcess({
          MODELS_DIR: models.root,
          GRPC_PORT: `${grpcPort}`,
          DRAIN_QUIET_MS: '1000',
        });
        const url = await server.ready();
        const outcomes = new Outcomes();
        const grpcUrl = `http://127.0.0.1:${grpcPort}`;
        const clients = load({ url, grpcUrl, outcomes });
        await outcomes.more(200);
        server.signal('SIGTERM');
        // Each goes on until it is refused a connection.
        await clients.ended;
        expect(outcomes.lost).toEqual([]);
        expect(outcomes.refused).toBeGreaterThan(0);
        expect(await server.exit).toBe(0);
        expect(server.stderr).toEqual([]);
      }
    },
    ROUNDS * ROUND_MS,
  );
});
