import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { freePort, startProgram, type Child } from '../children.ts';
import { Skipped } from './contender.ts';

/** A Redis of the bench's own, in memory only, started when somebody asks for it. */
export class RedisServer {
  #child: Child | undefined;
  #url: Promise<string> | undefined;

  /**
   * Its address, `redis://…` without a database.
   *
   * @throws {Skipped} where redis-server is not installed
   */
  url(): Promise<string> {
    return (this.#url ??= this.#start());
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.#child?.stop();
  }

  async #start(): Promise<string> {
    try {
      execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    } catch {
      throw new Skipped('redis-server is not installed');
    }
    const port = await freePort();
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
    const limits = ['--appendonly', 'no', '--maxmemory', '512mb'];
    const policy = ['--maxmemory-policy', 'allkeys-lru'];
    this.#child = startProgram('redis-server', [...settings, ...limits, ...policy]);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(port)) return `redis://127.0.0.1:${port}`;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`redis-server did not get ready:\n${this.#child.output()}`);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
