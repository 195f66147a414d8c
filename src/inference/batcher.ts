import DataLoader from 'dataloader';
import { ServiceError } from '../errors.ts';
import { sliceRows, type TensorMap } from '../tensor.ts';
import { BatchScheduler, type WorkerGroup } from './batch-scheduler.ts';
import type { EncodedInput } from './codecs/codec.ts';
import type { Priority } from './services.ts';

/** The part of a worker pool that a batcher needs. */
export interface BatchWorkers extends WorkerGroup {
  run(
    inputs: () => TensorMap,
    outputs: readonly string[],
  ): Promise<{ readonly outputs: TensorMap; readonly inferenceMs: number }>;
}

/** One input on its way through a batch. */
export interface BatchEntry {
  readonly input: EncodedInput;
  /** Outputs that this caller wants. */
  readonly outputs: readonly string[];
  /** Those that wait for it; asked right before the batch leaves. */
  readonly flight: {
    /** Time at which the answer is of no use any more, in `performance.now()` terms. */
    readonly deadline: number;
    /** Whether every caller has gone. */
    readonly abandoned: boolean;
  };
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
  /** Told of each batch that ran. */
  readonly onBatch?: (rows: number, inferenceMs: number) => void;
}

interface Queued extends BatchEntry {
  readonly enqueuedAt: number;
}

/**
 * Coalesces concurrent predictions of one model version into tensor batches: a process-wide
 * DataLoader per priority whose dispatch is left to the {@link BatchScheduler}. In front of them
 * the queue is bounded; entries that nobody waits for are dropped before they cost a run; when a
 * batch fails it is halved until the entry at fault fails alone.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #loaders: Record<Priority, DataLoader<Queued, BatchedResult>>;
  #queuedRows = 0;

  constructor(options: BatcherOptions) {
    this.#options = options;
    const scheduler = new BatchScheduler(options.workers, options.maxDelayMs);
    const loader = (priority: Priority) =>
      new DataLoader<Queued, BatchedResult>((entries) => this.#runBatch(entries), {
        cache: false,
        maxBatchSize: options.maxBatchSize,
        batchScheduleFn: (dispatch) => scheduler.schedule(priority, dispatch),
      });
    this.#loaders = { INTERACTIVE: loader('INTERACTIVE'), BULK: loader('BULK') };
  }

  /** Rows that wait for a worker. */
  get queuedRows(): number {
    return this.#queuedRows;
  }

  /**
   * Puts one input into the next batch.
   *
   * @throws {ServiceError} `OVERLOADED` at once when the queue is full; `DEADLINE_EXCEEDED` when
   *   its deadline passes before its batch leaves; `INFERENCE_FAILED` when the model fails on it
   */
  run(entry: BatchEntry, priority: Priority): Promise<BatchedResult> {
    const rows = entry.input.rows;
    if (this.#queuedRows + rows > this.#options.maxQueueRows) {
      return Promise.reject(
        new ServiceError('OVERLOADED', 'The queue of this model is full; try again shortly.', {
          retryAfterSeconds: 1,
          details: { maxQueueRows: this.#options.maxQueueRows },
        }),
      );
    }
    this.#queuedRows += rows;
    return this.#loaders[priority].load({ ...entry, enqueuedAt: performance.now() });
  }

  async #runBatch(entries: readonly Queued[]): Promise<(BatchedResult | Error)[]> {
    const now = performance.now();
    const results = new Array<BatchedResult | Error>(entries.length);
    const groups = new Map<string, number[]>();
    for (const [i, entry] of entries.entries()) {
      this.#queuedRows -= entry.input.rows;
      if (entry.flight.abandoned) results[i] = gone();
      else if (entry.flight.deadline <= now) results[i] = late();
      else {
        const group = groups.get(entry.input.group);
        if (group) group.push(i);
        else groups.set(entry.input.group, [i]);
      }
    }
    // Every group calls the pool before anything is awaited, so that the workers are taken at once.
    await Promise.all(
      Array.from(groups.values(), (indices) => this.#runGroup(entries, indices, results, now)),
    );
    return results;
  }

  async #runGroup(
    entries: readonly Queued[],
    indices: readonly number[],
    results: (BatchedResult | Error)[],
    leftAt: number,
  ): Promise<void> {
    const batch = indices.map((i) => entries[i]?.input).filter((input) => input !== undefined);
    const wanted = unionOfOutputs(entries, indices);
    try {
      const { outputs, inferenceMs } = await this.#options.workers.run(
        () => this.#options.collate(batch),
        wanted,
      );
      let row = 0;
      const rows = batch.reduce((sum, input) => sum + input.rows, 0);
      for (const [n, i] of indices.entries()) {
        const end = row + (batch[n]?.rows ?? 1);
        results[i] = {
          outputs: indices.length === 1 ? outputs : sliceAll(outputs, row, end, rows),
          queueMs: leftAt - (entries[i]?.enqueuedAt ?? leftAt),
          inferenceMs,
        };
        row = end;
      }
      this.#options.onBatch?.(rows, inferenceMs);
    } catch (error) {
      if (indices.length === 1) {
        for (const i of indices)
          results[i] = error instanceof Error ? error : new Error(String(error));
        return;
      }
      const half = indices.length >> 1;
      await this.#runGroup(entries, indices.slice(0, half), results, leftAt);
      await this.#runGroup(entries, indices.slice(half), results, leftAt);
    }
  }
}

function unionOfOutputs(entries: readonly Queued[], indices: readonly number[]): readonly string[] {
  const first = entries[indices[0] ?? 0]?.outputs ?? [];
  if (indices.every((i) => entries[i]?.outputs === first)) return first;
  return [...new Set(indices.flatMap((i) => entries[i]?.outputs ?? []))];
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
