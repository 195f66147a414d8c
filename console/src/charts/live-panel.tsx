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
import { type Columns, WINDOW_SECONDS } from './history.ts';
import type { TimeWindow } from './plot-options.ts';
import { TimeChart } from './time-chart.tsx';
import { useLastHour } from './use-last-hour.ts';
import { type LiveFigures, useMetrics } from './use-metrics.ts';

const LATENCIES = [
  { label: 'p50', color: '--chart-1', filled: true },
  { label: 'p95', color: '--chart-2' },
  { label: 'p99', color: '--chart-3' },
];
const REQUESTS = [
  { label: 'requests/s', color: '--chart-1', filled: true },
  { label: 'failures/s', color: '--chart-bad' },
];
const HITS = [{ label: 'hit rate', color: '--chart-4', filled: true }];

const MINUTE: TimeWindow = { seconds: WINDOW_SECONDS, marks: ['−45 s', '−30 s', '−15 s'] };
const HOUR: TimeWindow = { seconds: 3_600, marks: ['−45', '−30', '−15 min'] };

/** Figures of one model or of all: of the last minute as they change, or of the last hour. */
export function LivePanel({ model }: { model: string }): JSX.Element | null {
  const [scope, setScope] = useState<'model' | 'all'>('model');
  const [span, setSpan] = useState<'minute' | 'hour'>('minute');
  const asked = scope === 'model' ? model : null;
  const figures = useMetrics(asked);
  if (figures.isForbidden) return null;
  return (
    <section class="live" aria-labelledby="live-title">
      <div class="section-head">
        <h2 id="live-title" class="section-title">
          Live
        </h2>
        <div class="section-actions">
          <Segmented
            label="Time"
            value={span}
            onChange={setSpan}
            options={[
              { value: 'minute', text: 'Minute' },
              { value: 'hour', text: 'Hour' },
            ]}
          />
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
      </div>
      <div class="charts">
        {span === 'minute' ? (
          <TimeCharts key="minute" columns={figures.columns} window={MINUTE} figures={figures} />
        ) : (
          <LastHour key={`hour ${asked ?? ''}`} model={asked} figures={figures} />
        )}
        <BatchChart metrics={figures.latest} />
      </div>
    </section>
  );
}

function LastHour({ model, figures }: { model: string | null; figures: LiveFigures }): JSX.Element {
  return <TimeCharts columns={useLastHour(model)} window={HOUR} figures={figures} />;
}

function TimeCharts({
  columns,
  window,
  figures: { latest },
}: {
  columns: Columns;
  window: TimeWindow;
  figures: LiveFigures;
}): JSX.Element {
  const { time, requestsPerSecond, failuresPerSecond, p50, p95, p99, hitRate } = columns;
  const requests = useMemo(() => [requestsPerSecond, failuresPerSecond], [columns]);
  const latencies = useMemo(() => [p50, p95, p99], [columns]);
  const hits = useMemo(() => [hitRate], [columns]);
  const common = { window, time };
  return (
    <>
      <TimeChart
        {...common}
        title="Requests per second"
        note={latest ? `${formatCount(latest.totalRequests)} total` : ''}
        lines={REQUESTS}
        values={requests}
        format={formatNumber}
        formatTick={formatTick}
        ceiling={1}
      />
      <TimeChart
        {...common}
        title="Latency"
        note={window === HOUR ? 'minute before' : 'last minute'}
        lines={LATENCIES}
        values={latencies}
        format={formatMs}
        formatTick={formatMsTick}
        ceiling={0.5}
      />
      <TimeChart
        {...common}
        title="Cache hit rate"
        note={latest ? `${formatPercent(latest.cacheHitRate)} overall` : ''}
        lines={HITS}
        values={hits}
        format={formatPercent}
        formatTick={formatPercentTick}
        ceiling={1}
      />
    </>
  );
}
