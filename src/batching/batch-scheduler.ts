import type { Priority } from '../services/services.ts';
import type { BatchRelease } from '../telemetry/model-recorder.ts';

/** The part of a worker pool that a scheduler looks at. */
export interface WorkerGroup {
  /** Workers that could start a batch right now. */
  readonly idleWorkers: number;
  /** Whether runs fail at once: then nothing is worth waiting for. */
  readonly down: boolean;
  /** Calls `listener` whenever a worker becomes idle, and when the group goes down. */
  onIdle(listener: () => void): void;
}

/** A batch that waits for a worker. */
export interface WaitingBatch {
  /** Takes one idle worker at once, or none where nobody waits for the batch any more. */
  readonly dispatch: () => void;
  /** Earliest time at which it goes, in `performance.now()` terms; 0 once it is full. */
  dueAt: number;
  /** Whether it can grow no more. */
  isFull: boolean;
}

/** Interactive batches in a row after which a waiting bulk batch gets its turn. */
const BULK_SHARE = 4;

/**
 * Decides when batches are dispatched. Work-conserving: with a worker idle, what waits goes in the
 * same turn of the event loop, without a timer; while all are busy, batches grow. Interactive
 * batches go first, but every fifth batch is a bulk one where both wait, so that neither starves.
 */
export class BatchScheduler {
  readonly #workers: WorkerGroup;
  readonly #maxDelayMs: number;
  readonly #queues: Record<Priority, WaitingBatch[]> = { INTERACTIVE: [], BULK: [] };
  #interactiveInARow = 0;
  #turnPlanned = false;
  #timer: NodeJS.Timeout | undefined;
  #release: BatchRelease = 'worker_idle';

  /** Why the batch that is being dispatched goes now. */
  get release(): BatchRelease {
    return this.#release;
  }

  /** @param maxDelayMs how long a batch waits for company although a worker is idle */
  constructor(workers: WorkerGroup, maxDelayMs: number) {
    this.#workers = workers;
    this.#maxDelayMs = maxDelayMs;
    workers.onIdle(() => this.#drain('worker_freed'));
  }

  /**
   * Takes the dispatch of a new batch; calls it when the batch should go.
   *
   * @param mayWait whether it may wait for more inputs although a worker is idle
   */
  schedule(priority: Priority, dispatch: () => void, mayWait = true): WaitingBatch {
    const dueAt = mayWait && this.#maxDelayMs > 0 ? performance.now() + this.#maxDelayMs : 0;
    const batch: WaitingBatch = { dispatch, dueAt, isFull: false };
    this.#queues[priority].push(batch);
    if (this.#turnPlanned || !this.#open) return batch;
    this.#turnPlanned = true;
    // All requests that the event loop reads in this turn share a batch; none waits for a timer.
    setImmediate(() => {
      this.#turnPlanned = false;
      this.#drain('worker_idle');
    });
    return batch;
  }

  get #open(): boolean {
    return this.#workers.idleWorkers > 0 || this.#workers.down;
  }

  #drain(reason: BatchRelease): void {
    while (this.#open) {
      const now = this.#maxDelayMs > 0 ? performance.now() : 0;
      const queue = this.#nextQueue(now);
      if (!queue) break;
      const at = queue.findIndex(({ dueAt }) => dueAt <= now);
      const [batch] = queue.splice(at, 1);
      this.#release = this.#workers.down ? 'workers_down' : batch?.isFull ? 'full' : reason;
      this.#interactiveInARow = queue === this.#queues.BULK ? 0 : this.#interactiveInARow + 1;
      batch?.dispatch();
    }
    if (this.#maxDelayMs > 0 && this.#open) this.#drainWhenDue();
  }

  #drainWhenDue(): void {
    const waiting = [...this.#queues.INTERACTIVE, ...this.#queues.BULK];
    if (waiting.length === 0) return;
    const dueAt = Math.min(...waiting.map((batch) => batch.dueAt));
    this.#drainIn(Math.max(0, dueAt - performance.now()));
  }

  #drainIn(ms: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#drain('delay_elapsed');
    }, ms);
  }

  #nextQueue(now: number): WaitingBatch[] | undefined {
    const { INTERACTIVE, BULK } = this.#queues;
    const isDue = ({ dueAt }: WaitingBatch) => dueAt <= now;
    const hasInteractive = INTERACTIVE.some(isDue);
    const bulkTurn = !hasInteractive || this.#interactiveInARow >= BULK_SHARE;
    if (bulkTurn && BULK.some(isDue)) return BULK;
    return hasInteractive ? INTERACTIVE : undefined;
  }
}
