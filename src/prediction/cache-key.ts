import { hash } from 'node:crypto';
import type { PredictOptions } from '../services/services.ts';

/**
 * SHA-256, in base64, over everything that an answer depends on.
 *
 * @param identity names the version and what it is made of: model, version and digest
 * @param key of the prepared input
 */
export function cacheKey(
  identity: string,
  { allOutputs, onlyOutputs, raw }: PredictOptions,
  key: string | Uint8Array,
): string {
  const wanted = allOutputs ? '*' : onlyOutputs ? JSON.stringify(onlyOutputs) : '.';
  const prefix = (raw ? `raw:${identity}` : identity) + wanted;
  if (typeof key === 'string') return hash('sha256', prefix + key, 'base64');
  return hash('sha256', Buffer.concat([Buffer.from(prefix), key]), 'base64');
}
