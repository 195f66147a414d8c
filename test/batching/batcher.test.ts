import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import {
  Batcher,
  type BatcherOptions,
  type BatchWorkers,
  type Waiters,
} from '../../src/batching/batcher.ts';
import type { RunLimits } from '../../src/batching/batch-slots.ts';
import { concatRows } from '../../src/tensor/concat-rows.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';

/** Workers under the test's control: runs end when told to. */
class ManualWorkers implements BatchWorkers {
  idleWorkers: number;
  readonly down = false;
  readonly batches: number[][] = [];
  /** Limits of each run, where it had any. */
  readonly limits: RunLimits[] = [];
  readonly #ends: (() => void)[] = [];
  readonly #fails: (value: number) => boolean;
  #listener: () => void = () => undefined;
  #started: (() => void)[] = [];

  constructor(idle = 1, fails: (value: number) => boolean = () => false) {
    this.idleWorkers = idle;
    this.#fails = fails;
  }

  onIdle(listener: () => void): void {
    this.#listener = listener;
  }

  run(
    inputs: () => TensorMap,
    _outputs: readonly string[],
    _suspect: boolean,
    limits?: RunLimits,
  ): Promise<{ outputs: TensorMap; inferenceMs: number }> {
    this.idleWorkers--;
    if (limits) this.limits.push(limits);
    const x = inputs().x;
    const values = Array.from((x?.data ?? []) as Float32Array);
    this.batches.push(values);
    for (const resolve of this.#started.splice(0)) resolve();
    return new Promise((resolve, reject) => {
      this.#ends.push(() => {
        this.idleWorkers++;
        if (values.some(this.#fails)) reject(new ServiceError('INFERENCE_FAILED', 'no'));
        else resolve({ outputs: inputs(), inferenceMs: 1 });
        this.#listener();
      });
    });
  }

  /** Ends the oldest run. */
  end(): void {
    this.#ends.shift()?.();
  }

  /** Resolves when a batch has left. */
  async started(count: number): Promise<void> {
    while (this.batches.length < count) {
      await new Promise<void>((resolve) => this.#started.push(resolve));
    }
  }

  /** Ends runs as they come until `done`. */
  async endAll(done: Promise<unknown>): Promise<void> {
    const state = { over: false };
    void done.then(() => (state.over = true));
    while (!state.over) {
      this.end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const waiting = { deadline: Number.POSITIVE_INFINITY, abandoned: false };

/** A caller that may go. */
const leaving = (): Waiters & { leave(): void } => ({
  deadline: 1e9,
  abandoned: false,
  leave() {
    Object.assign(this, { abandoned: true });
    this.slot?.cancel();
  },
});

const entry = (value: number, waiters: Waiters = waiting) => ({
  input: {
    rows: 1,
    group: '',
    tensors: { x: { datatype: 'FP32', shape: [1], data: Float32Array.of(value) } as const },
  },
  outputs: ['x'],
  waiters,
});

const batcher = (
  workers: BatchWorkers,
  options: Partial<{ max: number; queue: number }> &
    Pick<BatcherOptions, 'cancelsRuns'> & { maxRunRows?: number } = {},
) =>
  new Batcher({
    workers,
    collate: (batch) => concatRows(batch.map(({ tensors }) => tensors)),
    maxBatchSize: options.max ?? 64,
    maxDelayMs: 0,
    maxQueueRows: options.queue ?? 1000,
    ...(options.cancelsRuns && { cancelsRuns: true }),
    maxRunRows: options.maxRunRows,
  });

const valueOf = (result: { outputs: TensorMap }): number =>
  (result.outputs.x?.data as Float32Array)[0] ?? Number.NaN;

describe('Batcher', () => {
  it('starts a lone request in the same turn of the event loop', async () => {
    const workers = new ManualWorkers();
    const result = batcher(workers).run(entry(7), 'INTERACTIVE');
    await new Promise((resolve) => setImmediate(resolve));
    expect(workers.batches).toEqual([[7]]);
    workers.end();
    expect(valueOf(await result)).toBe(7);
  });

  it('keeps priority, cancellation and deadlines among batches of several groups', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, {});
    const ofGroup = (group: string, value: number, waiters: Waiters = waiting) => {
      const made = entry(value, waiters);
      return { ...made, input: { ...made.input, group } };
    };
    const first = queue.run(ofGroup('a', 0), 'INTERACTIVE');
    await workers.started(1);
    const gone = leaving();
    const bulk = ['a', 'b', 'c'].map((group, at) => queue.run(ofGroup(group, 10 + at), 'BULK'));
    const cancelled = queue.run(ofGroup('d', 20, gone), 'INTERACTIVE');
    const late = queue.run(ofGroup('e', 30, { deadline: 0, abandoned: false }), 'INTERACTIVE');
    const interactive = queue.run(ofGroup('f', 40), 'INTERACTIVE');
    expect(queue.queuedRows).toBe(6);
    gone.leave();
    expect(queue.queuedRows).toBe(5);
    const ends = Promise.allSettled([first, ...bulk, cancelled, late, interactive]);
    await workers.endAll(ends);
    expect(workers.batches).toEqual([[0], [40], [10], [11], [12]]);
    expect((await ends).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
      ...['rejected', 'rejected', 'fulfilled'],
    ]);
    expect(queue.queuedRows).toBe(0);
  });

  it('gives no run more rows than it may have, and lets what is too much wait its turn', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, { maxRunRows: 2 });
    const results = [1, 2, 3, 4, 5].map((value) => queue.run(entry(value), 'INTERACTIVE'));
    await workers.started(1);
    expect(queue.queuedRows).toBe(3);
    const all = Promise.all(results);
    await workers.endAll(all);
    expect(workers.batches).toEqual([[1, 2], [3, 4], [5]]);
    expect((await all).map(valueOf)).toEqual([1, 2, 3, 4, 5]);
    expect(queue.queuedRows).toBe(0);
  });

  it('answers the first run of those that were too many before the second has begun', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, { maxRunRows: 1 });
    const [first, second] = [1, 2].map((value) => queue.run(entry(value), 'INTERACTIVE'));
    await workers.started(1);
    workers.end();
    expect(valueOf((await first) ?? { outputs: {} })).toBe(1);
    await workers.started(2);
    workers.end();
    expect(valueOf((await second) ?? { outputs: {} })).toBe(2);
  });

  it('gives a run up when the last of those that wait for it has gone, where it can', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, { cancelsRuns: true });
    const callers = [leaving(), leaving()];
    const results = callers.map((waiters, at) => queue.run(entry(at, waiters), 'INTERACTIVE'));
    await workers.started(1);
    const [limits] = workers.limits;
    expect(limits?.deadline).toBe(1e9);
    callers[0]?.leave();
    expect(limits?.signal.aborted).toBe(false);
    callers[1]?.leave();
    expect(limits?.signal.aborted).toBe(true);
    workers.end();
    await Promise.all(results);
  });

  it('lets a batch grow while the worker is busy, and gives each caller its own row', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers);
    const first = queue.run(entry(1), 'INTERACTIVE');
    await workers.started(1);
    const others = [2, 3, 4].map((value) => queue.run(entry(value), 'INTERACTIVE'));
    expect(queue.queuedRows).toBe(3);
    workers.end();
    await first;
    await workers.started(2);
    expect(workers.batches[1]).toEqual([2, 3, 4]);
    expect(queue.queuedRows).toBe(0);
    workers.end();
    expect((await Promise.all(others)).map(valueOf)).toEqual([2, 3, 4]);
  });

  it('splits what is over the largest batch', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, { max: 2 });
    await workers.endAll(
      Promise.all([1, 2, 3, 4, 5].map((value) => queue.run(entry(value), 'INTERACTIVE'))),
    );
    expect(workers.batches.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(workers.batches.every((batch) => batch.length <= 2)).toBe(true);
  });

  it('fails only the row at fault', async () => {
    const workers = new ManualWorkers(1, (value) => value === 3);
    const queue = batcher(workers);
    const results = Promise.allSettled([1, 2, 3, 4].map((v) => queue.run(entry(v), 'INTERACTIVE')));
    await workers.endAll(results);
    const settled = await results;
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('drops entries whose callers have gone or whose deadline has passed', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers);
    const first = queue.run(entry(1), 'INTERACTIVE');
    await workers.started(1);
    const left = queue.run(entry(2, { ...waiting, abandoned: true }), 'INTERACTIVE');
    const late = queue.run(entry(3, { ...waiting, deadline: 0 }), 'INTERACTIVE');
    const kept = queue.run(entry(4), 'INTERACTIVE');
    const outcomes = Promise.allSettled([first, left, late, kept]);
    await workers.endAll(outcomes);
    expect(workers.batches).toEqual([[1], [4]]);
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
  });

  it('refuses at once what does not fit into the queue', async () => {
    const workers = new ManualWorkers(0);
    const queue = batcher(workers, { queue: 2 });
    void queue.run(entry(1), 'INTERACTIVE');
    void queue.run(entry(2), 'INTERACTIVE');
    await expect(queue.run(entry(3), 'INTERACTIVE')).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('lets interactive requests pass bulk ones without starving them', async () => {
    const workers = new ManualWorkers();
    const queue = batcher(workers, { max: 1 });
    const blocker = queue.run(entry(0), 'INTERACTIVE');
    await workers.started(1);
    const bulk = [100, 101, 102].map((value) => queue.run(entry(value), 'BULK'));
    const interactive = [1, 2, 3, 4, 5, 6].map((value) => queue.run(entry(value), 'INTERACTIVE'));
    await workers.endAll(Promise.all([blocker, ...bulk, ...interactive]));
    const order = workers.batches.flat();
    expect(order.indexOf(1)).toBeLessThan(order.indexOf(100));
    expect(order.indexOf(100)).toBeLessThan(order.indexOf(6));
  });
});
