import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PINGER = fileURLToPath(new URL('pinger.ts', import.meta.url));

/** Measures from another process how long a server's event loop is held. */
export interface LoopMeter extends Disposable {
  /** @returns the longest that the server took to answer a ping during `work`, in milliseconds */
  during(work: () => Promise<unknown>): Promise<number>;
}

/** Begins to ping the server on a port of the loopback. */
export function startLoopMeter(port: number): LoopMeter {
  const child = fork(PINGER, [String(port)], { execArgv: ['--import', 'tsx'] });
  const tell = async (order: 'start' | 'stop'): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send(order);
    const [given] = (await answer) as [unknown];
    return given;
  };
  return {
    async during(work) {
      await tell('start');
      await work();
      return Number(await tell('stop'));
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}
