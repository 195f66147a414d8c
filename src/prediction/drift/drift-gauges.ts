import type { DriftState } from '../../services/drift.ts';
import type { Gauge } from '../../telemetry/exposition.ts';
import type { DriftMonitor } from './drift-monitor.ts';

/** Number that stands for each state: an alert rule asks for 2. */
const NUMBERS: Readonly<Record<DriftState, number>> = {
  NOT_ENOUGH_DATA: -1,
  NONE: 0,
  WARNING: 1,
  DRIFT: 2,
};

/** The figures of drift that Prometheus may read. */
export function driftGauges(monitor: DriftMonitor): Gauge[] {
  return [
    {
      name: 'ml_inference_drift_state',
      help: 'State of drift: -1 not enough data, 0 none, 1 warning, 2 drift.',
      read: () =>
        Array.from(monitor.versions, ([{ model, version }, drift]) => ({
          value: NUMBERS[drift.state],
          labels: { model, version },
        })),
    },
    {
      name: 'ml_inference_drift_severity',
      help: 'How far a feature is on the way to its threshold of drift; over 1 it exceeds it.',
      read: () =>
        Array.from(monitor.versions).flatMap(([{ model, version }, drift]) =>
          drift.verdicts.map(({ feature, severity }) => ({
            value: severity,
            labels: { model, version, source: feature.source, feature: feature.name },
          })),
        ),
    },
    {
      name: 'ml_inference_drift_statistic',
      help: 'Statistics of a feature beside its reference.',
      read: () => statistics(monitor, 'value'),
    },
    {
      name: 'ml_inference_drift_threshold',
      help: 'What the statistics of a feature must not exceed.',
      read: () => statistics(monitor, 'threshold'),
    },
  ];
}

function statistics(monitor: DriftMonitor, what: 'value' | 'threshold') {
  return Array.from(monitor.versions).flatMap(([{ model, version }, drift]) =>
    drift.verdicts.flatMap(({ feature, tests }) =>
      tests.map((test) => ({
        value: test[what],
        labels: {
          model,
          version,
          source: feature.source,
          feature: feature.name,
          statistic: test.statistic.toLowerCase(),
        },
      })),
    ),
  );
}
