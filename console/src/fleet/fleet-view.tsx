import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { useCredential } from '../access/use-credential.ts';
import { subscribe } from '../api/live.ts';
import { FLEET, REPLICAS } from '../api/operate.ts';
import type { FleetFigures, Replica } from '../api/operate-types.ts';
import type { Overview } from '../api/types.ts';
import { useQuery } from '../api/use-query.ts';
import { formatCount, formatMs, formatNumber, formatPercent } from '../format.ts';
import { ModelTable } from '../models/model-table.tsx';
import { disagreements } from './disagreements.ts';
import { ReplicaTable } from './replica-table.tsx';

/** Time between two looks, in milliseconds. */
const REFRESH_MS = 2_000;

/** All replicas: what they do together, how each of them is, and their models. */
export function FleetView({ health }: { health: Overview['health'] }): JSX.Element {
  const { data, isForbidden } = useQuery(REPLICAS, {}, REFRESH_MS);
  const replicas = data?.replicas ?? [];
  return (
    <>
      <header class="view-header">
        <h1>Fleet</h1>
        <p>{fleetText(replicas, health)}</p>
      </header>
      {!isForbidden && <Together />}
      {[...health.reasons, ...disagreements(replicas)].map((reason) => (
        <p class="notice" key={reason}>
          {reason}
        </p>
      ))}
      {replicas.length > 0 && (
        <section aria-labelledby="replicas-title">
          <h2 id="replicas-title" class="section-title">
            Replicas
          </h2>
          <ReplicaTable replicas={replicas} />
        </section>
      )}
      <section aria-labelledby="models-title">
        <h2 id="models-title" class="section-title">
          Models
        </h2>
        <ModelTable models={health.models} />
      </section>
    </>
  );
}

function fleetText(replicas: readonly Replica[], health: Overview['health']): string {
  const status = `The server is ${health.status.toLowerCase()}.`;
  if (replicas.length === 0) return status;
  const versions = new Set(replicas.flatMap(({ serverVersion }) => serverVersion ?? []));
  const count = replicas.length === 1 ? '1 replica' : `${replicas.length} replicas`;
  return `${count} of version ${[...versions].join(' and ') || 'unknown'}. ${status}`;
}

/** The figures of all replicas together, by subscription. */
function Together(): JSX.Element {
  const { value: key } = useCredential();
  const [now, setNow] = useState<FleetFigures>();
  useEffect(
    () =>
      subscribe(
        FLEET,
        {},
        ({ metrics }) => setNow(metrics),
        () => undefined,
      ),
    [key],
  );
  const figures: readonly (readonly [string, string])[] = [
    ['Predictions per second', now ? formatNumber(now.throughput) : '–'],
    ['Latency p95', now?.p95LatencyMs ? formatMs(now.p95LatencyMs) : '–'],
    ['In progress', now ? formatCount(now.inFlight) : '–'],
    ['Waiting for a worker', now ? formatCount(now.queuedRows) : '–'],
    ['Cache hit rate', now ? formatPercent(now.cacheHitRate) : '–'],
    [
      'Failed',
      now ? `${formatCount(now.failedRequests)} of ${formatCount(now.totalRequests)}` : '–',
    ],
  ];
  return (
    <section aria-label="All replicas together">
      <dl class="card figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
