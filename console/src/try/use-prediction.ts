import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, request } from '../api/graphql.ts';
import { PREDICT } from '../api/operations.ts';
import type { Model, ModelInput, Prediction } from '../api/types.ts';

/** An answer, and how long it took as seen from here. */
export interface Result {
  readonly prediction: Prediction;
  /** Milliseconds from the call to the answer, network included. */
  readonly totalMs: number;
}

/** The last prediction that was asked for. */
export interface PredictionState {
  readonly result: Result | undefined;
  readonly error: ApiError | undefined;
  readonly busy: boolean;
  /** Asks for a prediction; an answer still awaited is given up. */
  run(input: ModelInput, fresh: boolean): void;
}

/** Asks `model` for predictions, one at a time. */
export function usePrediction(model: Model): PredictionState {
  const [state, setState] = useState<Omit<PredictionState, 'run'>>({
    result: undefined,
    error: undefined,
    busy: false,
  });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (input: ModelInput, fresh: boolean): Promise<void> => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    setState((last) => ({ ...last, busy: true }));
    const started = performance.now();
    try {
      const { predict } = await request(
        PREDICT,
        {
          input,
          model: model.name,
          raw: model.outputKind === 'TENSORS',
          ...(fresh && { options: { cache: 'REFRESH' } as const }),
        },
        signal,
      );
      const totalMs = performance.now() - started;
      setState({ result: { prediction: predict, totalMs }, error: undefined, busy: false });
    } catch (thrown) {
      if (signal.aborted) return;
      const error = thrown instanceof ApiError ? thrown : new ApiError(String(thrown), 'ERROR');
      setState({ result: undefined, error, busy: false });
    }
  };
  return { ...state, run: (input, fresh) => void run(input, fresh) };
}
