import { ModelWorker, type WorkerNotice } from './model-worker.ts';
import { processOpener } from './process-channel.ts';

/** Time that an idle process waits for the next model, in milliseconds. */
const IDLE_MS = 2_000;

/** A process that holds more than this after a trial is not used again, in bytes. */
const MOST_KEPT_BYTES = 1024 ** 3;

/** Time for the figures of a process that is to be used again, in milliseconds. */
const FIGURES_MS = 1_000;

/** A process in which models are tried. */
export class TrialProcess {
  readonly worker: ModelWorker;
  /** Whether another model was tried in it before, which may have done harm. */
  isUsed = false;
  /** Why it has ended; `undefined` while it lives. */
  lost: string | undefined;
  /** What the last run told of its model. */
  notice: WorkerNotice | undefined;

  constructor(maxBytes: number | null) {
    this.worker = new ModelWorker(processOpener(maxBytes), {
      onExit: (_worker, reason) => {
        this.lost = reason;
      },
      onNotice: (notice) => {
        this.notice = notice;
      },
    });
  }
}

/**
 * The processes in which models are tried, one after the other: starting one costs more than trying
 * a small model. One that has ended, or grown, is replaced; idle ones end by themselves.
 */
export class TrialProcesses {
  readonly #idle = new Map<TrialProcess, NodeJS.Timeout>();
  #isClosed = false;

  /**
   * An idle process, else a new one.
   *
   * @param maxBytes most bytes that a new one may fill; `null` for no limit
   * @param fresh whether only a new one will do
   */
  take(maxBytes: number | null, fresh = false): TrialProcess {
    const [next] = fresh ? [] : this.#idle;
    if (!next) return new TrialProcess(maxBytes);
    const [found, timer] = next;
    clearTimeout(timer);
    this.#idle.delete(found);
    found.isUsed = true;
    found.notice = undefined;
    return found;
  }

  /** Takes a process back that is of no more use to who took it. */
  async giveBack(process: TrialProcess): Promise<void> {
    const bytes = await process.worker.stats(FIGURES_MS).then(
      ({ rss }) => rss,
      () => Infinity,
    );
    if (this.#isClosed || process.lost !== undefined || bytes > MOST_KEPT_BYTES) {
      await process.worker.terminate();
      return;
    }
    const timer = setTimeout(() => {
      this.#idle.delete(process);
      void process.worker.terminate();
    }, IDLE_MS);
    this.#idle.set(process, timer);
  }

  /** Ends the idle processes; those that are in use end when they are given back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const idle = [...this.#idle];
    this.#idle.clear();
    await Promise.all(
      idle.map(([{ worker }, timer]) => {
        clearTimeout(timer);
        return worker.terminate();
      }),
    );
  }
}
