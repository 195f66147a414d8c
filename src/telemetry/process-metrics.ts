import prom from 'prom-client';
import type { Sample } from './exposed-metrics.ts';

/** A metric of the process, read when someone asks. */
export interface ProcessMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly read: () => Promise<readonly Sample[]>;
}

/** Metrics of prom-client that go against the conventions of Prometheus. */
const MISNAMED = new Set([
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]);

/** Processor time in seconds, since the process began; prom-client counts from when it is asked to. */
const CPU_SECONDS: Readonly<Record<string, () => number>> = {
  process_cpu_user_seconds_total: () => process.cpuUsage().user / 1e6,
  process_cpu_system_seconds_total: () => process.cpuUsage().system / 1e6,
  process_cpu_seconds_total: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

let metrics: readonly ProcessMetric[] | undefined;

/**
 * Metrics of the process, its memory, its garbage collection and its event loop. There is one
 * process, so there is one of each; they count from the first call on.
 */
export function processMetrics(): readonly ProcessMetric[] {
  metrics ??= startMetrics();
  return metrics;
}

function startMetrics(): ProcessMetric[] {
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  return registry
    .getMetricsAsArray()
    .filter(({ name }) => !MISNAMED.has(name))
    .map((metric) => {
      // The types of prom-client leave out what is the same for every metric.
      const collected = metric as unknown as CollectedMetric;
      const { name, help, type } = collected;
      const cpuSeconds = CPU_SECONDS[name];
      return {
        name,
        help,
        type,
        read: async () =>
          cpuSeconds ? [{ value: cpuSeconds(), labels: {} }] : (await collected.get()).values,
      };
    });
}

/** What each metric of prom-client is. */
interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  get(): Promise<{ readonly values: readonly Sample[] }>;
}
