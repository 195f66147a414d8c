import type { Rate } from '../rate.ts';

/** What is left of a rate after a charge, or what stands in its way. */
export interface Allowance {
  /** Whether the charge was taken; one that is over what is left is refused whole. */
  readonly granted: boolean;
  /** What is left in this window; below zero after compute that was charged late. */
  readonly remaining: number;
  /** Time until the window ends, in milliseconds. */
  readonly resetMs: number;
}

/**
 * Counts what principals use in windows that begin with their first use. A debt is carried into the
 * windows that follow, so that compute charged after a run is paid for.
 */
export interface UsageLimiter {
  /** Takes `amount` from what is left, all or nothing. */
  take(id: string, rate: Rate, amount: number): Allowance | Promise<Allowance>;
  /** Takes `amount` whatever is left: it has been used already. */
  charge(id: string, rate: Rate, amount: number): void;
  close(): void;
}
