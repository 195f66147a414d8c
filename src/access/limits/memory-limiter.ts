import { LRUCache } from 'lru-cache';
import type { Rate } from '../rate.ts';
import type { Allowance, UsageLimiter } from './usage-limiter.ts';

/** Principals and addresses that are remembered; the longest silent is forgotten first. */
const MAX_WINDOWS = 100_000;

interface Window {
  used: number;
  endsAt: number;
}

/** The limits of one process. */
export class MemoryLimiter implements UsageLimiter {
  readonly #windows = new LRUCache<string, Window>({ max: MAX_WINDOWS });
  readonly #now: () => number;

  /** @param now a clock in milliseconds. @default performance.now */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  take(id: string, rate: Rate, amount: number): Allowance {
    const now = this.#now();
    const window = this.#windowOf(id, rate, now);
    // Compute is known after the run only: who has anything left may begin.
    const granted = amount === 0 ? window.used < rate.quota : window.used + amount <= rate.quota;
    if (granted) window.used += amount;
    return { granted, remaining: rate.quota - window.used, resetMs: window.endsAt - now };
  }

  charge(id: string, rate: Rate, amount: number): void {
    this.#windowOf(id, rate, this.#now()).used += amount;
  }

  /** Takes over what another limiter knows, so that it goes on from there when that one is gone. */
  set(id: string, rate: Rate, { remaining, resetMs }: Allowance): void {
    this.#windows.set(keyOf(id, rate), {
      used: rate.quota - remaining,
      endsAt: this.#now() + resetMs,
    });
  }

  close(): void {
    this.#windows.clear();
  }

  #windowOf(id: string, rate: Rate, now: number): Window {
    const key = keyOf(id, rate);
    let window = this.#windows.get(key);
    const windowMs = rate.windowSeconds * 1000;
    if (!window) {
      window = { used: 0, endsAt: now + windowMs };
      this.#windows.set(key, window);
    } else if (window.endsAt <= now) {
      const passed = 1 + Math.floor((now - window.endsAt) / windowMs);
      // A debt stays; what was within the quota is forgiven with its window.
      window.used = Math.max(0, window.used - passed * rate.quota);
      window.endsAt = window.used > 0 ? window.endsAt + passed * windowMs : now + windowMs;
    }
    return window;
  }
}

/** A rate that is changed begins anew. */
export function keyOf(id: string, { unit, quota, windowSeconds }: Rate): string {
  return `${unit}:${quota}:${windowSeconds}:${id}`;
}
