/** Bytes that may still be written. */
export class ByteBudget {
  readonly #limit: number;
  readonly #over: () => Error;
  #used = 0;

  /**
   * @param limit most bytes
   * @param over makes the error of what is over it
   */
  constructor(limit: number, over: () => Error) {
    this.#limit = limit;
    this.#over = over;
  }

  /**
   * Counts bytes that are about to be written.
   *
   * @throws {Error} when they are too many
   */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#limit) throw this.#over();
  }

  /** Gives back what was taken for something that is gone. */
  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
