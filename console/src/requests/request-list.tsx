import type { JSX } from 'preact';
import type { RecentRequest } from '../api/operate-types.ts';
import { formatMs } from '../format.ts';
import { formatClock } from '../format-time.ts';
import { hrefOf } from '../router.ts';
import { CopyButton } from '../ui/copy-button.tsx';

const TAGS: Readonly<Record<RecentRequest['kind'], string>> = {
  FAILED: 'tag tag-bad',
  REFUSED: 'tag tag-warn',
  SLOW: 'tag',
};

/** Requests as a table; as cards where there is little room. */
export function RequestList({
  requests,
  isOfOne = false,
}: {
  requests: readonly RecentRequest[];
  /** Whether all are of one model, which then need not be named. @default false */
  isOfOne?: boolean;
}): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="model-table request-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Kind</th>
            <th scope="col">Request</th>
            <th scope="col">What happened</th>
            <th scope="col" class="number">
              Duration
            </th>
            <th scope="col">Trace</th>
          </tr>
        </thead>
        <tbody>
          {requests.map((request) => (
            <RequestRow
              key={`${request.timestamp} ${request.id}`}
              request={request}
              isOfOne={isOfOne}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RequestRow({
  request,
  isOfOne,
}: {
  request: RecentRequest;
  isOfOne: boolean;
}): JSX.Element {
  const { id, kind, models, rows, code, message, traceId, caller, input } = request;
  return (
    <tr data-request={id}>
      <th scope="row" class="request-time">
        <time dateTime={request.timestamp}>{formatClock(request.timestamp)}</time>
      </th>
      <td class="request-kind">
        <span class={TAGS[kind]}>{kind.toLowerCase()}</span>
      </td>
      <td data-label="Request">
        <span class="request-what">
          <code>{request.operation ?? request.path}</code>
          <span class="request-note">
            {request.transport.toLowerCase()} {request.method} {request.path}
            {rows > 1 && `, ${rows} predictions`}
          </span>
          {!isOfOne && models.length > 0 && (
            <span class="request-note">
              {models.map((model) => (
                <a key={model} href={hrefOf({ view: 'model', model })}>
                  {model}
                </a>
              ))}
            </span>
          )}
        </span>
      </td>
      <td data-label="What happened">
        <span class="request-what">
          <span>
            {code === null ? `answered with ${request.status}` : <code>{code}</code>}
            {request.aborted && ', the client left'}
          </span>
          {message !== null && <span class="request-note">{message}</span>}
          {input !== null && <code class="request-input">{input}</code>}
        </span>
      </td>
      <td data-label="Duration" class="number">
        {formatMs(request.durationMs)}
      </td>
      <td data-label="Trace">
        <span class="request-what">
          {traceId === null ? (
            <span class="request-note">not traced</span>
          ) : (
            <span class="request-trace">
              <code title={traceId}>{traceId.slice(0, 8)}…</code>
              <CopyButton text={traceId} label={`Copy the trace id ${traceId}`} />
            </span>
          )}
          <span class="request-note">
            request <code title={id}>{id.slice(0, 8)}</code>
          </span>
          {caller !== null && <span class="request-note">{caller}</span>}
        </span>
      </td>
    </tr>
  );
}
