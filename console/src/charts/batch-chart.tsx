import { useMemo, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type uPlot from 'uplot';
import type { Metrics } from '../api/types.ts';
import { formatCount, formatNumber } from '../format.ts';
import { Plot } from './plot.tsx';
import { barOptions } from './plot-options.ts';

/** Buckets that are always shown: up to 64 rows. */
const MIN_BUCKETS = 7;

/** How large the batches were, since the start. */
export function BatchChart({ metrics }: { metrics: Metrics | undefined }): JSX.Element {
  const buckets = usedBuckets(metrics?.batchSizes ?? []);
  const names = useRef<readonly string[]>([]);
  names.current = buckets.map(({ upTo }, i) => bucketName(buckets[i - 1]?.upTo ?? 0, upTo));
  const data = useMemo(
    () => [buckets.map((_bucket, i) => i), buckets.map(({ count }) => count)] as uPlot.AlignedData,
    [metrics],
  );
  const average = metrics?.avgBatchSize ?? null;
  const mean = average === null ? '–' : formatNumber(average);
  const bars = buckets
    .map(({ count }, i) => ({ count, name: names.current[i] ?? '' }))
    .filter(({ count }) => count > 0)
    .map(({ count, name }) => `${count} of up to ${name}`);
  return (
    <figure class="chart card">
      <figcaption class="chart-head">
        <span class="chart-title">Batch size</span>
        <span class="chart-note">{metrics ? `${formatCount(metrics.batches)} batches` : ''}</span>
      </figcaption>
      <p class="chart-figures">
        <span class="chart-figure chart-figure-lone">
          <span class="chart-value">{mean}</span>
          <span class="chart-key">rows on average</span>
        </span>
      </p>
      <Plot
        label={`Batches by number of rows: ${bars.join(', ') || 'none yet'}`}
        makeOptions={() => barOptions(() => names.current)}
        data={data}
      />
    </figure>
  );
}

/** The buckets up to the last that counts anything; a few always, so that the bars keep their place. */
function usedBuckets(buckets: Metrics['batchSizes']): Metrics['batchSizes'] {
  const last = buckets.findLastIndex(({ count }) => count > 0);
  return buckets.slice(0, Math.max(MIN_BUCKETS, last + 1));
}

function bucketName(above: number, upTo: number | null): string {
  if (upTo === null) return `>${above}`;
  return String(upTo);
}
