import { Worker } from 'node:worker_threads';
import type { FromWorker } from './protocol.ts';
import type { ChannelEvents, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

/** Starts a worker thread. Tensors are moved to it, not copied. */
export function openThread(events: ChannelEvents): WorkerChannel {
  const worker = new Worker(WORKER_FILE, { stdout: false, stderr: false });
  let reason = '';
  worker.on('message', (message: FromWorker) => events.onMessage(message));
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('messageerror', () => {
    reason = 'a message could not be read';
    void worker.terminate();
  });
  worker.on('exit', (code) => events.onExit(reason || `worker thread ended with code ${code}`));
  return {
    id: worker.threadId,
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
