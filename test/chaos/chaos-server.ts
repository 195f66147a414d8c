import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { NO_DRAIN } from '../support/no-drain.ts';
import type { Order, Report } from './server.ts';

/** State of the server under chaos. */
export type ServerState = Extract<Report, { report: 'state' }>;

/** The server under chaos, seen from the suite. */
export interface ChaosServer {
  readonly url: string;
  /** Whether it has ended unasked: the worst that can happen. */
  readonly dead: boolean;
  state(): Promise<ServerState>;
  endWorker(model: string): void;
  /** Stops it gracefully. @returns its exit code, or the signal that ended it */
  stop(): Promise<number | string>;
}

/** Starts it. @param env its settings, by variable */
export async function startChaosServer(
  env: Readonly<Record<string, string>>,
): Promise<ChaosServer> {
  const child = fork(path.join(import.meta.dirname, 'server.ts'), [], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'fatal', ...NO_DRAIN, ...env },
    // Aborting workers write traces of their own.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exit = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const next = async <Kind extends Report['report']>(kind: Kind) => {
    for (;;) {
      const [message] = (await Promise.race([
        once(child, 'message'),
        exit.then((code) => Promise.reject(new Error(`the server ended with ${code}`))),
      ])) as [Report];
      if (message.report === kind) return message as Extract<Report, { report: Kind }>;
    }
  };
  const send = (order: Order) => void child.send(order);
  const { port } = await next('ready');
  return {
    url: `http://127.0.0.1:${port}`,
    get dead() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    state: () => {
      const state = next('state');
      send({ order: 'state' });
      return state;
    },
    endWorker: (model) => send({ order: 'end-worker', model }),
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
  };
}
