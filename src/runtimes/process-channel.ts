import { fork, spawn, type ChildProcess } from 'node:child_process';
import type { FromWorker } from './protocol.ts';
import type { ChannelEvents, OpenChannel, WorkerChannel } from './worker-channel.ts';
import { WORKER_FILE } from './worker-file.ts';

/** Time that a worker which hung up gets to exit by itself, in milliseconds. */
const EXIT_GRACE_MS = 1_000;

const OPTIONS = {
  serialization: 'advanced',
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
} as const;

/** Starts a worker process, so that a native crash costs one worker. Tensors are copied. */
export function openProcess(events: ChannelEvents): WorkerChannel {
  return channelOf(fork(WORKER_FILE, [], { ...OPTIONS, stdio: [...OPTIONS.stdio] }), events);
}

/**
 * Opens worker processes that may fill so many bytes at most, and that the system ends before all
 * others where memory runs out. Only Linux can do so; elsewhere they are like any other.
 */
export function processOpener(maxBytes: number | null): OpenChannel {
  if (maxBytes === null || process.platform !== 'linux') return openProcess;
  const limits =
    'echo 1000 > /proc/self/oom_score_adj 2>/dev/null; ulimit -d "$0" 2>/dev/null; exec "$@"';
  const kilobytes = String(Math.floor(maxBytes / 1024));
  return (events) => {
    const command = ['-c', limits, kilobytes, process.execPath, WORKER_FILE];
    const child = spawn('/bin/sh', command, { ...OPTIONS, stdio: [...OPTIONS.stdio] });
    return channelOf(child, events);
  };
}

function channelOf(child: ChildProcess, events: ChannelEvents): WorkerChannel {
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
