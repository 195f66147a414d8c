import type { GuardManifest } from '../repository/manifest/versions.ts';
import type { Trial } from './version-stats.ts';

/**
 * Why a canary is to be rolled back, in words and numbers; `undefined` while it keeps to the limits.
 * Each limit is judged once there are `minRequests` of what it is about.
 *
 * @param canary figures of the canary since it got its share
 * @param stable figures of the serving version in the same time; left out, latency is not judged
 */
export function findBreach(
  { minRequests, maxErrorRate, maxLatencyRatio, minAgreement }: GuardManifest,
  canary: Trial,
  stable: Trial | undefined,
): string | undefined {
  const { answered, agreement, outcomes, latency } = canary;
  if (maxErrorRate !== undefined && answered.count >= minRequests) {
    const errors = answered.count - answered.successes;
    const rate = errors / answered.count;
    if (rate > maxErrorRate) {
      return `${errors} of ${answered.count} requests failed (${percent(rate)}; at most ${percent(maxErrorRate)} may)`;
    }
  }
  if (minAgreement !== undefined) {
    const counts = [
      [agreement, 'shadowed answers were those of the serving version'],
      [outcomes, 'answers turned out right'],
    ] as const;
    for (const [{ count, successes }, what] of counts) {
      if (count < minRequests || successes / count >= minAgreement) continue;
      return `${successes} of ${count} ${what} (${percent(successes / count)}; at least ${percent(minAgreement)} must)`;
    }
  }
  if (maxLatencyRatio === undefined || !stable) return undefined;
  if (Math.min(latency.count, stable.latency.count) < minRequests) return undefined;
  const [slow, usual] = [latency.percentile(0.95) ?? 0, stable.latency.percentile(0.95) ?? 0];
  if (usual === 0 || slow <= usual * maxLatencyRatio) return undefined;
  return `its p95 latency is ${round(slow)} ms, ${round(slow / usual)} times the ${round(usual)} ms of the serving version (at most ${maxLatencyRatio} times is allowed)`;
}

const percent = (share: number): string => `${round(100 * share)} %`;

/** Three significant digits. */
const round = (value: number): string => String(Number(value.toPrecision(3)));
