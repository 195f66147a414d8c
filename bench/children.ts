import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';

/** Folder of the project. */
export const ROOT = path.join(import.meta.dirname, '..');

const STOP_AFTER_MS = 5_000;
const children = new Set<ChildProcess>();

let watching = false;

/** However the bench ends, nothing that it started outlives it. */
function endWithUs(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(130));
  }
}

/** A process that the bench started. */
export interface Child {
  readonly process: ChildProcess;
  /** The end of what it wrote, for error messages. */
  output(): string;
  /** Asks it to end, and ends it by force where it does not. */
  stop(): Promise<void>;
}

/** A port that is free right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program. `env` is added to the environment of the bench. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child);
}

/** Starts one of the bench's own TypeScript files as a process with a message channel. */
export function startScript(file: string, args: readonly string[] = []): Child {
  const child = fork(path.join(ROOT, 'bench', file), args, {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  return watch(child);
}

/** Sends one message and waits for one answer. */
export function ask<Answer>(child: Child, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`a process of the bench ended:\n${child.output()}`));
    child.process.once('exit', onExit);
    child.process.once('message', (answer) => {
      child.process.off('exit', onExit);
      resolve(answer as Answer);
    });
    child.process.send(message);
  });
}

/**
 * Waits until a URL answers 200.
 *
 * @throws {Error} with the end of the program's output when it ends or takes too long
 */
export async function waitFor(
  url: string,
  child: Child,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const status = await fetch(url).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return;
    const { exitCode, signalCode } = child.process;
    if (exitCode !== null || signalCode !== null || performance.now() > deadline) {
      throw new Error(`did not get ready:\n${child.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function watch(child: ChildProcess): Child {
  endWithUs();
  children.add(child);
  let output = '';
  const keep = (data: Buffer) => {
    output = (output + data.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => void children.delete(child));
  return {
    process: child,
    output: () => output.trim(),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_AFTER_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
