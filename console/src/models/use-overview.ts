import { useEffect, useRef, useState } from 'preact/hooks';
import { isCredentialWanted, onCredential } from '../api/credential.ts';
import { request } from '../api/graphql.ts';
import { onLinkState } from '../api/live.ts';
import { useEventFeed } from '../events/use-events.ts';
import { OVERVIEW } from '../api/operations.ts';
import type { Model, Overview } from '../api/types.ts';

/** Time between two looks at the models, in milliseconds: at rest, and while one is loading. */
const REFRESH_MS = { calm: 10_000, busy: 1_000 };

const BUSY_STATES: ReadonlySet<Model['state']> = new Set(['LOADING', 'WARMING', 'DRAINING']);

/** What is served, kept up to date; `undefined` until the first answer. */
export function useOverview(): Overview['health'] | undefined {
  const [health, setHealth] = useState<Overview['health']>();
  const look = useRef<() => void>(() => undefined);
  // What happens to a model is seen at once.
  useEventFeed(() => look.current());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let controller: AbortController | undefined;
    const load = async (): Promise<void> => {
      clearTimeout(timer);
      controller?.abort();
      const { signal } = (controller = new AbortController());
      let wait = REFRESH_MS.calm;
      try {
        const next = (await request(OVERVIEW, {}, signal)).health;
        setHealth((last) => {
          // A server that has just been started does not know its models yet: those stay.
          const isStarting = !next.ready && next.models.length === 0;
          if (last && isStarting) return last;
          return JSON.stringify(last) === JSON.stringify(next) ? last : next;
        });
        if (!next.ready || next.models.some((model) => BUSY_STATES.has(model.state))) {
          wait = REFRESH_MS.busy;
        }
      } catch {
        // What was known stays on the page; the pill says that the server is away.
        if (signal.aborted) return;
      }
      // The page asks for a key; with it comes the next look.
      if (!isCredentialWanted()) timer = setTimeout(() => void load(), wait);
    };
    look.current = () => void load();
    void load();
    const stopKeys = onCredential(() => {
      if (isCredentialWanted()) return;
      // What was seen with the last key is not for the next one.
      setHealth(undefined);
      void load();
    });
    const stop = onLinkState((state) => {
      // While the server is away each request would only be an error on the page's console.
      if (state === 'reconnecting') clearTimeout(timer);
      if (state === 'back') void load();
    });
    return () => {
      stop();
      stopKeys();
      clearTimeout(timer);
      controller?.abort();
    };
  }, []);
  return health;
}
