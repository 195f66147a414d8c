import { Worker } from 'node:worker_threads';
import type { FromWorker } from './protocol.ts';
import type { ChannelEvents, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

const ending = new Set<Worker>();

/**
 * Threads that were told to end and have not ended: they are inside a call to native code, which
 * nothing can break off. Node waits for them when the process exits.
 */
export function threadsThatDoNotEnd(): number {
  return ending.size;
}

/** Starts a worker thread. Tensors are moved to it, not copied. */
export function openThread(events: ChannelEvents): WorkerChannel {
  const worker = new Worker(WORKER_FILE, { stdout: false, stderr: false });
  let reason = '';
  const terminate = async (): Promise<void> => {
    ending.add(worker);
    await worker.terminate();
    ending.delete(worker);
  };
  worker.on('message', (message: FromWorker) => events.onMessage(message));
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('messageerror', () => {
    reason = 'a message could not be read';
    void terminate();
  });
  worker.on('exit', (code) => events.onExit(reason || `worker thread ended with code ${code}`));
  return {
    kind: 'thread',
    id: worker.threadId,
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    terminate,
  };
}
