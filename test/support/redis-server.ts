import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Whether a `redis-server` is on the PATH. */
export const redisServerAvailable = isInstalled();

if (!redisServerAvailable) {
  const how = 'install it, as with `apt-get install redis-server` or `brew install redis`';
  if (process.env.CI === 'true') throw new Error(`Tests need redis-server; ${how}.`);
  console.warn(`Skipped, as there is no redis-server: ${how}.`);
}

/** A real Redis of one test file, on a port of its own, that keeps nothing on the disk. */
export class RedisServer {
  readonly port: number;
  readonly #arguments: readonly string[];
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ml-inference-redis-'));
  #process: ChildProcess | undefined;
  #config: string | undefined;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#arguments = args;
  }

  /** Starts one that accepts connections when the promise resolves. */
  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts a Sentinel that watches `master` under the name `main`. */
  static async startSentinel(master: RedisServer): Promise<RedisServer> {
    const sentinel = new RedisServer(await freePort(), ['--sentinel']);
    // A Sentinel needs a file that it can write its state to.
    sentinel.#config = path.join(sentinel.#folder, 'sentinel.conf');
    writeFileSync(sentinel.#config, `sentinel monitor main 127.0.0.1 ${master.port} 1\n`);
    await sentinel.restart();
    return sentinel;
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    const common = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#folder];
    const volatile = this.#config === undefined ? ['--save', '', '--appendonly', 'no'] : [];
    const child = spawn(
      'redis-server',
      [...(this.#config ? [this.#config] : []), ...common, ...volatile, ...this.#arguments],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stdout.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (/Ready to accept connections|\+monitor master/.test(log)) resolve();
      });
      child.on('error', reject);
      child.on('exit', () => {
        reject(new Error(`redis-server did not start:\n${log}`));
      });
    });
  }

  /** Kills it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it shut down, and removes its folder. */
  async stop(): Promise<void> {
    this.resume();
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Freezes it: connections stay open, nothing answers. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Ends {@link pause}. */
  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
