import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { REQUESTS } from '../api/operate.ts';
import type { RecentRequest } from '../api/operate-types.ts';
import { useQuery } from '../api/use-query.ts';
import { Segmented } from '../ui/segmented.tsx';
import { RequestList } from './request-list.tsx';

/** Time between two looks, in milliseconds. */
const REFRESH_MS = 3_000;

const LIMIT = 200;

/** Requests that are shown at first. */
const FIRST = 40;

type Kind = RecentRequest['kind'] | 'ALL';

/** Requests of the last minutes that failed, were refused or took long. */
export function RequestsView({ models }: { models: readonly string[] }): JSX.Element {
  const [model, setModel] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>('ALL');
  const [isLong, setLong] = useState(false);
  const { data, isForbidden, problem } = useQuery(REQUESTS, { model, limit: LIMIT }, REFRESH_MS);
  const all = data?.recentRequests ?? [];
  const count = (each: Kind): number =>
    each === 'ALL' ? all.length : all.filter((request) => request.kind === each).length;
  const shown = kind === 'ALL' ? all : all.filter((request) => request.kind === kind);
  return (
    <>
      <header class="view-header">
        <h1>Requests</h1>
        <p>
          What failed, was refused or took long in the last 15 minutes, on the replica that answers
          this page.
        </p>
      </header>
      <div class="filters">
        <Segmented
          label="Kind of request"
          value={kind}
          onChange={setKind}
          options={(['ALL', 'FAILED', 'REFUSED', 'SLOW'] as const).map((value) => ({
            value,
            text: `${value.charAt(0)}${value.slice(1).toLowerCase()} ${count(value)}`,
          }))}
        />
        <label class="filter">
          Model
          <select
            class="control"
            value={model ?? ''}
            onChange={({ currentTarget: { value } }) => setModel(value === '' ? null : value)}
          >
            <option value="">all</option>
            {models.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {isForbidden ? (
        <p class="empty">It takes the scope metrics:read to see them.</p>
      ) : !data ? (
        <p class="empty">{problem ?? 'Asking the server …'}</p>
      ) : shown.length === 0 ? (
        <p class="empty">Nothing: all requests of the last 15 minutes went well.</p>
      ) : (
        <>
          <RequestList requests={isLong ? shown : shown.slice(0, FIRST)} />
          {!isLong && shown.length > FIRST && (
            <button type="button" class="button more" onClick={() => setLong(true)}>
              Show all {shown.length}
            </button>
          )}
        </>
      )}
    </>
  );
}
