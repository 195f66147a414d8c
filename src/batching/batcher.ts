import DataLoader from 'dataloader';
import { badInput, ServiceError } from '../errors.ts';
import { WorkerLostError } from '../runtimes/model-worker.ts';
import type { TensorMap } from '../tensor/tensor.ts';
import type { SpanAttributes } from '../services/span.ts';
import type { BatchRelease } from '../telemetry/model-recorder.ts';
import {
  type BatchedResult,
  type BatchSlot,
  type Entry,
  gone,
  limitsOf,
  type Results,
  type RunLimits,
  sliceAll,
  splitByRows,
  takeWanted,
  unionOfOutputs,
} from './batch-slots.ts';
import { BatchTrace } from './batch-trace.ts';
import { BatchScheduler, type WaitingBatch, type WorkerGroup } from './batch-scheduler.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import { FairQueue, type Share } from './fair-queue.ts';
import { splitFailedBatch } from './split-failed-batch.ts';
import { type BatchEntry, QueuedEntry, type QueueLevel, queueRows } from './queued-entry.ts';
import type { Priority } from '../services/services.ts';

export type { BatchEntry, Waiters } from './queued-entry.ts';

/** The part of a worker pool that a batcher needs. */
export interface BatchWorkers extends WorkerGroup {
  /**
   * @param suspect whether a worker was lost with these inputs before
   * @throws {WorkerLostError} when its worker was lost
   * @throws {ServiceError} `INFERENCE_FAILED` or `MODEL_NOT_READY`
   */
  run(
    inputs: () => TensorMap,
    outputs: readonly string[],
    suspect: boolean,
    limits?: RunLimits,
  ): Promise<{ readonly outputs: TensorMap; readonly inferenceMs: number }>;
}

/** Options of {@link Batcher}. */
export interface BatcherOptions {
  readonly workers: BatchWorkers;
  /** Joins inputs to the tensors of one batch. */
  readonly collate: (batch: readonly EncodedInput[]) => TensorMap;
  /**
   * The tensors of an input that must not be joined.
   *
   * @default those of a batch of one
   */
  readonly unbatched?: (input: EncodedInput) => TensorMap;
  /** Most inputs of one batch; 1 where they must not be joined. */
  readonly maxBatchSize: number;
  readonly maxDelayMs: number;
  /** Most rows that may wait. */
  readonly maxQueueRows: number;
  /** Most rows of one run, however few inputs bring them. @default no limit */
  readonly maxRunRows?: number | undefined;
  /** Whether runs can be given up while they are under way. @default false */
  readonly cancelsRuns?: boolean;
  /** Told of each batch that ran. */
  readonly onBatch?: (rows: number, inferenceMs: number) => void;
  /** Told of each batch that is dispatched. */
  readonly onRelease?: (reason: BatchRelease) => void;
  /** What the spans of its batches say of the model. @default nothing */
  readonly spanAttributes?: SpanAttributes;
}

/** Share of the queue that bulk rows may fill; the rest is kept for interactive ones. */
const BULK_SHARE = 0.75;

/** A batch on its way, or on its way again. */
interface Batch {
  readonly slots: readonly BatchSlot[];
  readonly results: Results;
  readonly priority: Priority;
  /** Whether a worker was lost with these inputs before. */
  readonly suspect: boolean;
  /** Why it was dispatched when it was. */
  readonly release: BatchRelease;
}

/** What waits of one priority and group. */
interface GroupQueue {
  /** Its keys are places in batches, which nobody looks at. */
  readonly loader: DataLoader<Entry, undefined>;
  /** Decides whose entries take the places. */
  readonly entries: FairQueue<Entry>;
}

/** Those that say nothing of whose they are take turns as one. */
const EVERYBODY: Share = { id: '', weight: 1 };

/** Queues of groups that are kept although nothing may wait in them. */
const KEPT_QUEUES = 64;

/**
 * Coalesces concurrent predictions of one model version into tensor batches: a process-wide
 * DataLoader per priority and group whose dispatch is left to the {@link BatchScheduler}, so that
 * each batch is of one group and takes one worker; which entries it takes is left to a
 * {@link FairQueue}, so that principals take turns. The queue is bounded, and nothing waits outside
 * of it; entries that nobody waits for are dropped before they cost a run; a batch that fails is
 * split until the entry at fault fails alone.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #queues: Record<Priority, Map<string | null, GroupQueue>> = {
    INTERACTIVE: new Map(),
    BULK: new Map(),
  };
  readonly #scheduler: BatchScheduler;
  readonly #level: QueueLevel = { rows: 0 };

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#scheduler = new BatchScheduler(options.workers, options.maxDelayMs);
  }

  /** Rows that wait for a worker. */
  get queuedRows(): number {
    return this.#level.rows;
  }

  /** Most inputs of one batch. */
  get maxBatchSize(): number {
    return this.#options.maxBatchSize;
  }

  /**
   * Throws unless `rows` more fit into the queue. A full one makes room at the cost of who has more
   * waiting than `share` would have.
   *
   * @throws {ServiceError} `OVERLOADED`
   */
  admit(rows: number, priority: Priority, share: Share = EVERYBODY): void {
    const { maxQueueRows } = this.#options;
    const limit = priority === 'BULK' ? Math.ceil(maxQueueRows * BULK_SHARE) : maxQueueRows;
    if (this.#level.rows + rows <= limit) return;
    if (rows > limit) {
      throw badInput(`An input may have at most ${limit} rows; this one has ${rows}.`, { limit });
    }
    while (this.#level.rows + rows > limit) {
      const dropped = this.#dropLongest(priority, share, rows);
      if (!dropped) throw full(maxQueueRows);
      dropped.take();
      dropped.settle(full(maxQueueRows));
    }
  }

  /**
   * Puts one input into the next batch.
   *
   * @throws {ServiceError} `OVERLOADED` at once when the queue is full; `DEADLINE_EXCEEDED` when
   *   its deadline passes before its batch is dispatched; `INFERENCE_FAILED` when the model fails on it;
   *   `MODEL_NOT_READY` when its workers cannot be kept alive
   */
  async run(entry: BatchEntry, priority: Priority): Promise<BatchedResult> {
    const { input, waiters, share = EVERYBODY } = entry;
    if (waiters.abandoned) throw gone();
    this.admit(queueRows(input), priority, share);
    const group = this.#options.maxBatchSize === 1 ? null : input.group;
    const queue = this.#queueOf(priority, group);
    const queued: Entry = new QueuedEntry(entry, this.#level);
    queue.entries.push(queued, share);
    void queue.loader.load(queued);
    return queued.result;
  }

  #dropLongest(priority: Priority, share: Share, rows: number): Entry | undefined {
    for (const { entries } of this.#queues[priority].values()) {
      const dropped = entries.dropLongest(share, rows);
      if (dropped) return dropped;
    }
    return undefined;
  }

  #queueOf(priority: Priority, group: string | null): GroupQueue {
    const queues = this.#queues[priority];
    const known = queues.get(group);
    if (known) return known;
    // A batch that waits is held by the scheduler: it goes without its queue here too.
    if (queues.size >= KEPT_QUEUES) queues.clear();
    const queue = this.#makeQueue(priority, group);
    queues.set(group, queue);
    return queue;
  }

  #makeQueue(priority: Priority, group: string | null): GroupQueue {
    let last: WaitingBatch | undefined;
    const entries = new FairQueue<Entry>();
    const loader = new DataLoader<Entry, undefined>(
      (places) => this.#dispatch(entries, places.length, priority),
      {
        cache: false,
        maxBatchSize: group === null ? 1 : this.#options.maxBatchSize,
        batchScheduleFn: (dispatch) => {
          // A DataLoader starts a second batch only when the first is full: it has no more to wait for.
          if (last) Object.assign(last, { dueAt: 0, isFull: true });
          last = this.#scheduler.schedule(priority, dispatch, group !== null);
        },
      },
    );
    return { loader, entries };
  }

  /** Runs the entries whose turn it is, as many as the batch has places. Never rejects. */
  async #dispatch(
    queue: FairQueue<Entry>,
    places: number,
    priority: Priority,
  ): Promise<undefined[]> {
    const { release } = this.#scheduler;
    this.#options.onRelease?.(release);
    const entries: Entry[] = [];
    while (entries.length < places) {
      const entry = queue.take();
      if (!entry) break;
      entries.push(entry);
    }
    const [first = [], ...others] = splitByRows(entries, this.#options.maxRunRows ?? Infinity);
    // What is too much for one run waits for its turn as the batches behind it do.
    await Promise.all([
      this.#runAndSettle(first, priority, release),
      ...others.map((part) => this.#runLater(part, priority)),
    ]);
    return new Array<undefined>(places).fill(undefined);
  }

  #runLater(entries: readonly Entry[], priority: Priority): Promise<void> {
    return new Promise((resolve, reject) => {
      const dispatch = () => {
        const { release } = this.#scheduler;
        this.#options.onRelease?.(release);
        this.#runAndSettle(entries, priority, release).then(resolve, reject);
      };
      this.#scheduler.schedule(priority, dispatch, false);
    });
  }

  /** Runs entries as one batch, and ends their wait. Never rejects. */
  async #runAndSettle(
    entries: readonly Entry[],
    priority: Priority,
    release: BatchRelease,
  ): Promise<void> {
    const results: Results = new Array<BatchedResult | Error>(entries.length);
    try {
      const slots = takeWanted(
        entries.map((entry, at) => ({ entry, at })),
        results,
      );
      // The pool is called before anything is awaited, so that the worker is taken at once.
      await this.#run({ slots, results, priority, suspect: false, release });
      for (const [at, entry] of entries.entries()) entry.settle(results[at] ?? gone());
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      for (const entry of entries) entry.settle(error);
    }
  }

  async #run(batch: Batch): Promise<void> {
    const { slots, results, suspect, release } = batch;
    if (slots.length === 0) return;
    const { workers, spanAttributes = {}, cancelsRuns } = this.#options;
    const dispatchedAt = performance.now();
    const rows = slots.reduce((sum, { input }) => sum + input.rows, 0);
    const trace = BatchTrace.begin(slots, rows, release, spanAttributes);
    const limits = cancelsRuns ? limitsOf(slots, () => trace?.traceparent) : undefined;
    try {
      const { outputs, inferenceMs } = await workers.run(
        () => {
          const tensors = this.#tensorsOf(slots);
          trace?.startRun();
          return tensors;
        },
        unionOfOutputs(slots),
        suspect,
        limits,
      );
      trace?.endRun(inferenceMs);
      let row = 0;
      for (const { entry, input, at } of slots) {
        const end = row + input.rows;
        results[at] = {
          outputs: slots.length === 1 ? outputs : sliceAll(outputs, row, end, rows),
          queueMs: dispatchedAt - entry.enqueuedAt,
          inferenceMs,
          computeMs: (inferenceMs * input.rows) / rows,
        };
        row = end;
      }
      trace?.end();
      this.#options.onBatch?.(rows, inferenceMs);
    } catch (thrown) {
      trace?.endRun(undefined);
      trace?.end('INFERENCE_FAILED');
      await this.#retry(batch, thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #tensorsOf(slots: readonly BatchSlot[]): TensorMap {
    const { collate, unbatched, maxBatchSize } = this.#options;
    const [first] = slots;
    const isAlone = maxBatchSize === 1 || first?.input.group === null;
    if (first && isAlone && unbatched) return unbatched(first.input);
    return collate(slots.map(({ input }) => input));
  }

  async #retry(batch: Batch, error: Error): Promise<void> {
    const { slots, results, suspect } = batch;
    const lost = error instanceof WorkerLostError;
    const parts = splitFailedBatch(slots, error, suspect);
    if (!parts) {
      for (const { at } of slots) results[at] = lost ? fatal(error) : error;
      return;
    }
    // One after the other, so that other batches have their turn in between.
    for (const part of parts) {
      await this.#runAgain({ ...batch, slots: part, suspect: suspect || lost });
    }
  }

  /** Puts a part of a failed batch back into the queue, where it waits for its turn as others do. */
  #runAgain(batch: Batch): Promise<void> {
    const { slots, results, priority } = batch;
    for (const { entry, input } of slots) entry.requeue(input);
    return new Promise((resolve, reject) => {
      const dispatch = () => {
        this.#run({ ...batch, slots: takeWanted(slots, results) }).then(resolve, reject);
      };
      this.#scheduler.schedule(priority, dispatch, false);
    });
  }
}

const full = (maxQueueRows: number) =>
  new ServiceError('OVERLOADED', 'The queue of this model is full; try again shortly.', {
    retryAfterSeconds: 1,
    details: { maxQueueRows },
    limit: 'MAX_QUEUE_ROWS',
  });

const fatal = (cause: Error) =>
  new ServiceError('INFERENCE_FAILED', 'The worker of this model failed on this input.', { cause });
