import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/errors.ts';
import { Batcher, type BatchWorkers, type Waiters } from '../../src/batching/batcher.ts';
import { concatRows } from '../../src/tensor/concat-rows.ts';
import { WorkerLostError } from '../../src/runtimes/model-worker.ts';
import type { TensorMap } from '../../src/tensor/tensor.ts';

type Answer = Awaited<ReturnType<BatchWorkers['run']>>;

/** One worker that fails as the test says. */
class FaultyWorkers implements BatchWorkers {
  idleWorkers = 1;
  down = false;
  /** Values of each batch that ran, and whether it was marked as suspect. */
  readonly runs: { readonly values: readonly number[]; readonly suspect: boolean }[] = [];
  readonly #fault: (values: readonly number[], run: number) => Error | undefined;
  #listener: () => void = () => undefined;

  constructor(fault: (values: readonly number[], run: number) => Error | undefined) {
    this.#fault = fault;
  }

  onIdle(listener: () => void): void {
    this.#listener = listener;
  }

  async run(inputs: () => TensorMap, _outputs: readonly string[], suspect: boolean) {
    this.idleWorkers = 0;
    const values = Array.from((inputs().x?.data ?? []) as Float32Array);
    this.runs.push({ values, suspect });
    await new Promise((resolve) => setImmediate(resolve));
    setImmediate(() => {
      this.idleWorkers = 1;
      this.#listener();
    });
    const error = this.#fault(values, this.runs.length);
    if (error) throw error;
    return { outputs: inputs(), inferenceMs: 1 } satisfies Answer;
  }

  /** Runs that lost the worker. */
  get losses(): number {
    return this.runs.filter(
      ({ values }, i) => this.#fault(values, i + 1) instanceof WorkerLostError,
    ).length;
  }

  /** Takes the group down: what waits is to be refused. */
  goDown(): void {
    this.down = true;
    this.#listener();
  }
}

const entry = (value: number, waiters: Waiters = waiting()) => ({
  input: {
    rows: 1,
    group: '',
    tensors: { x: { datatype: 'FP32', shape: [1], data: Float32Array.of(value) } as const },
  },
  outputs: ['x'],
  waiters,
});

const waiting = (): Waiters => ({ deadline: Number.POSITIVE_INFINITY, abandoned: false });

const batcher = (workers: BatchWorkers, maxQueueRows = 10_000) =>
  new Batcher({
    workers,
    collate: (batch) => concatRows(batch.map(({ tensors }) => tensors)),
    maxBatchSize: 64,
    maxDelayMs: 0,
    maxQueueRows,
  });

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

async function outcomes(queue: Batcher, values: readonly number[]) {
  const settled = await Promise.allSettled(
    values.map((value) => queue.run(entry(value), 'INTERACTIVE')),
  );
  return settled.map((each) =>
    each.status === 'fulfilled'
      ? (each.value.outputs.x?.data as Float32Array)[0]
      : (each.reason as ServiceError).code,
  );
}

describe('a batch whose worker is lost', () => {
  it.each([1, 2, 5, 16, 64])(
    'fails only the poison among %i rows, at the cost of three workers at most',
    async (count) => {
      const poison = count - 1;
      const workers = new FaultyWorkers((values) =>
        values.includes(poison) ? new WorkerLostError('killed') : undefined,
      );
      const values = numbers(count);
      expect(await outcomes(batcher(workers), values)).toEqual(
        values.map((value) => (value === poison ? 'INFERENCE_FAILED' : value)),
      );
      expect(workers.losses).toBeLessThanOrEqual(3);
      expect(workers.losses).toBeGreaterThanOrEqual(2);
    },
  );

  it('is answered by the second try when the loss was bad luck', async () => {
    const workers = new FaultyWorkers((_values, run) =>
      run === 1 ? new WorkerLostError('killed') : undefined,
    );
    expect(await outcomes(batcher(workers), numbers(10))).toEqual(numbers(10));
  });

  it('marks every further try as suspect, so that the model is not blamed', async () => {
    const workers = new FaultyWorkers((values) =>
      values.includes(3) ? new WorkerLostError('killed') : undefined,
    );
    await outcomes(batcher(workers), numbers(20));
    expect(workers.runs.map(({ suspect }) => suspect)).toEqual([
      false,
      ...workers.runs.slice(1).map(() => true),
    ]);
  });

  it('is not tried again for rows whose callers have gone or whose deadline has passed', async () => {
    const all = numbers(4).map(() => ({ ...waiting() }));
    const workers = new FaultyWorkers((_values, run) => {
      Object.assign(all[0] ?? {}, { abandoned: true });
      Object.assign(all[1] ?? {}, { deadline: 0 });
      return run === 1 ? new WorkerLostError('killed') : undefined;
    });
    const queue = batcher(workers);
    const settled = await Promise.allSettled(
      all.map((waiters, value) => queue.run(entry(value, waiters), 'INTERACTIVE')),
    );
    expect(settled.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(workers.runs.slice(1).flatMap(({ values }) => values)).toEqual([2, 3]);
  });

  it('is refused as a whole when the model is down, without further tries', async () => {
    const workers = new FaultyWorkers(() => new ServiceError('MODEL_NOT_READY', 'down'));
    const codes = await outcomes(batcher(workers), numbers(8));
    expect(new Set(codes)).toEqual(new Set(['MODEL_NOT_READY']));
    expect(workers.runs).toHaveLength(1);
  });
});

describe('the queue', () => {
  it('is emptied with refusals when the model goes down', async () => {
    const workers = new FaultyWorkers(() => new ServiceError('MODEL_NOT_READY', 'down'));
    workers.idleWorkers = 0;
    const queue = batcher(workers);
    const codes = outcomes(queue, numbers(100));
    workers.goDown();
    expect(new Set(await codes)).toEqual(new Set(['MODEL_NOT_READY']));
    expect(queue.queuedRows).toBe(0);
  });

  it('frees a place as soon as its last caller goes, not when its batch leaves', async () => {
    const workers = new FaultyWorkers(() => undefined);
    workers.idleWorkers = 0;
    const queue = batcher(workers, 1);
    const waiters = waiting();
    queue.run(entry(1, waiters), 'INTERACTIVE').catch(() => undefined);
    await expect(queue.run(entry(2), 'INTERACTIVE')).rejects.toMatchObject({ code: 'OVERLOADED' });
    waiters.slot?.cancel();
    expect(queue.queuedRows).toBe(0);
    void queue.run(entry(3), 'INTERACTIVE');
    expect(queue.queuedRows).toBe(1);
  });

  it('keeps places for interactive rows that bulk rows cannot take', async () => {
    const workers = new FaultyWorkers(() => undefined);
    workers.idleWorkers = 0;
    const queue = batcher(workers, 8);
    for (const value of numbers(6)) void queue.run(entry(value), 'BULK');
    await expect(queue.run(entry(7), 'BULK')).rejects.toMatchObject({ code: 'OVERLOADED' });
    void queue.run(entry(8), 'INTERACTIVE');
    expect(queue.queuedRows).toBe(7);
  });

  it('calls an input that never fits a bad input, for no retry can help', async () => {
    const queue = batcher(new FaultyWorkers(() => undefined), 8);
    const { input, ...rest } = entry(1);
    const large = { ...rest, input: { ...input, rows: 9 } };
    await expect(queue.run(large, 'INTERACTIVE')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('batches of several groups', () => {
  const inGroup = (value: number, group: string | null, waiters: Waiters = waiting()) => {
    const { input, ...rest } = entry(value, waiters);
    return { ...rest, input: { ...input, group } };
  };

  it('leaves in the queue what no idle worker takes, with its deadline and its caller', async () => {
    const workers = new FaultyWorkers(() => undefined);
    const queue = batcher(workers);
    const values = numbers(6);
    const left = { ...waiting() };
    const late = { ...waiting() };
    const outcome = Promise.allSettled(
      values.map((value) => {
        const waiters = value === 4 ? left : value === 5 ? late : waiting();
        return queue.run(inGroup(value, `shape ${value}`, waiters), 'INTERACTIVE');
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    // There is one worker: it has one group, and the five others wait where they can be bounded.
    expect(workers.runs.map(({ values: batch }) => batch)).toEqual([[0]]);
    expect(queue.queuedRows).toBe(5);
    Object.assign(left, { abandoned: true });
    Object.assign(late, { deadline: 0 });
    const settled = await outcome;
    expect(settled.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 4 }, () => 'fulfilled'),
      'rejected',
      'rejected',
    ]);
    expect(workers.runs.map(({ values: batch }) => batch)).toEqual([[0], [1], [2], [3]]);
  });

  it('joins what is of one group, whatever comes in between', async () => {
    const workers = new FaultyWorkers(() => undefined);
    const queue = batcher(workers);
    const groups = ['a', 'b', 'a', null, 'b', null];
    await Promise.all(
      groups.map((group, value) => queue.run(inGroup(value, group), 'INTERACTIVE')),
    );
    expect(workers.runs.map(({ values }) => values)).toEqual([[0, 2], [1, 4], [3], [5]]);
  });

  it('lets interactive inputs pass the parts of a failed bulk batch', async () => {
    const workers = new FaultyWorkers((values) =>
      values.includes(0) ? new ServiceError('INFERENCE_FAILED', 'no') : undefined,
    );
    const queue = batcher(workers);
    const bulk = Promise.allSettled(numbers(4).map((value) => queue.run(entry(value), 'BULK')));
    await new Promise((resolve) => setImmediate(resolve));
    const interactive = queue.run(inGroup(100, 'other'), 'INTERACTIVE');
    await interactive;
    await bulk;
    expect(workers.runs.slice(0, 2).map(({ values }) => values)).toEqual([[0, 1, 2, 3], [100]]);
  });

  it('counts the parts of a failed batch as waiting', async () => {
    const workers = new FaultyWorkers((values) =>
      values.length > 1 ? new ServiceError('INFERENCE_FAILED', 'no') : undefined,
    );
    const queue = batcher(workers, 4);
    const all = Promise.all(numbers(4).map((value) => queue.run(entry(value), 'INTERACTIVE')));
    await all;
    expect(queue.queuedRows).toBe(0);
    expect(workers.runs[0]?.values).toEqual([0, 1, 2, 3]);
  });
});
