import { useEffect, useState } from 'preact/hooks';
import { useCredential } from '../access/use-credential.ts';
import { isCredentialWanted } from './credential.ts';
import { ApiError, request } from './graphql.ts';
import { onLinkState } from './live.ts';
import type { Operation } from './operations.ts';

/** What a query has answered. */
export interface QueryState<Result> {
  /** `undefined` until the first answer. What was known stays while the server is away. */
  readonly data: Result | undefined;
  /** Whether the caller may not see it. */
  readonly isForbidden: boolean;
  /** Why there is no answer; `null` where there is one. */
  readonly problem: string | null;
  /** Asks again at once. */
  readonly refresh: () => void;
}

/** Time after which a query that failed is asked again, in milliseconds. */
const RETRY_MS = 3_000;

/**
 * Asks a query again and again while somebody looks at the page.
 *
 * @param everyMs time between an answer and the next question, in milliseconds
 */
export function useQuery<Result, Variables>(
  operation: Operation<Result, Variables>,
  variables: Variables,
  everyMs: number,
): QueryState<Result> {
  const { value: key } = useCredential();
  const [state, setState] = useState<Omit<QueryState<Result>, 'refresh'>>(NOTHING);
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(variables);
  useEffect(() => setState(NOTHING), [operation, asked, key]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;
    const controller = new AbortController();
    const { signal } = controller;
    const load = async (): Promise<void> => {
      clearTimeout(timer);
      if (isAsking || document.hidden || isCredentialWanted()) return;
      isAsking = true;
      let wait = everyMs;
      try {
        const data = await request(operation, variables, signal);
        if (signal.aborted) return;
        setState({ data, isForbidden: false, problem: null });
      } catch (thrown) {
        if (signal.aborted) return;
        const isForbidden = thrown instanceof ApiError && thrown.code === 'FORBIDDEN';
        const problem = thrown instanceof Error ? thrown.message : String(thrown);
        setState((last) => ({ data: isForbidden ? undefined : last.data, isForbidden, problem }));
        if (isForbidden) return;
        wait = Math.max(wait, RETRY_MS);
      } finally {
        isAsking = false;
      }
      timer = setTimeout(() => void load(), wait);
    };
    void load();
    const onVisible = (): void => void load();
    document.addEventListener('visibilitychange', onVisible);
    const stopLink = onLinkState((link) => {
      // While the server is away each request would only be an error on the page's console.
      if (link === 'reconnecting') clearTimeout(timer);
      if (link === 'back') void load();
    });
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      stopLink();
      clearTimeout(timer);
      controller.abort();
    };
  }, [operation, asked, key, round]);
  return { ...state, refresh: () => setRound((last) => last + 1) };
}

const NOTHING = { data: undefined, isForbidden: false, problem: null };
