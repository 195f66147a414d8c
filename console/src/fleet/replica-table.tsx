import type { JSX } from 'preact';
import type { Replica } from '../api/operate-types.ts';
import { formatCount, formatMs, formatNumber } from '../format.ts';
import { formatUptime } from '../format-time.ts';

const DOTS: Readonly<Record<string, string>> = {
  HEALTHY: 'dot dot-ready',
  DEGRADED: 'dot dot-degraded',
  UNHEALTHY: 'dot dot-failed',
};

/** How each replica is. */
export function ReplicaTable({ replicas }: { replicas: readonly Replica[] }): JSX.Element {
  return (
    <div class="table-wrap">
      <table class="model-table">
        <thead>
          <tr>
            <th scope="col">Replica</th>
            <th scope="col">State</th>
            <th scope="col">Server</th>
            <th scope="col">Models</th>
            <th scope="col" class="number">
              Up for
            </th>
            <th scope="col" class="number">
              Rate
            </th>
            <th scope="col" class="number">
              p95
            </th>
            <th scope="col" class="number">
              In progress
            </th>
            <th scope="col" class="number">
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {replicas.map((replica) => (
            <ReplicaRow key={replica.id} replica={replica} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ReplicaRow({ replica }: { replica: Replica }): JSX.Element {
  const { id, host, status, models } = replica;
  const ready = models.filter(({ state }) => state === 'READY').length;
  const others = models.filter(({ state }) => state !== 'READY');
  return (
    <tr>
      <th scope="row">
        {host ?? 'unknown'}
        <span class="request-note">
          <code title={id}>{id.slice(0, 6)}</code>
          {replica.isSelf && ' answers this page'}
        </span>
      </th>
      <td data-label="State">
        <span class="state">
          <span class={DOTS[status ?? ''] ?? 'dot'} />
          {stateOf(replica)}
        </span>
      </td>
      <td data-label="Server">{replica.serverVersion ?? 'older'}</td>
      <td data-label="Models">
        {status === null ? '–' : `${ready} of ${models.length} ready`}
        {others.length > 0 && (
          <span class="request-note">
            {others.map(({ name, state }) => `${name} ${state.toLowerCase()}`).join(', ')}
          </span>
        )}
      </td>
      <td data-label="Up for" class="number">
        {formatUptime(replica.uptimeSeconds)}
      </td>
      <td data-label="Rate" class="number">
        {formatNumber(replica.throughput)}/s
      </td>
      <td data-label="p95" class="number">
        {replica.p95LatencyMs === null ? '–' : formatMs(replica.p95LatencyMs)}
      </td>
      <td data-label="In progress" class="number">
        {replica.inFlight}
        {replica.queuedRows > 0 && `, ${formatCount(replica.queuedRows)} waiting`}
      </td>
      <td data-label="Failed" class="number">
        {formatCount(replica.failedRequests)}
      </td>
    </tr>
  );
}

function stateOf({ status, ready }: Replica): string {
  if (status === null) return 'Not told';
  const text = status.charAt(0) + status.slice(1).toLowerCase();
  return ready === false ? `${text}, takes no traffic` : text;
}
