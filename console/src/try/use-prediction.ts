import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, request } from '../api/graphql.ts';
import { PREDICT } from '../api/operations.ts';
import type { Model, ModelInput, Prediction } from '../api/types.ts';
import { upload } from '../api/upload.ts';
import type { Draft } from './draft.ts';

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
  /** Asks for a prediction of what is ready; an answer still awaited is given up. */
  run(draft: Draft, fresh: boolean): void;
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

  const ask = async (
    input: ModelInput,
    file: File | undefined,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<Prediction> => {
    const raw = model.outputKind === 'TENSORS';
    if (file) return upload(file, { model: model.name, raw, fresh }, signal);
    const options = fresh ? { options: { cache: 'REFRESH' } as const } : {};
    const { predict } = await request(
      PREDICT,
      { input, model: model.name, raw, ...options },
      signal,
    );
    return predict;
  };

  const run = async ({ input, file }: Draft, fresh: boolean): Promise<void> => {
    if (!input) return;
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    setState((last) => ({ ...last, busy: true }));
    const started = performance.now();
    try {
      const prediction = await ask(input, file, fresh, signal);
      const totalMs = performance.now() - started;
      setState({ result: { prediction, totalMs }, error: undefined, busy: false });
    } catch (thrown) {
      if (signal.aborted) return;
      const error = thrown instanceof ApiError ? thrown : new ApiError(String(thrown), 'ERROR');
      setState({ result: undefined, error, busy: false });
    }
  };
  return { ...state, run: (draft, fresh) => void run(draft, fresh) };
}
