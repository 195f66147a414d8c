/** `closed` lets calls through, `open` holds them back, `half-open` is open while a probe runs. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** The time, and what is to happen later. */
export interface Clock {
  /** Milliseconds, of any origin. */
  now(): number;
  /** Calls back after `ms` milliseconds; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The time of the machine; its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Options of {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Tries whether calls would work again: resolves `null` if so, else the reason why not. */
  probe(): Promise<string | null>;
  /** Called once for each change between usable and not; the reason is `null` when usable. */
  onChange?(state: 'up' | 'down', reason: string | null): void;
  /** Failures in a row that open it. @default 3 */
  readonly failureThreshold?: number;
  /** Time from opening to the first probe, in milliseconds; doubles with each. @default 100 */
  readonly minBackoffMs?: number;
  /** Longest time between two probes, in milliseconds. @default 5000 */
  readonly maxBackoffMs?: number;
  /** Time it must hold, in milliseconds, before the back-off starts anew. @default 10000 */
  readonly calmMs?: number;
  /** @default {@link SYSTEM_CLOCK} */
  readonly clock?: Clock;
  /** From 0 to 1, spreads the probes of many replicas. @default Math.random */
  readonly random?: () => number;
}

/** Leaves something that fails alone, and probes it from time to time until it works again. */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #state: BreakerState = 'open';
  #reason: string | null = 'not connected yet';
  #reported: 'up' | 'down' | undefined;
  #failures = 0;
  #probes = 0;
  #closedAt = -Infinity;
  #cancelProbe: (() => void) | undefined;
  #ended = false;

  /** Starts open; {@link start} runs the first probe. */
  constructor(options: CircuitBreakerOptions) {
    this.#options = {
      onChange: () => undefined,
      failureThreshold: 3,
      minBackoffMs: 100,
      maxBackoffMs: 5_000,
      calmMs: 10_000,
      clock: SYSTEM_CLOCK,
      random: Math.random,
      ...options,
    };
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Why it is not closed; `null` when it is. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Runs the first probe at once. */
  start(): void {
    void this.#probe();
  }

  /** A call worked. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** A call failed; enough of these in a row open the breaker. */
  failed(reason: string): void {
    this.#failures += 1;
    if (this.#failures >= this.#options.failureThreshold) this.trip(reason);
  }

  /** Opens the breaker at once. */
  trip(reason: string): void {
    if (this.#state !== 'closed' || this.#ended) return;
    const { clock, calmMs } = this.#options;
    // Something that flaps is probed ever more rarely.
    if (clock.now() - this.#closedAt >= calmMs) this.#probes = 0;
    this.#open(reason);
  }

  /** Stops probing for good. */
  close(): void {
    this.#ended = true;
    this.#state = 'open';
    this.#reason = 'closed';
    this.#cancelProbe?.();
  }

  #open(reason: string): void {
    this.#state = 'open';
    this.#reason = reason;
    this.#cancelProbe = this.#options.clock.after(this.#backoffMs(), () => void this.#probe());
    this.#report('down', reason);
  }

  async #probe(): Promise<void> {
    this.#state = 'half-open';
    this.#probes += 1;
    const reason = await this.#options.probe().catch(() => 'the probe failed');
    // Closed for good while the probe ran.
    if (this.#ended) return;
    if (reason !== null) {
      this.#open(reason);
      return;
    }
    this.#state = 'closed';
    this.#reason = null;
    this.#failures = 0;
    this.#closedAt = this.#options.clock.now();
    this.#report('up', null);
  }

  /** Doubles with every probe, less up to a fifth so that replicas do not probe all at once. */
  #backoffMs(): number {
    const { minBackoffMs, maxBackoffMs, random } = this.#options;
    const backoffMs = Math.min(minBackoffMs * 2 ** Math.min(this.#probes, 30), maxBackoffMs);
    return backoffMs * (1 - random() / 5);
  }

  #report(state: 'up' | 'down', reason: string | null): void {
    if (this.#reported === state) return;
    this.#reported = state;
    this.#options.onChange(state, reason);
  }
}
