import type { PrincipalUsage } from '../services/usage.ts';
import type { Gauge } from '../telemetry/exposition.ts';
import type { UsageMeter } from './usage-meter.ts';

/** Begins the names of metrics that only administrators of access may see. */
export const USAGE_METRICS = 'ml_inference_usage_';

/** What each principal has used, for Prometheus; the labels are bounded. */
export function usageMetrics(usage: UsageMeter): readonly Gauge[] {
  const metric = (name: string, help: string, value: (usage: PrincipalUsage) => number): Gauge => ({
    name: `${USAGE_METRICS}${name}`,
    type: 'counter',
    help: `${help} Only for the scope access:admin; the first 100 principals have a label of their own.`,
    read: () =>
      Array.from(usage.labelled.values(), (each) => ({
        labels: { principal: each.id, name: each.name },
        value: value(each),
      })),
  });
  return [
    metric('calls_total', 'Calls that made predictions, by principal.', ({ calls }) => calls),
    metric('rows_total', 'Predictions asked for, by principal.', ({ rows }) => rows),
    metric(
      'compute_seconds_total',
      'Compute used, in seconds, by principal.',
      ({ computeMs }) => computeMs / 1000,
    ),
    metric(
      'refused_total',
      'Calls refused by a rate limit, by principal.',
      ({ refused }) => refused,
    ),
  ];
}

/** Prometheus text without what only administrators of access may see. */
export function withoutUsage(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.replace(/^# (?:HELP|TYPE|UNIT) /, '').startsWith(USAGE_METRICS))
    .join('\n');
}
