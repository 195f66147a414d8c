/** Most time that such work takes of one turn of the event loop, in milliseconds. */
const TURN_MS = 2;

/** Work in steps of some microseconds each. */
export interface Steps {
  /** Does one step. @returns whether there is more to do */
  step(): boolean;
}

/**
 * Does long work in small parts: at most {@link TURN_MS} in each turn of the event loop, for all
 * such work together, so that no request has to wait for thousands of sends.
 */
export class TurnSharer {
  readonly #work = new Set<Steps>();
  #scheduled = false;

  /** Does `work` from the next turn on, after what was added before. */
  add(work: Steps): void {
    this.#work.add(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#takeTurn();
    });
  }

  #takeTurn(): void {
    const end = performance.now() + TURN_MS;
    for (const work of this.#work) {
      while (work.step()) {
        if (performance.now() < end) continue;
        this.#schedule();
        return;
      }
      this.#work.delete(work);
    }
  }
}
