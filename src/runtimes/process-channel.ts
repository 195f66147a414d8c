import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromWorker } from './protocol.ts';
import type { ChannelEvents, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

/** Starts a worker process, so that a native crash costs one worker. Tensors are copied. */
export function openProcess(events: ChannelEvents): WorkerChannel {
  const child = fork(WORKER_FILE, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let gone = false;
  let reason = '';
  const end = (why: string) => {
    if (gone) return;
    gone = true;
    events.onExit(reason || why);
  };
  child.on('message', (message) => events.onMessage(message as FromWorker));
  child.on('error', (error) => {
    reason = error.message;
    if (child.pid === undefined) end(error.message);
  });
  // A worker that cannot be talked to is of no use, even if it lives.
  child.on('disconnect', () => child.kill('SIGKILL'));
  child.on('exit', (code, signal) =>
    end(
      signal ? `worker process was ended by ${signal}` : `worker process ended with code ${code}`,
    ),
  );
  return {
    kind: 'process',
    id: child.pid ?? 0,
    post: (message) => {
      if (child.connected) child.send(message);
    },
    terminate: async () => {
      if (gone || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
