import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkerLostError } from '../../src/runtimes/model-worker.ts';
import { SharedThreads } from '../../src/runtimes/shared-threads.ts';
import { WorkerPool } from '../../src/runtimes/worker-pool.ts';
import { writeFaultModel, type FaultRow } from '../support/faults/fault-model.ts';
import { tensorsOf } from '../support/faults/fault-pool.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'shared-'));
  file = await writeFaultModel(folder, 'faulty');
});
afterAll(() => rm(folder, { recursive: true }));

/** Pools of one worker each, in so many threads. */
async function startPools(count: number, threads: SharedThreads): Promise<WorkerPool[]> {
  const pools: WorkerPool[] = [];
  for (let i = 0; i < count; i++) {
    const pool = new WorkerPool({
      spec: { engine: 'onnx', path: file, options: {} },
      workers: 1,
      isolation: 'thread',
      openThread: threads.opener(),
      loadTimeoutMs: 20_000,
      runTimeoutMs: 60_000,
    });
    await pool.start();
    pools.push(pool);
  }
  return pools;
}

const threadsOf = (pools: readonly WorkerPool[]) =>
  new Set(pools.flatMap(({ workers }) => workers.map(({ id }) => id))).size;

async function ask(pool: WorkerPool, row: FaultRow): Promise<number | undefined> {
  const { outputs } = await pool.run(() => tensorsOf(row), ['y']);
  return (outputs.y?.data as Float32Array)[0];
}

describe('threads that models share', () => {
  it('gives each model one of its own while there are enough, then the emptiest', async () => {
    const pools = await startPools(5, new SharedThreads(3));
    expect(threadsOf(pools.slice(0, 3))).toBe(3);
    expect(threadsOf(pools)).toBe(3);
    const answers = await Promise.all(pools.map((pool, x) => ask(pool, { x })));
    expect(answers).toEqual([0, 2, 4, 6, 8]);
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it('puts the workers of one model into threads apart', async () => {
    const pool = new WorkerPool({
      spec: { engine: 'onnx', path: file, options: {} },
      workers: 3,
      isolation: 'thread',
      openThread: new SharedThreads(1).opener(),
      loadTimeoutMs: 20_000,
      runTimeoutMs: 60_000,
    });
    await pool.start();
    expect(threadsOf([pool])).toBe(3);
    await pool.close();
  });

  it('goes on with the others when one is closed', async () => {
    const [first, second] = (await startPools(2, new SharedThreads(1))) as [WorkerPool, WorkerPool];
    expect(threadsOf([first, second])).toBe(1);
    await first.close();
    expect(await ask(second, { x: 21 })).toBe(42);
    await second.close();
  });

  it('moves whoever waits behind a slow model to another thread', async () => {
    const threads = new SharedThreads(1);
    const [slow, quick] = (await startPools(2, threads)) as [WorkerPool, WorkerPool];
    const ended: string[] = [];
    const slowAnswer = ask(slow, { x: 1, cost: 3_000_000 }).then((y) => {
      ended.push('slow');
      return y;
    });
    await expect(ask(quick, { x: 2 })).rejects.toBeInstanceOf(WorkerLostError);
    // What the batcher does with a batch that lost its worker.
    expect(await ask(quick, { x: 2 })).toBe(4);
    expect(ended).toEqual([]);
    expect(threadsOf([slow, quick])).toBe(2);
    expect(await slowAnswer).toBe(2);
    await Promise.all([slow.close(), quick.close()]);
  }, 90_000);
});
