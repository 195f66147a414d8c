import type { FromWorker, ToWorker } from './protocol.ts';

/** How a worker is isolated from the server: cheap threads, or processes that may die alone. */
export const ISOLATIONS = ['thread', 'process'] as const;

/** Kind of worker. */
export type Isolation = (typeof ISOLATIONS)[number];

/** What the pool listens to. */
export interface ChannelEvents {
  onMessage(message: FromWorker): void;
  /** Called once, when the worker is gone for whatever reason; `reason` is for the log. */
  onExit(reason: string): void;
}

/** A line to one worker, the same for threads and processes. */
export interface WorkerChannel {
  readonly kind: Isolation;
  /**
   * Sends a message; buffers in `transfer` are moved where the kind of worker can do so.
   *
   * @throws {Error} when the message cannot be cloned
   */
  post(message: ToWorker, transfer?: ArrayBuffer[]): void;
  /** Process id of a worker process, or thread id of a thread; for logs and tests. */
  readonly id: number;
  /**
   * Ends the worker: a process at once, a thread when it is out of native code. Resolves when it is
   * gone.
   */
  terminate(): Promise<void>;
}

/** Opens a channel to a new worker. */
export type OpenChannel = (events: ChannelEvents) => WorkerChannel;
