import { useEffect } from 'preact/hooks';
import { useCredential } from '../access/use-credential.ts';
import { subscribe } from '../api/live.ts';
import { EVENT_FEED, EVENTS } from '../api/operate.ts';
import type { ModelEvent } from '../api/operate-types.ts';
import { type QueryState, useQuery } from '../api/use-query.ts';

/** Time between two looks, in milliseconds; what happens is shown at once. */
const REFRESH_MS = 15_000;

/** Calls `onEvent` when something happens to a model. */
export function useEventFeed(onEvent: (event: ModelEvent) => void): void {
  const { value: key } = useCredential();
  useEffect(
    () =>
      subscribe(
        EVENT_FEED,
        {},
        ({ modelEvents }) => onEvent(modelEvents),
        // Who may not see events is told so by the query.
        () => undefined,
      ),
    [key],
  );
}

/** The last events of a model, or of all, the newest first. */
export function useEvents(
  model: string | null,
  limit: number,
): QueryState<{ readonly modelEvents: readonly ModelEvent[] }> {
  const state = useQuery(EVENTS, { model, limit }, REFRESH_MS);
  useEventFeed(state.refresh);
  return state;
}
