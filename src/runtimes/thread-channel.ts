import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { ChannelEvents, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

const ending = new Set<Worker>();

/**
 * Threads that were told to end and have not ended: they are inside native code. The process must
 * not exit in the ordinary way while there are any: see {@link openThread}.
 */
export function threadsThatDoNotEnd(): number {
  return ending.size;
}

/**
 * Starts a worker thread. Tensors are moved to it, not copied.
 *
 * A thread is asked to end, and does so when it is out of native code. `Worker.terminate()` would
 * not end it sooner, and is dangerous: onnxruntime-node throws a C++ exception when its run comes
 * back to a JavaScript that has been terminated, which aborts the whole process.
 */
export function openThread(events: ChannelEvents): WorkerChannel {
  const worker = new Worker(WORKER_FILE, { stdout: false, stderr: false });
  let reason = '';
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      gone = true;
      ending.delete(worker);
      resolve();
      events.onExit(reason || `worker thread ended with code ${code}`);
    });
  });
  const end = (): Promise<void> => {
    if (!gone) {
      ending.add(worker);
      worker.postMessage({ kind: 'end' } satisfies ToWorker);
    }
    return ended;
  };
  worker.on('message', (message: FromWorker) => events.onMessage(message));
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('messageerror', () => {
    reason = 'a message could not be read';
    void end();
  });
  return {
    kind: 'thread',
    id: worker.threadId,
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    terminate: end,
  };
}
