import { ask, startScript, type Child } from '../children.ts';
import type { Measurement } from '../measurement.ts';
import type { LoadAnswer, LoadJob } from './protocol.ts';

/** The process that sends the load, apart from this one and from the servers. */
export class LoadDriver {
  readonly #child: Child = startScript('load/worker.ts');
  #seed = 1_000;

  /**
   * Runs one measurement. Its inputs are unlike those of any other.
   *
   * @throws {Error} when the endpoint cannot be reached
   */
  async run(job: Omit<LoadJob, 'seed'>): Promise<Measurement> {
    this.#seed += 1;
    const answer = await ask<LoadAnswer>(this.#child, { ...job, seed: this.#seed });
    if (answer.ok) return answer.measurement;
    throw new Error(answer.message);
  }

  /** Ends the process. */
  stop(): Promise<void> {
    return this.#child.stop();
  }
}
