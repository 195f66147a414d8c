import DataLoader from 'dataloader';
import { badInput, ServiceError } from '../errors.ts';
import { WorkerLostError } from '../runtimes/model-worker.ts';
import { sliceRows, type TensorMap } from '../tensor/tensor.ts';
import type { SpanAttributes } from '../services/span.ts';
import type { BatchRelease } from '../telemetry/model-recorder.ts';
import { BatchTrace } from './batch-trace.ts';
import { BatchScheduler, type WorkerGroup } from './batch-scheduler.ts';
import type { EncodedInput } from '../codecs/codec.ts';
import { splitFailedBatch } from './split-failed-batch.ts';
import { type BatchEntry, QueuedEntry, type QueueLevel } from './queued-entry.ts';
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

/** What ends the use of a run that is under way, for those that can give it up. */
export interface RunLimits {
  /** Latest deadline of those that wait, in `performance.now()` terms. */
  readonly deadline: number;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** W3C trace context of the run, once its inputs have been made. */
  readonly traceparent: () => string | undefined;
}

/** What an entry gets back. */
export interface BatchedResult {
  /** Output tensors of this entry's rows. */
  readonly outputs: TensorMap;
  readonly queueMs: number;
  readonly inferenceMs: number;
}

/** Options of {@link Batcher}. */
export interface BatcherOptions {
  readonly workers: BatchWorkers;
  /** Joins inputs to the tensors of one batch. */
  readonly collate: (batch: readonly EncodedInput[]) => TensorMap;
  /** Most inputs of one batch; 1 where the model has no batch axis. */
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

/** The place of an entry in a batch. */
interface BatchSlot {
  readonly entry: QueuedEntry;
  readonly input: EncodedInput;
  readonly at: number;
}

type Results = (BatchedResult | Error)[];

/**
 * Coalesces concurrent predictions of one model version into tensor batches: a process-wide
 * DataLoader per priority whose dispatch is left to the {@link BatchScheduler}. In front of them
 * the queue is bounded; entries that nobody waits for are dropped before they cost a run; a batch
 * that fails is split until the entry at fault fails alone.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #loaders: Record<Priority, DataLoader<QueuedEntry, BatchedResult>>;
  readonly #level: QueueLevel = { rows: 0 };

  constructor(options: BatcherOptions) {
    this.#options = options;
    const scheduler = new BatchScheduler(options.workers, options.maxDelayMs);
    const loader = (priority: Priority) =>
      new DataLoader<QueuedEntry, BatchedResult>(
        (entries) => this.#runBatch(entries, scheduler.release),
        {
          cache: false,
          maxBatchSize: options.maxBatchSize,
          batchScheduleFn: (dispatch) => scheduler.schedule(priority, dispatch),
        },
      );
    this.#loaders = { INTERACTIVE: loader('INTERACTIVE'), BULK: loader('BULK') };
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
   * Throws unless `rows` more fit into the queue.
   *
   * @throws {ServiceError} `OVERLOADED`
   */
  admit(rows: number, priority: Priority): void {
    const { maxQueueRows } = this.#options;
    const limit = priority === 'BULK' ? Math.ceil(maxQueueRows * BULK_SHARE) : maxQueueRows;
    if (this.#level.rows + rows <= limit) return;
    if (rows > limit) {
      throw badInput(`An input may have at most ${limit} rows; this one has ${rows}.`, { limit });
    }
    throw new ServiceError('OVERLOADED', 'The queue of this model is full; try again shortly.', {
      retryAfterSeconds: 1,
      details: { maxQueueRows },
    });
  }

  /**
   * Puts one input into the next batch.
   *
   * @throws {ServiceError} `OVERLOADED` at once when the queue is full; `DEADLINE_EXCEEDED` when
   *   its deadline passes before its batch is dispatched; `INFERENCE_FAILED` when the model fails on it;
   *   `MODEL_NOT_READY` when its workers cannot be kept alive
   */
  async run(entry: BatchEntry, priority: Priority): Promise<BatchedResult> {
    if (entry.waiters.abandoned) throw gone();
    this.admit(entry.input.rows, priority);
    return this.#loaders[priority].load(new QueuedEntry(entry, this.#level));
  }

  async #runBatch(entries: readonly QueuedEntry[], release: BatchRelease): Promise<Results> {
    const now = performance.now();
    this.#options.onRelease?.(release);
    const results: Results = new Array<BatchedResult | Error>(entries.length);
    const groups = new Groups(this.#options.maxRunRows ?? Infinity);
    for (const [at, entry] of entries.entries()) {
      const input = entry.take();
      if (!input) results[at] = gone();
      else if (entry.waiters.deadline <= now) results[at] = late();
      else {
        entry.waiters.dispatched = true;
        groups.add({ entry, input, at });
      }
    }
    // Every group calls the pool before anything is awaited, so that the workers are taken at once.
    await Promise.all(
      groups.all.map((group) => this.#runGroup(group, results, now, false, release)),
    );
    return results;
  }

  /** @param suspect whether a worker was lost with these inputs before */
  async #runGroup(
    group: readonly BatchSlot[],
    results: Results,
    dispatchedAt: number,
    suspect: boolean,
    release: BatchRelease,
  ): Promise<void> {
    const { workers, collate, spanAttributes = {}, cancelsRuns } = this.#options;
    const rows = group.reduce((sum, { input }) => sum + input.rows, 0);
    const trace = BatchTrace.begin(group, rows, release, spanAttributes);
    const limits = cancelsRuns ? limitsOf(group, () => trace?.traceparent) : undefined;
    try {
      const { outputs, inferenceMs } = await workers.run(
        () => {
          const tensors = collate(group.map(({ input }) => input));
          trace?.startRun();
          return tensors;
        },
        unionOfOutputs(group),
        suspect,
        limits,
      );
      trace?.endRun(inferenceMs);
      let row = 0;
      for (const { entry, input, at } of group) {
        const end = row + input.rows;
        results[at] = {
          outputs: group.length === 1 ? outputs : sliceAll(outputs, row, end, rows),
          queueMs: dispatchedAt - entry.enqueuedAt,
          inferenceMs,
        };
        row = end;
      }
      trace?.end();
      this.#options.onBatch?.(rows, inferenceMs);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const lost = error instanceof WorkerLostError;
      trace?.endRun(undefined);
      trace?.end('INFERENCE_FAILED');
      const parts = splitFailedBatch(group, error, suspect);
      if (!parts) {
        for (const { at } of group) results[at] = lost ? fatal(error) : error;
        return;
      }
      // One after the other, so that other batches have their turn in between.
      for (const part of parts) {
        const wanted = stillWanted(part, results);
        if (wanted.length > 0) {
          await this.#runGroup(wanted, results, dispatchedAt, suspect || lost, release);
        }
      }
    }
  }
}

/** Inputs that may share a run. */
class Groups {
  readonly all: BatchSlot[][] = [];
  /** The group that takes the next input of its kind, and its rows. */
  readonly #open = new Map<string, { readonly slots: BatchSlot[]; rows: number }>();
  readonly #maxRows: number;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  add(slot: BatchSlot): void {
    const { group, rows } = slot.input;
    const open = this.#open.get(group);
    if (open && open.rows + rows <= this.#maxRows) {
      open.slots.push(slot);
      open.rows += rows;
      return;
    }
    const slots = [slot];
    this.all.push(slots);
    this.#open.set(group, { slots, rows });
  }
}

/** Ends a run when the last of those that wait for any of its inputs has gone. */
function limitsOf(group: readonly BatchSlot[], traceparent: () => string | undefined): RunLimits {
  const controller = new AbortController();
  const cancel = () => {
    if (group.every(({ entry }) => entry.waiters.abandoned)) controller.abort();
  };
  for (const { entry } of group) entry.waiters.slot = { cancel };
  const deadline = Math.max(...group.map(({ entry }) => entry.waiters.deadline));
  return { deadline, signal: controller.signal, traceparent };
}

/** Those of a batch that somebody still waits for; the others have their result now. */
function stillWanted(group: readonly BatchSlot[], results: Results): readonly BatchSlot[] {
  const now = performance.now();
  return group.filter(({ entry: { waiters }, at }) => {
    if (!waiters.abandoned && waiters.deadline > now) return true;
    results[at] = waiters.abandoned ? gone() : late();
    return false;
  });
}

function unionOfOutputs(group: readonly BatchSlot[]): readonly string[] {
  const first = group[0]?.entry.outputs ?? [];
  if (group.every(({ entry }) => entry.outputs === first)) return first;
  return [...new Set(group.flatMap(({ entry }) => entry.outputs))];
}

function sliceAll(outputs: TensorMap, from: number, to: number, rows: number): TensorMap {
  const sliced: Record<string, TensorMap[string]> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    if (tensor.shape[0] !== rows) {
      throw new ServiceError('INFERENCE_FAILED', 'The model gave fewer or more rows than it got.', {
        cause: new Error(`output "${name}" has shape [${tensor.shape.join()}] for ${rows} rows`),
      });
    }
    sliced[name] = sliceRows(tensor, from, to);
  }
  return sliced;
}

const gone = () => new ServiceError('DEADLINE_EXCEEDED', 'The caller went away before the run.');

const late = () =>
  new ServiceError('DEADLINE_EXCEEDED', 'The deadline passed while the request was queued.', {
    retryAfterSeconds: 1,
  });

const fatal = (cause: Error) =>
  new ServiceError('INFERENCE_FAILED', 'The worker of this model failed on this input.', { cause });
