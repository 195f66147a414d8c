import { useEffect, useState } from 'preact/hooks';
import { useCredential } from '../access/use-credential.ts';
import { subscribe } from '../api/live.ts';
import { METRICS } from '../api/operations.ts';
import type { Metrics } from '../api/types.ts';
import { type Columns, History } from './history.ts';

/** Wait before a refused subscription is tried again. */
const RETRY_MS = 3_000;

/** Figures for the charts. */
export interface LiveFigures {
  readonly columns: Columns;
  readonly latest: Metrics | undefined;
  /** Whether the caller may not see them. */
  readonly isForbidden?: boolean;
}

const NOTHING: LiveFigures = { columns: new History().columns(), latest: undefined };

/**
 * Follows the metrics by subscription.
 *
 * @param model name of a model, or `null` for all together
 */
export function useMetrics(model: string | null): LiveFigures {
  const { value: key } = useCredential();
  const [figures, setFigures] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const history = new History();
    setFigures(NOTHING);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = subscribe(
      METRICS,
      { model },
      ({ metrics }) => {
        history.push({ ...metrics, timestamp: Date.parse(metrics.timestamp) });
        setFigures({ columns: history.columns(), latest: history.latest });
      },
      // A server that has just started again may not know the model yet.
      (code) => {
        if (code === 'FORBIDDEN') setFigures({ ...NOTHING, isForbidden: true });
        else timer = setTimeout(() => setAttempt((last) => last + 1), RETRY_MS);
      },
    );
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [model, attempt, key]);
  return figures;
}
