import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time that listings are worked on before others get their turn, in milliseconds. */
const SLICE_MS = 8;

/** Gives way to requests while a long listing is worked on. */
export class Pacer {
  #since = performance.now();

  /** Whether it is time to give way. */
  get isDue(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  /** Lets everything else have its turn. */
  async giveWay(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
