import { useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import {
  formatCount,
  formatMs,
  formatMsTick,
  formatNumber,
  formatPercent,
  formatPercentTick,
  formatTick,
} from '../format.ts';
import { Segmented } from '../ui/segmented.tsx';
import { BatchChart } from './batch-chart.tsx';
import { TimeChart } from './time-chart.tsx';
import { useMetrics } from './use-metrics.ts';

const LATENCIES = [
  { label: 'p50', color: '--chart-1', filled: true },
  { label: 'p95', color: '--chart-2' },
  { label: 'p99', color: '--chart-3' },
];
const REQUESTS = [{ label: 'requests/s', color: '--chart-1', filled: true }];
const HITS = [{ label: 'hit rate', color: '--chart-4', filled: true }];

/** Live figures of one model or of all, by subscription. */
export function LivePanel({ model }: { model: string }): JSX.Element | null {
  const [scope, setScope] = useState<'model' | 'all'>('model');
  const { columns, latest, isForbidden } = useMetrics(scope === 'model' ? model : null);
  const { time, requestsPerSecond, p50, p95, p99, hitRate } = columns;
  const requests = useMemo(() => [requestsPerSecond], [columns]);
  const latencies = useMemo(() => [p50, p95, p99], [columns]);
  const hits = useMemo(() => [hitRate], [columns]);
  if (isForbidden) return null;
  return (
    <section class="live" aria-labelledby="live-title">
      <div class="section-head">
        <h2 id="live-title" class="section-title">
          Live
        </h2>
        <Segmented
          label="Figures of"
          value={scope}
          onChange={setScope}
          options={[
            { value: 'model', text: 'This model' },
            { value: 'all', text: 'All models' },
          ]}
        />
      </div>
      <div class="charts">
        <TimeChart
          title="Requests per second"
          note={latest ? `${formatCount(latest.totalRequests)} total` : ''}
          lines={REQUESTS}
          time={time}
          values={requests}
          format={formatNumber}
          formatTick={formatTick}
          ceiling={1}
        />
        <TimeChart
          title="Latency"
          note="last minute"
          lines={LATENCIES}
          time={time}
          values={latencies}
          format={formatMs}
          formatTick={formatMsTick}
          ceiling={0.5}
        />
        <TimeChart
          title="Cache hit rate"
          note={latest ? `${formatPercent(latest.cacheHitRate)} overall` : ''}
          lines={HITS}
          time={time}
          values={hits}
          format={formatPercent}
          formatTick={formatPercentTick}
          ceiling={1}
        />
        <BatchChart metrics={latest} />
      </div>
    </section>
  );
}
