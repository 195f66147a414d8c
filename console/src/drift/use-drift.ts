import { useEffect, useState } from 'preact/hooks';
import { useCredential } from '../access/use-credential.ts';
import { ApiError, request } from '../api/graphql.ts';
import { onLinkState, subscribe } from '../api/live.ts';
import { DRIFT, DRIFT_ALERTS } from '../api/operations.ts';
import type { Drift } from '../api/types.ts';

/** Time between two looks, in milliseconds; alerts are taken at once. */
const REFRESH_MS = 5_000;

/**
 * How a model does beside its reference, kept up to date; `undefined` until the first answer, `null`
 * where the caller may not see it.
 */
export function useDrift(model: string): Drift | undefined | null {
  const { value: key } = useCredential();
  const [drift, setDrift] = useState<Drift | null>();
  useEffect(() => {
    setDrift(undefined);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const load = async (): Promise<void> => {
      clearTimeout(timer);
      try {
        const next = (await request(DRIFT, { model }, signal)).drift;
        setDrift(next);
      } catch (thrown) {
        // What was known stays on the page.
        if (signal.aborted) return;
        if (thrown instanceof ApiError && thrown.code === 'FORBIDDEN') {
          setDrift(null);
          return;
        }
      }
      timer = setTimeout(() => void load(), REFRESH_MS);
    };
    void load();
    const stopAlerts = subscribe(
      DRIFT_ALERTS,
      { model },
      () => void load(),
      () => undefined,
    );
    const stopLink = onLinkState((state) => {
      if (state === 'reconnecting') clearTimeout(timer);
      if (state === 'back') void load();
    });
    return () => {
      stopLink();
      stopAlerts();
      clearTimeout(timer);
      controller.abort();
    };
  }, [model, key]);
  return drift;
}
