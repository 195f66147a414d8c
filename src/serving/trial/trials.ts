import { TrialProcesses } from '../../runtimes/trial-processes.ts';
import { TrialMemory } from './trial-memory.ts';
import { tryVersion, type TrialResult, type TrialSubject } from './trial.ts';

/** Finds out what versions are like: remembers it, or tries them. */
export class Trials {
  readonly #memory: TrialMemory;
  readonly #processes = new TrialProcesses();

  /**
   * @param folder where what was found out is kept
   * @param onUnwritable told once when it cannot be kept, which costs a trial at every start
   */
  constructor(folder: string, onUnwritable: (reason: string) => void) {
    this.#memory = new TrialMemory(folder, onUnwritable);
  }

  /**
   * What is known of a version; one that is new is tried.
   *
   * @throws {Error} when it cannot be loaded, or ends the process whatever it is given
   */
  async find(subject: TrialSubject): Promise<TrialResult> {
    const known = await this.#memory.recall(subject);
    if (known) return known;
    const result = await tryVersion(subject, this.#processes);
    await this.#memory.keep(subject, result);
    return result;
  }

  /** Ends the processes that wait for more to try. */
  close(): Promise<void> {
    return this.#processes.close();
  }
}
