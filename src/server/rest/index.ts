import { comparisonRoute, outcomeRoute } from './comparison.ts';
import { driftRoute, freezeProfileRoute } from './drift.ts';
import { eventsRoute } from './events.ts';
import { healthRoute, livezRoute, readyzRoute } from './health.ts';
import { metricsRoute, prometheusRoute } from './metrics.ts';
import { metricsHistoryRoute } from './metrics-history.ts';
import { loadRoute, reloadRoute, trafficRoute, unloadRoute } from './model-admin.ts';
import { modelRoute, modelsRoute } from './models.ts';
import { batchRoute, predictRoute } from './predict.ts';
import { recentRequestsRoute } from './recent-requests.ts';
import { replicasRoute } from './replicas.ts';
import { usageRoute } from './usage.ts';
import { viewerRoute } from './viewer.ts';
import type { RestRoute } from './route.ts';

/** All REST routes, in the order in which they are documented. */
export function restRoutes(limits: {
  readonly maxBatchInputs: number;
  readonly maxAnswerBytes: number;
}): readonly RestRoute[] {
  return [
    predictRoute,
    batchRoute(limits.maxBatchInputs, limits.maxAnswerBytes),
    modelsRoute,
    modelRoute,
    loadRoute,
    unloadRoute,
    reloadRoute,
    trafficRoute,
    comparisonRoute,
    driftRoute,
    freezeProfileRoute,
    outcomeRoute,
    healthRoute,
    livezRoute,
    readyzRoute,
    metricsRoute,
    prometheusRoute,
    metricsHistoryRoute,
    recentRequestsRoute,
    eventsRoute,
    replicasRoute,
    usageRoute,
    viewerRoute,
    // A route of a narrower body is told apart from the others by its own requestSchema, which
    // is what parses the body that its handle gets.
  ] as readonly RestRoute[];
}
