import type { JSX } from 'preact';
import { REQUESTS } from '../api/operate.ts';
import { useQuery } from '../api/use-query.ts';
import { hrefOf } from '../router.ts';
import { RequestList } from './request-list.tsx';

/** Time between two looks, in milliseconds. */
const REFRESH_MS = 5_000;

/** Requests that are shown on the page of a model. */
const LIMIT = 5;

/** The last requests to a model that went wrong or took long. */
export function RecentPanel({ model }: { model: string }): JSX.Element | null {
  const { data, isForbidden } = useQuery(REQUESTS, { model, limit: LIMIT }, REFRESH_MS);
  if (isForbidden || !data) return null;
  return (
    <section aria-labelledby="recent-title">
      <div class="section-head">
        <h2 id="recent-title" class="section-title">
          Requests that went wrong
        </h2>
        <a class="section-link" href={hrefOf({ view: 'requests' })}>
          All requests
        </a>
      </div>
      {data.recentRequests.length === 0 ? (
        <p class="empty">None in the last 15 minutes.</p>
      ) : (
        <RequestList requests={data.recentRequests} isOfOne />
      )}
    </section>
  );
}
