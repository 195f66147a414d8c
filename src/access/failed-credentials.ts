import { LRUCache } from 'lru-cache';
import { ServiceError } from '../errors.ts';
import { limitedAddress } from './client-address.ts';

/** Wrong credentials of one address in a minute before it is told to wait. */
export const MAX_FAILURES = 20;

const WINDOW_MS = 60_000;

/** Addresses that are remembered; the longest silent is forgotten first. */
const MAX_ADDRESSES = 50_000;

interface Failures {
  count: number;
  readonly until: number;
}

/**
 * Slows down who guesses. Only wrong credentials count, and they alone are refused: whoever shares
 * an address with a guesser is served with the right key.
 */
export class FailedCredentials {
  readonly #failures = new LRUCache<string, Failures>({ max: MAX_ADDRESSES });
  readonly #now: () => number;

  /** @param now a clock in milliseconds. @default performance.now */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a wrong credential; answers with what to tell its sender. */
  refuse(address: string, message: string): ServiceError {
    const key = limitedAddress(address);
    const now = this.#now();
    let failures = this.#failures.get(key);
    if (!failures || failures.until <= now) {
      failures = { count: 0, until: now + WINDOW_MS };
      this.#failures.set(key, failures);
    }
    failures.count++;
    if (failures.count <= MAX_FAILURES) return new ServiceError('UNAUTHENTICATED', message);
    return new ServiceError('RATE_LIMITED', 'Too many wrong credentials came from this address.', {
      retryAfterSeconds: Math.max(1, Math.ceil((failures.until - now) / 1000)),
    });
  }
}
