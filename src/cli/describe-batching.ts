import type { BatchingStatus } from '../services/model-status.ts';

/** Whether requests are joined and whether that was verified, on one line; why not, where not. */
export function describeBatching({ enabled, verified, reason }: BatchingStatus): string {
  if (!enabled) return `no: ${reason}`;
  return verified ? 'yes, verified' : 'yes, not verified';
}
