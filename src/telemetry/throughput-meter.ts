/** Length of the window, in seconds. */
const WINDOW_SECONDS = 10;

/** Events per second over the last ten seconds, from one count per second. */
export class ThroughputMeter {
  readonly #counts = new Float64Array(WINDOW_SECONDS);
  /** The second (since 1970) that each count belongs to. */
  readonly #seconds = new Float64Array(WINDOW_SECONDS);

  /** Counts one event at `nowMs`, in milliseconds since 1970. */
  mark(nowMs: number): void {
    this.#mark(Math.floor(nowMs / 1000), 1);
  }

  /** Events within the window that ends at `nowMs`. */
  recent(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    let events = 0;
    for (let slot = 0; slot < WINDOW_SECONDS; slot++) {
      const age = second - (this.#seconds[slot] ?? 0);
      if (age >= 0 && age < WINDOW_SECONDS) events += this.#counts[slot] ?? 0;
    }
    return events;
  }

  /** Adds the counts of another meter. */
  add(other: ThroughputMeter): void {
    for (let slot = 0; slot < WINDOW_SECONDS; slot++) {
      this.#mark(other.#seconds[slot] ?? 0, other.#counts[slot] ?? 0);
    }
  }

  /**
   * Seconds that the window at `nowMs` covers: nine whole ones and the begun one, less right after
   * `startedMs`, and at least one so that a first event is no burst.
   */
  static windowSeconds(nowMs: number, startedMs: number): number {
    const covered = WINDOW_SECONDS - 1 + (nowMs % 1000) / 1000;
    return Math.max(1, Math.min(covered, (nowMs - startedMs) / 1000));
  }

  #mark(second: number, events: number): void {
    const slot = second % WINDOW_SECONDS;
    const held = this.#seconds[slot] ?? 0;
    if (second < held) return;
    this.#counts[slot] = second === held ? (this.#counts[slot] ?? 0) + events : events;
    this.#seconds[slot] = second;
  }
}
