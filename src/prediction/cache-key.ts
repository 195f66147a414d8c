import { hash } from 'node:crypto';
import type { PredictOptions } from '../services/services.ts';

/** SHA-256 over everything that an answer depends on. */
export function cacheKey(
  digest: string,
  { allOutputs, onlyOutputs }: PredictOptions,
  key: string | Uint8Array,
): string {
  const wanted = allOutputs ? '*' : onlyOutputs ? JSON.stringify(onlyOutputs) : '.';
  const prefix = digest + wanted;
  if (typeof key === 'string') return hash('sha256', prefix + key, 'base64');
  return hash('sha256', Buffer.concat([Buffer.from(prefix), key]), 'base64');
}
