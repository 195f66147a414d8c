import { useMemo } from 'preact/hooks';
import { HISTORY } from '../api/operate.ts';
import { useQuery } from '../api/use-query.ts';
import type { Columns } from './history.ts';

/** Time between two looks, in milliseconds: the server takes a reading as often. */
const REFRESH_MS = 10_000;

/**
 * The last hour as columns, as the server remembers it.
 *
 * @param model name of a model, or `null` for all together
 */
export function useLastHour(model: string | null): Columns {
  const { data } = useQuery(HISTORY, { model }, REFRESH_MS);
  return useMemo(() => {
    const points = data?.metricsHistory ?? [];
    return {
      time: points.map(({ timestamp }) => Date.parse(timestamp) / 1000),
      requestsPerSecond: points.map((point) => point.requestsPerSecond),
      failuresPerSecond: points.map((point) => point.failuresPerSecond),
      p50: points.map((point) => point.p50LatencyMs),
      p95: points.map((point) => point.p95LatencyMs),
      p99: points.map((point) => point.p99LatencyMs),
      hitRate: points.map((point) => point.cacheHitRate),
    };
  }, [data]);
}
