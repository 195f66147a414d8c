import { hash } from 'node:crypto';
import type { TrafficShare } from '../services/traffic.ts';

/**
 * Where a key stands in the traffic of a model: the first 52 bits of SHA-256 over
 * `purpose`, a NUL, the model's name, a NUL and the key, as a fraction from 0 (inclusive) to 1
 * (exclusive). It depends on nothing else, so that all replicas agree, and the places of one key in
 * two models (or for the split and the shadow) are independent.
 */
export function placeOf(purpose: 'split' | 'shadow', model: string, key: string): number {
  const digest = hash('sha256', `${purpose}\0${model}\0${key}`, 'hex');
  return Number.parseInt(digest.slice(0, 13), 16) / 2 ** 52;
}

/**
 * Picks the version of a request. The shares lie one after the other from 0 on, so that a share
 * which grows at the expense of the rest keeps the keys that it had.
 *
 * @param shares in a stable order; what is left of 100 percent goes to `rest`
 * @param place of the key, from {@link placeOf}
 */
export function pickVersion(shares: readonly TrafficShare[], rest: string, place: number): string {
  let end = 0;
  for (const { version, percent } of shares) {
    end += percent / 100;
    if (place < end) return version;
  }
  return rest;
}
