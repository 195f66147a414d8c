/** Failed starts in a row after which a model without a live worker counts as failed. */
const STARTS_BEFORE_FAILED = 3;

/** Workers lost in runs, without one run that succeeded between them, after which it does too. */
const LOSSES_BEFORE_FAILED = 10;

/** First pause after a failed start, in milliseconds; each further one doubles it. */
const FIRST_PAUSE_MS = 250;

/** Longest pause, in milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

/** Remembers how the workers of one model fared, and judges whether it is worth another try. */
export class CrashRecord {
  #failedStarts = 0;
  #lostRuns = 0;
  #trips = 0;

  /** A worker has loaded the model and computed its sample. */
  started(): void {
    this.#failedStarts = 0;
  }

  /** A batch was answered. */
  ran(): void {
    this.#lostRuns = 0;
    this.#trips = 0;
  }

  /** A worker could not be started. */
  startFailed(): void {
    this.#failedStarts++;
  }

  /**
   * A worker was lost in a run. Runs that only tell which input is at fault are not reported: one
   * bad input must not use up what its neighbours depend on.
   */
  runLost(): void {
    this.#lostRuns++;
  }

  /** Whether so many starts failed that, with no other worker alive, the model cannot serve. */
  get cannotStart(): boolean {
    return this.#failedStarts >= STARTS_BEFORE_FAILED;
  }

  /** Whether workers start but die of whatever they are given. */
  get cannotRun(): boolean {
    return this.#lostRuns >= LOSSES_BEFORE_FAILED;
  }

  /** Time to wait before the next start, in milliseconds; 0 after a start that went well. */
  get pauseMs(): number {
    return this.#failedStarts === 0 ? 0 : backOff(this.#failedStarts - 1);
  }

  /**
   * Begins a pause of a model that cannot run. It is over after the milliseconds returned; the
   * first loss after it begins a longer one.
   */
  trip(): number {
    this.#lostRuns = LOSSES_BEFORE_FAILED - 1;
    return backOff(2 + this.#trips++);
  }
}

function backOff(doublings: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** doublings);
}
