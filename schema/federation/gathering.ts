/**
 * Lets what arrives within a short time begin together, so that it joins one batch. A router splits
 * a fetch of entities by where they stand in the query; its parts come a millisecond apart over
 * several requests, and each alone would find an idle worker and run at once.
 */
export class Gathering {
  readonly #windowMs: number;
  #waiting: (() => void)[] = [];

  /** @param windowMs how long the first waits for others; 0 waits for the turn of the event loop */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Fulfilled when the ones that came meanwhile begin too. */
  join(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length > 1) return;
      if (this.#windowMs > 0) setTimeout(this.#begin, this.#windowMs);
      else setImmediate(this.#begin);
    });
  }

  readonly #begin = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  };
}
