import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import { WorkerLostError, type RunResult } from '../../src/runtimes/model-worker.ts';
import { ISOLATIONS, type Isolation } from '../../src/runtimes/worker-channel.ts';
import {
  startFaultPool,
  tensorsOf,
  type FaultPool,
  type PoolEvent,
} from '../support/faults/fault-pool.ts';

/** Turns of the loop that take seconds: longer than the limits of these tests, and yet not forever. */
const SECONDS = 1_000_000;

/** Turns of the loop that take some tenths of a second. */
const A_WHILE = 100_000;

const isLoss = ({ kind }: PoolEvent) => kind === 'lost';
const doubled = async (run: Promise<{ outputs: Record<string, { data: unknown }> }>) =>
  (await run).outputs.y?.data;

/** Ends the worker under a run. @returns whether the run was lost, or was answered just before */
async function loseOne(faulty: FaultPool, suspect = false): Promise<boolean> {
  const outcome = faulty.run({ x: 1 }, suspect).then(
    () => false,
    (error: unknown) => error instanceof WorkerLostError,
  );
  void faulty.pool.workers[0]?.terminate();
  return outcome;
}

/** A process that is killed never answers; a thread may do so before it notices that it is to end. */
async function expectLost(kind: Isolation, run: Promise<RunResult>): Promise<void> {
  const outcome = await run.catch((error: unknown) => error);
  if (kind === 'process' || outcome instanceof Error) {
    expect(outcome).toBeInstanceOf(WorkerLostError);
  }
}

describe.each(ISOLATIONS)('a pool of workers of kind %s', (kind) => {
  it('computes', async () => {
    await using faulty = await startFaultPool(kind);
    expect(await doubled(faulty.run({ x: 21 }))).toEqual(Float32Array.of(42));
    expect(faulty.pool.workers.map((worker) => worker.kind)).toEqual([kind]);
  });

  it('replaces a worker that ends while idle, once', async () => {
    await using faulty = await startFaultPool(kind, { workers: 2 });
    const ids = faulty.pool.workers.map(({ id }) => id);
    await faulty.pool.workers[0]?.terminate();
    await faulty.events.first(1, isLoss);
    await faulty.idle(2);
    expect(faulty.pool.liveWorkers).toBe(2);
    expect(faulty.pool.workers.map(({ id }) => id)).not.toEqual(ids);
    expect(faulty.events.all).toHaveLength(1);
  });

  it('rejects the batch of a worker that ends, and runs what waits on its replacement', async () => {
    await using faulty = await startFaultPool(kind);
    const first = faulty.run({ x: 1, cost: A_WHILE });
    const waiting = faulty.run({ x: 2 });
    const ended = faulty.pool.workers[0]?.terminate();
    await expectLost(kind, first);
    await ended;
    expect(await doubled(waiting)).toEqual(Float32Array.of(4));
  });

  it('gives up a worker that hangs, and takes a process in its place', async () => {
    await using faulty = await startFaultPool(kind, { runTimeoutMs: 300 });
    const hung = faulty.run({ x: 1, cost: SECONDS });
    await expect(hung).rejects.toThrow('hung for over 300 ms');
    expect(await doubled(faulty.run({ x: 3 }))).toEqual(Float32Array.of(6));
    expect(faulty.pool.workers.map((worker) => worker.kind)).toEqual(['process']);
  });

  it('keeps a worker whose engine refuses a batch', async () => {
    await using faulty = await startFaultPool(kind);
    const ids = faulty.pool.workers.map(({ id }) => id);
    const { x } = tensorsOf({ x: 1 });
    const refused = faulty.pool.run(() => (x ? { x } : {}), ['y']);
    await expect(refused).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(await doubled(faulty.run({ x: 1 }))).toEqual(Float32Array.of(2));
    expect(faulty.pool.workers.map(({ id }) => id)).toEqual(ids);
  });

  it('keeps a worker that is asked for figures during a long run', async () => {
    await using faulty = await startFaultPool(kind);
    const run = faulty.run({ x: 1, cost: A_WHILE });
    await faulty.pool.stats(1).catch(() => undefined);
    expect(await doubled(run)).toEqual(Float32Array.of(2));
    expect(faulty.events.all).toEqual([]);
  });

  it('is down while its file is broken, refuses at once, and is up again when it is mended', async () => {
    await using faulty = await startFaultPool(kind);
    const good = await readFile(faulty.file);
    await writeFile(faulty.file, good.subarray(0, 50));
    await faulty.pool.workers[0]?.terminate();
    const waiting = faulty.run({ x: 1 });
    await expect(waiting).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    expect(faulty.pool.down).toBe(true);
    await expect(faulty.run({ x: 2 })).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    await writeFile(faulty.file, good);
    await faulty.events.first(1, ({ kind }) => kind === 'up');
    expect(await doubled(faulty.run({ x: 3 }))).toEqual(Float32Array.of(6));
    // One worker was lost, three starts failed: each is told once, and one worker lives.
    expect(faulty.pool.liveWorkers).toBe(1);
  });

  it('tries a new worker on a sample before it takes work', async () => {
    await using faulty = await startFaultPool(kind);
    const impossible = { inputs: () => ({}), outputs: ['y'] };
    await expect(faulty.pool.warm(impossible)).rejects.toThrow('failed on this input');
    await faulty.pool.workers[0]?.terminate();
    await faulty.events.first(1, ({ kind }) => kind === 'down');
    expect(faulty.events.all.at(-1)?.reason).toBe('The model failed on this input.');
  });

  it('is down for a while when its workers die of every batch, then tries again', async () => {
    await using faulty = await startFaultPool(kind);
    while (faulty.events.all.every(({ kind }) => kind !== 'down')) {
      await faulty.idle(1);
      await loseOne(faulty);
    }
    const [down] = await faulty.events.first(1, ({ kind }) => kind === 'down');
    expect(down?.reason).toContain('die of every batch');
    await expect(faulty.run({ x: 1 })).rejects.toBeInstanceOf(ServiceError);
    await faulty.events.first(1, ({ kind }) => kind === 'up');
    expect(await doubled(faulty.run({ x: 4 }))).toEqual(Float32Array.of(8));
  });

  it('does not count losses that are blamed on the input', async () => {
    await using faulty = await startFaultPool(kind);
    for (let losses = 0; losses < 11;) {
      if (await loseOne(faulty, true)) losses++;
      await faulty.idle(1);
    }
    expect(faulty.events.all.filter((event) => event.kind === 'down')).toEqual([]);
    expect(faulty.pool.down).toBe(false);
  });

  it('settles everything and ends its workers when it is closed', async () => {
    const faulty = await startFaultPool(kind, { workers: 2 });
    const ids = faulty.pool.workers.map(({ id }) => id);
    const outcomes = Promise.allSettled(
      Array.from({ length: 6 }, () => faulty.run({ x: 1, cost: A_WHILE })),
    );
    await faulty[Symbol.asyncDispose]();
    for (const outcome of await outcomes) {
      // A thread may just have answered.
      if (kind === 'process' || outcome.status === 'rejected') {
        expect(outcome).toMatchObject({ reason: { code: 'MODEL_NOT_READY' } });
      }
    }
    await expect(faulty.run({ x: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    expect(faulty.pool.liveWorkers).toBe(0);
    if (kind === 'process') for (const id of ids) expect(() => process.kill(id, 0)).toThrow();
  });
});

describe('a pool of worker processes', () => {
  it.each(['SIGKILL', 'SIGABRT', 'SIGSEGV'] as const)('outlives %s', async (signal) => {
    await using faulty = await startFaultPool('process');
    const lost = faulty.run({ x: 1, cost: A_WHILE });
    process.kill(faulty.pool.workers[0]?.id ?? 0, signal);
    await expect(lost).rejects.toThrow(signal);
    expect(await doubled(faulty.run({ x: 2 }))).toEqual(Float32Array.of(4));
  });

  it('outlives a worker that aborts because its heap overflows', async () => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--max-old-space-size=64';
    try {
      await using faulty = await startFaultPool('process');
      await expect(faulty.run({ x: 1, junk: 200_000 })).rejects.toThrow('SIGABRT');
      expect(await doubled(faulty.run({ x: 2 }))).toEqual(Float32Array.of(4));
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });
});
