import type { MetricsPoint } from '../../../src/services/metrics-history.ts';
import type { RecentRequest } from '../../../src/services/recent-request.ts';
import type { Services } from '../../../src/services/services.ts';

/** The last hour as the fake tells it. */
export const HISTORY_POINT: MetricsPoint = {
  timestamp: 1_700_000_000_000,
  requestsPerSecond: 2.5,
  failuresPerSecond: 0.1,
  cacheHitRate: 0.25,
  p50Ms: 1,
  p95Ms: 4,
  p99Ms: null,
};

/** A request that the fake remembers. */
export const FAILED_REQUEST: RecentRequest = {
  id: 'r1',
  timestamp: 1_700_000_000_000,
  kind: 'FAILED',
  transport: 'http',
  method: 'POST',
  path: '/predict',
  operation: 'predict',
  models: ['sentiment'],
  rows: 1,
  status: 500,
  code: 'INFERENCE_FAILED',
  message: 'The model could not be run.',
  aborted: false,
  durationMs: 12.5,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  caller: null,
  input: null,
};

/** What operators ask for, without any server behind it. */
export function createFakeOperations(
  checkModel: (model: string | undefined) => void,
): Pick<Services, 'replicas' | 'recentRequests' | 'viewer'> {
  return {
    replicas: {
      list: () =>
        Promise.resolve([
          {
            id: 'a1',
            isSelf: true,
            host: 'node-1',
            serverVersion: '1.2.3',
            status: 'healthy',
            ready: true,
            uptimeSeconds: 10,
            totalRequests: 5,
            failedRequests: 1,
            throughput: 0.5,
            inFlight: 0,
            queuedRows: 0,
            p95Ms: 4,
            models: [{ name: 'sentiment', state: 'ready', servingVersion: '2' }],
          },
        ]),
    },
    recentRequests: {
      list(_call, { model, kind, limit = 100 }) {
        checkModel(model);
        return [FAILED_REQUEST]
          .filter((each) => kind === undefined || each.kind === kind)
          .slice(0, limit);
      },
    },
    viewer: {
      describe: ({ principal }) => ({
        id: principal.id,
        name: principal.name,
        grants: [{ scope: 'predict', models: null }],
      }),
    },
  };
}
