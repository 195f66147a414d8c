import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisServer } from '../support/redis-server.ts';
import type { ChaosServer } from './chaos-server.ts';

/** What the suite can break. */
export interface Targets {
  readonly server: ChaosServer;
  readonly redis: RedisServer | undefined;
  /** File of each model. */
  readonly files: Readonly<Record<'thread' | 'process', string>>;
}

/** Something that is broken, and mended again before it resolves. */
type Fault = (targets: Targets) => Promise<void>;

/** Time that something stays broken, in milliseconds. */
const BROKEN_MS = 1_500;

async function signalWorkers({ server }: Targets, signal: NodeJS.Signals, most: number) {
  const { processes } = await server.state();
  for (const id of (processes.process ?? []).slice(0, most)) {
    try {
      process.kill(id, signal);
    } catch {
      // It has just been replaced.
    }
  }
}

/** Everything that happens to the server, by name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'a thread is ended': async ({ server }) => {
    server.endWorker('thread');
    await Promise.resolve();
  },
  'a worker process is killed (SIGKILL)': (targets) => signalWorkers(targets, 'SIGKILL', 1),
  'all worker processes are killed (SIGKILL)': (targets) => signalWorkers(targets, 'SIGKILL', 9),
  'a worker process aborts (SIGABRT)': (targets) => signalWorkers(targets, 'SIGABRT', 1),
  'Redis is killed and restarted': async ({ redis }) => {
    if (!redis) return;
    await redis.kill();
    await delay(BROKEN_MS);
    await redis.restart();
  },
  'a model file is corrupted and restored': async ({ server, files }) => {
    const model = Math.random() < 0.5 ? 'thread' : 'process';
    const good = await readFile(files[model]);
    await writeFile(files[model], good.subarray(0, good.length >> 1));
    server.endWorker(model);
    await delay(BROKEN_MS);
    await writeFile(files[model], good);
  },
};
