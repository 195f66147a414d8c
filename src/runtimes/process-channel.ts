import { fork } from 'node:child_process';
import type { FromWorker } from './protocol.ts';
import type { ChannelEvents, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

/** Time that a worker which hung up gets to exit by itself, in milliseconds. */
const EXIT_GRACE_MS = 1_000;

/** Starts a worker process, so that a native crash costs one worker. Tensors are copied. */
export function openProcess(events: ChannelEvents): WorkerChannel {
  const child = fork(WORKER_FILE, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      if (gone) return;
      gone = true;
      resolve();
      events.onExit(reason);
    };
    // One that was never started has no exit. Else it is a message that a dying worker did not take.
    child.on('error', (error) => {
      if (child.pid === undefined) end(error.message);
    });
    child.on('exit', (code, signal) =>
      end(
        signal ? `worker process was ended by ${signal}` : `worker process ended with code ${code}`,
      ),
    );
  });
  child.on('message', (message) => events.onMessage(message as FromWorker));
  // A worker that cannot be talked to is of no use, even if it lives.
  child.on('disconnect', () => setTimeout(() => child.kill('SIGKILL'), EXIT_GRACE_MS).unref());
  return {
    kind: 'process',
    id: child.pid ?? 0,
    post: (message) => {
      if (child.connected) child.send(message);
    },
    terminate: () => {
      if (!gone) child.kill('SIGKILL');
      return ended;
    },
  };
}
