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

interface Waiting {
  readonly dispatch: () => void;
  /** Earliest time at which it goes before it is full, in `performance.now()` terms. */
  readonly dueAt: number;
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
  readonly #queues: Record<Priority, Waiting[]> = { INTERACTIVE: [], BULK: [] };
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

  /** Takes a DataLoader's dispatch of a new batch; calls it when the batch should go. */
  schedule(priority: Priority, dispatch: () => void): void {
    const dueAt = this.#maxDelayMs > 0 ? performance.now() + this.#maxDelayMs : 0;
    this.#queues[priority].push({ dispatch, dueAt });
    if (this.#turnPlanned || !this.#open) return;
    this.#turnPlanned = true;
    // All requests that the event loop reads in this turn share a batch; none waits for a timer.
    setImmediate(() => {
      this.#turnPlanned = false;
      this.#drain('worker_idle');
    });
  }

  get #open(): boolean {
    return this.#workers.idleWorkers > 0 || this.#workers.down;
  }

  #drain(reason: BatchRelease): void {
    while (this.#open) {
      const queue = this.#nextQueue();
      const head = queue?.[0];
      if (!queue || !head) return;
      // A DataLoader starts a second batch only when the first is full: then there is no more to wait for.
      const waitMs = queue.length > 1 ? 0 : head.dueAt - performance.now();
      if (head.dueAt > 0 && waitMs > 0) {
        this.#drainIn(waitMs);
        return;
      }
      this.#release = this.#workers.down ? 'workers_down' : queue.length > 1 ? 'full' : reason;
      queue.shift();
      this.#interactiveInARow = queue === this.#queues.BULK ? 0 : this.#interactiveInARow + 1;
      head.dispatch();
    }
  }

  #drainIn(ms: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#drain('delay_elapsed');
    }, ms);
  }

  #nextQueue(): Waiting[] | undefined {
    const { INTERACTIVE, BULK } = this.#queues;
    const bulkTurn = INTERACTIVE.length === 0 || this.#interactiveInARow >= BULK_SHARE;
    if (BULK.length > 0 && bulkTurn) return BULK;
    return INTERACTIVE.length > 0 ? INTERACTIVE : undefined;
  }
}
