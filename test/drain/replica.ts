import { freePort } from '../support/redis-server.ts';
import { startServerProcess, type ServerProcess } from '../support/faults/server-process.ts';

/** A server on a port that it keeps when it is started again. */
export class Replica implements AsyncDisposable {
  readonly port: number;
  readonly #env: Readonly<Record<string, string>>;
  #process: ServerProcess | undefined;

  private constructor(port: number, env: Readonly<Record<string, string>>) {
    this.port = port;
    this.#env = env;
  }

  /** Starts one that is ready when the promise resolves. @param env its settings */
  static async start(env: Readonly<Record<string, string>>): Promise<Replica> {
    const replica = new Replica(await freePort(), env);
    await replica.start();
    return replica;
  }

  async start(): Promise<void> {
    this.#process = startServerProcess({ LOG_LEVEL: 'info', ...this.#env, PORT: `${this.port}` });
    await this.#process.ready();
  }

  /** Tells it to stop. @returns its exit code */
  stop(): Promise<number | string> | undefined {
    this.#process?.signal('SIGTERM');
    return this.#process?.exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}
