import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NO_DRAIN } from '../no-drain.ts';
import { EventLog } from './event-log.ts';

/** One line of the log. */
export type ProcessLine = Readonly<Record<string, unknown>>;

/** A real `node dist/main.js`. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly log: EventLog<ProcessLine>;
  /** Lines on stderr so far. */
  readonly stderr: readonly string[];
  /** Resolves with `http://127.0.0.1:PORT` when all models are loaded. */
  ready(): Promise<string>;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts the built server on a free port of the loopback. @param env settings, by variable */
export function startServerProcess(env: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...NO_DRAIN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = new EventLog<ProcessLine>();
  createInterface(child.stdout).on('line', (line) => log.add(JSON.parse(line) as ProcessLine));
  const stderr: string[] = [];
  createInterface(child.stderr).on('line', (line) => void stderr.push(line));
  const exit = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const ready = async (): Promise<string> => {
    const [line] = await Promise.race([
      log.first(1, ({ msg }) => msg === 'ready'),
      exit.then((code) => {
        throw new Error(`the server ended with ${code}: ${stderr.join(' ')}`);
      }),
    ]);
    return `http://127.0.0.1:${String(line?.port)}`;
  };
  return {
    pid: child.pid ?? 0,
    log,
    stderr,
    ready,
    exit,
    signal: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
