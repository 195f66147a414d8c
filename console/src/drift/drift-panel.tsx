import type { JSX } from 'preact';
import type { Drift, DriftBar, FeatureDrift } from '../api/types.ts';
import { formatCount, formatNumber, formatPercent } from '../format.ts';
import { useDrift } from './use-drift.ts';

/** Features that are drawn: those over a threshold, else the worst few. */
const MAX_DRAWN = 6;
const FEWEST_DRAWN = 3;

const STATES: Readonly<Record<Drift['state'], string>> = {
  NONE: 'No drift',
  WARNING: 'Warning',
  DRIFT: 'Drift',
  NOT_ENOUGH_DATA: 'Not enough data',
};

/** Drift of a model: its state, and the features that made it, beside their reference. */
export function DriftPanel({ model }: { model: string }): JSX.Element | null {
  const drift = useDrift(model);
  if (drift === null) return null;
  return (
    <section class="drift" aria-labelledby="drift-title">
      <div class="section-head">
        <h2 id="drift-title" class="section-title">
          Drift
        </h2>
        {drift && (
          <span class={`drift-state drift-${drift.state.toLowerCase()}`} data-testid="drift-state">
            {STATES[drift.state]}
          </span>
        )}
      </div>
      {drift && <Body drift={drift} />}
    </section>
  );
}

function Body({ drift }: { drift: Drift }): JSX.Element {
  const { state, columns, reason, features, predictions } = drift;
  const isAlert = state === 'DRIFT' || state === 'WARNING';
  const over = features.filter(({ severity }) => severity > 1).slice(0, MAX_DRAWN);
  const drawn = over.length > 0 ? over : features.slice(0, FEWEST_DRAWN);
  return (
    <>
      <p class={isAlert ? 'drift-alert' : 'drift-reason'} role={isAlert ? 'alert' : undefined}>
        {isAlert ? `Changed: ${columns.join(', ')}. ` : ''}
        {reason}
      </p>
      {predictions > 0 && drawn.length > 0 && (
        <div class="drift-features">
          {drawn.map((feature) => (
            <Feature key={`${feature.source}:${feature.name}`} feature={feature} />
          ))}
        </div>
      )}
    </>
  );
}

function Feature({ feature }: { feature: FeatureDrift }): JSX.Element {
  const { name, worst, histogram, values } = feature;
  return (
    <figure class="drift-feature" data-testid={`drift-${name}`}>
      <figcaption>
        <strong>{name}</strong>
        <span>
          {worst
            ? `${worst.statistic} ${formatNumber(worst.value)} of ${formatNumber(worst.threshold)}`
            : `${formatCount(values)} values`}
        </span>
      </figcaption>
      <Bars bars={histogram} name={name} />
      <p class="drift-legend">
        <span class="drift-key reference" /> reference <span class="drift-key current" /> now
      </p>
    </figure>
  );
}

/** Two histograms laid over each other. */
function Bars({ bars, name }: { bars: readonly DriftBar[]; name: string }): JSX.Element {
  const most = Math.max(0.001, ...bars.flatMap(({ reference, current }) => [reference, current]));
  const width = 100 / Math.max(1, bars.length);
  const height = (share: number) => (share / most) * 60;
  return (
    <svg
      viewBox="0 0 100 60"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name}: reference and now`}
    >
      {bars.map((bar, i) => (
        <g key={i}>
          <title>
            {`${labelOf(bar)}: reference ${formatPercent(bar.reference)}, now ${formatPercent(bar.current)}`}
          </title>
          <rect
            class="reference"
            x={i * width}
            width={width * 0.9}
            y={60 - height(bar.reference)}
            height={height(bar.reference)}
          />
          <rect
            class="current"
            x={i * width + width * 0.2}
            width={width * 0.5}
            y={60 - height(bar.current)}
            height={height(bar.current)}
          />
        </g>
      ))}
    </svg>
  );
}

function labelOf({ label, from, to }: DriftBar): string {
  if (label !== null) return label;
  if (from === null) return `below ${to ?? ''}`;
  return to === null ? `over ${from}` : `${from} to ${to}`;
}
