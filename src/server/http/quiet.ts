/** When {@link Quiet} is over. */
export interface QuietOptions {
  /** Time without activity that is waited for, in milliseconds. */
  readonly quietMs: number;
  /** Longest time that is waited, in milliseconds. */
  readonly limitMs: number;
  /** Resolves when there is nothing left that could become active. */
  readonly gone: Promise<void>;
  /** Whether something is going on that ends by itself. */
  readonly isBusy: () => boolean;
}

/** Waits until those who use open connections have been silent for a while. */
export class Quiet {
  #timer: NodeJS.Timeout | undefined;

  /** Something has begun or ended: the wait starts anew. */
  active(): void {
    this.#timer?.refresh();
  }

  /** Resolves when it has been quiet, or cannot be waited for any longer. */
  async wait({ quietMs, limitMs, gone, isBusy }: QuietOptions): Promise<void> {
    let limit: NodeJS.Timeout | undefined;
    const quiet = new Promise<void>((resolve) => {
      this.#timer = setTimeout(() => {
        if (isBusy()) this.#timer?.refresh();
        else resolve();
      }, quietMs);
      limit = setTimeout(resolve, limitMs);
    });
    await Promise.race([gone, quiet]);
    clearTimeout(this.#timer);
    clearTimeout(limit);
    this.#timer = undefined;
  }
}
