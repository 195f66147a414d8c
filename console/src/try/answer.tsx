import type { JSX } from 'preact';
import type { ApiError } from '../api/graphql.ts';
import type { Json, Prediction, Score } from '../api/types.ts';
import { formatLabel, formatPercent, formatSpec } from '../format.ts';
import { Icon } from '../ui/icons.tsx';
import { TimeBar } from './time-bar.tsx';
import type { Result } from './use-prediction.ts';

/** Most characters of a raw answer that are shown. */
const MAX_RAW = 600;

/** What the model answered. */
export function Answer({
  result,
  error,
  busy,
  unit,
}: {
  result: Result | undefined;
  error: ApiError | undefined;
  busy: boolean;
  /** Unit of a regression. */
  unit: string | null;
}): JSX.Element {
  return (
    <div class="answer" aria-live="polite" aria-busy={busy} aria-label="Answer" role="region">
      {error ? (
        <Failure error={error} />
      ) : result ? (
        <Success {...result} unit={unit} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

function Success({ prediction, totalMs, unit }: Result & { unit: string | null }): JSX.Element {
  return (
    <>
      <div class="answer-head">
        <Headline value={prediction.prediction} unit={unit} />
        {prediction.confidence !== null && (
          <span class="confidence">{formatPercent(prediction.confidence)}</span>
        )}
      </div>
      <p class="badges">
        <span class={prediction.cached ? 'tag tag-ok' : 'tag'} data-testid="cached">
          {prediction.cached ? 'from the cache' : 'computed'}
        </span>
        <span class="tag">version {prediction.version}</span>
      </p>
      {prediction.scores && <Scores scores={prediction.scores} />}
      {prediction.outputs && <Outputs outputs={prediction.outputs} />}
      <TimeBar prediction={prediction} totalMs={totalMs} />
    </>
  );
}

function Headline({ value, unit }: { value: Json; unit: string | null }): JSX.Element {
  if (typeof value === 'string') return <p class="headline">{formatLabel(value)}</p>;
  if (typeof value === 'number') {
    return (
      <p class="headline">
        {Number.isInteger(value) ? value : Number(value.toPrecision(6))}
        {unit && <span class="unit">{unit}</span>}
      </p>
    );
  }
  if (Array.isArray(value) && value.every((label) => typeof label === 'string')) {
    return <p class="headline">{value.length ? value.map(formatLabel).join(', ') : 'no label'}</p>;
  }
  const size = Array.isArray(value) ? `${value.length} values` : 'answer';
  const text = JSON.stringify(value);
  return (
    <div class="raw">
      <p class="headline">{size}</p>
      <code>{text.length > MAX_RAW ? `${text.slice(0, MAX_RAW)} …` : text}</code>
    </div>
  );
}

function Scores({ scores }: { scores: readonly Score[] }): JSX.Element {
  return (
    <ol class="scores" aria-label="Likeliest labels">
      {scores.map(({ label, score }) => (
        <li key={label}>
          <span class="score-label" title={label}>
            {formatLabel(label)}
          </span>
          <span class="score-track">
            <span class="score-bar" style={{ transform: `scaleX(${score})` }} />
          </span>
          <span class="score-value">{formatPercent(score)}</span>
        </li>
      ))}
    </ol>
  );
}

function Outputs({ outputs }: { outputs: NonNullable<Prediction['outputs']> }): JSX.Element {
  return (
    <ul class="specs" aria-label="Output tensors">
      {outputs.map((tensor) => (
        <li key={tensor.name}>
          <code>{tensor.name}</code> {formatSpec(tensor)}
        </li>
      ))}
    </ul>
  );
}

function Failure({ error }: { error: ApiError }): JSX.Element {
  return (
    <div class="failure">
      <Icon name="alert" size={20} />
      <div>
        <p class="failure-code">{error.code}</p>
        <p>{error.message}</p>
      </div>
    </div>
  );
}

function Waiting(): JSX.Element {
  return (
    <div class="waiting">
      <div class="ghost" aria-hidden="true">
        {[92, 58, 36, 22].map((width) => (
          <span key={width} style={{ width: `${width}%` }} />
        ))}
      </div>
      <p>The answer appears here.</p>
    </div>
  );
}
