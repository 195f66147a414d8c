import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const EXAMPLES = path.join(import.meta.dirname, '../../../examples');

/** An example that runs as its reader runs it. */
export class RunningExample {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #errors = '';

  /** @param file such as `apollo/main.ts` or `curl/calls.sh` */
  constructor(file: string, ...args: readonly string[]) {
    const full = path.join(EXAMPLES, file);
    this.#child = file.endsWith('.sh')
      ? spawn('sh', [full, ...args])
      : spawn(process.execPath, ['--import', 'tsx', full, ...args]);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  /** Everything that it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until what it has printed fits. */
  async prints(fits: (output: string) => boolean): Promise<void> {
    while (!fits(this.#output)) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#errors}`);
      await once(this.#child.stdout, 'data');
    }
  }

  /**
   * Waits for its end.
   *
   * @returns all that it has printed
   * @throws {Error} with what it has complained about, unless it ended well
   */
  async end(): Promise<string> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    if (this.#child.exitCode !== 0) throw new Error(`it failed: ${this.#errors}`);
    return this.#output;
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
