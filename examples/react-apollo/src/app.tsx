import { useMutation, useSubscription } from '@apollo/client/react';
import { type JSX, useState } from 'react';
import { MetricsSubscription, PredictMutation } from '../../operations.ts';

/** A question, its answer, and what the server has counted, live. */
export function App(): JSX.Element {
  return (
    <main>
      <h1>Ask the bank</h1>
      <PredictionForm />
      <Metrics />
    </main>
  );
}

function PredictionForm(): JSX.Element {
  const [text, setText] = useState('Where is my card?');
  const [predict, { data, error, loading }] = useMutation(PredictMutation);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // The error comes back in `error`; the promise would only report it twice.
        predict({ variables: { text } }).catch(() => undefined);
      }}
    >
      <label htmlFor="question">Question</label>
      <div className="row">
        <input
          id="question"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" disabled={loading}>
          Ask
        </button>
      </div>
      {error && <p role="alert">{error.message}</p>}
      {data && (
        <ol aria-label="Likeliest intents">
          {data.predict.scores?.map(({ label, score }) => (
            <li key={label}>
              <span>{label.replaceAll('_', ' ')}</span>
              <meter value={score} aria-label={label} />
              <span>{(score * 100).toFixed(1)}%</span>
            </li>
          ))}
        </ol>
      )}
    </form>
  );
}

function Metrics(): JSX.Element {
  const { data, error } = useSubscription(MetricsSubscription, { variables: { intervalMs: 500 } });
  if (error) return <p role="alert">{error.message}</p>;
  const { totalRequests = 0, throughput = 0, cacheHitRate = 0 } = data?.metrics ?? {};
  return (
    <dl aria-label="Metrics">
      <div>
        <dt>Requests</dt>
        <dd>{totalRequests}</dd>
      </div>
      <div>
        <dt>Per second</dt>
        <dd>{throughput.toFixed(1)}</dd>
      </div>
      <div>
        <dt>From the cache</dt>
        <dd>{(cacheHitRate * 100).toFixed(0)}%</dd>
      </div>
    </dl>
  );
}
