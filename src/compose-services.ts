import { threeDecimals } from './durations.ts';
import { ServiceError } from './errors.ts';
import type { UsageMeter } from './access/usage-meter.ts';
import { withoutUsage } from './access/usage-metrics.ts';
import type { Predictor } from './prediction/predictor.ts';
import type { PredictionCapture } from './prediction/capture/prediction-capture.ts';
import type { DriftMonitor } from './prediction/drift/drift-monitor.ts';
import type { Comparisons } from './rollout/comparisons.ts';
import type { ModelStatus } from './services/model-status.ts';
import { type Principal, SCOPES } from './services/principal.ts';
import type { RecentRequest } from './services/recent-request.ts';
import type { Services } from './services/services.ts';
import type { Health } from './serving/health.ts';
import type { ModelCatalog } from './serving/model-catalog.ts';
import type { ModelEvents } from './serving/model-events.ts';
import type { ClusterMetrics } from './telemetry/cluster-metrics.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { MetricsHistory } from './telemetry/metrics-history.ts';
import type { RecentRequests } from './telemetry/recent-requests.ts';

/** What the services are made of. */
export interface ServiceParts {
  readonly predictor: Predictor;
  readonly catalog: ModelCatalog;
  readonly comparisons: Comparisons;
  readonly drift: DriftMonitor;
  /** @default none */
  readonly capture?: PredictionCapture | undefined;
  readonly modelEvents: ModelEvents;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly cluster: ClusterMetrics;
  readonly usage: UsageMeter;
  readonly history: MetricsHistory;
  readonly recent: RecentRequests;
}

/** Which models count for who asks; `undefined` where all do. */
function countedFor(principal: Principal): ((model: string) => boolean) | undefined {
  if (principal.allowsAll('metrics:read')) return undefined;
  return (model) => principal.allows('metrics:read', model);
}

/** Which requests exist for who asks: those whose models all do; `undefined` where all do. */
function requestsFor(principal: Principal): ((request: RecentRequest) => boolean) | undefined {
  const isCounted = countedFor(principal);
  return isCounted && (({ models }) => models.length > 0 && models.every(isCounted));
}

/** The default model of who may not use all is the first that he may. */
function withDefault(models: readonly ModelStatus[], principal: Principal): readonly ModelStatus[] {
  const usable = models.filter(({ name }) => principal.allows('predict', name));
  const chosen = usable.find(({ isDefault }) => isDefault) ?? usable[0];
  return models.map((model) =>
    model.isDefault === (model === chosen) ? model : { ...model, isDefault: model === chosen },
  );
}

const MODEL_LABEL = /[{,]model="((?:[^"\\]|\\.)*)"/;

/** Leaves out the samples of models that do not exist for who asks. */
function onlyModels(text: string, isCounted: (model: string) => boolean): string {
  return text
    .split('\n')
    .filter((line) => {
      const model = line.startsWith('#') ? undefined : MODEL_LABEL.exec(line)?.[1];
      return model === undefined || isCounted(model);
    })
    .join('\n');
}

/** The services as the APIs see them: what needs nothing of its caller is not handed the call. */
export function composeServices(parts: ServiceParts): Services {
  const { predictor, catalog, comparisons, drift, modelEvents, health, metrics, cluster } = parts;
  const { usage, history, recent, capture } = parts;
  const checkedModel = (model: string | undefined): string | undefined => {
    if (model === undefined || catalog.get(model)) return model;
    const names = catalog.list().map(({ name }) => `"${name}"`);
    throw new ServiceError(
      'MODEL_NOT_FOUND',
      `There is no model "${model}"; served: ${names.join(', ') || 'none'}.`,
    );
  };
  return {
    predictions: predictor,
    models: {
      list: ({ principal }) => {
        const models = catalog.list();
        if (principal.allowsAll('models:read')) return models;
        const allowed = models.filter(({ name }) => principal.allows('models:read', name));
        return withDefault(allowed, principal);
      },
      get: (_call, name) => catalog.get(name),
    },
    admin: {
      loadModel: (_call, name, version, force) => catalog.loadModel(name, version, force),
      unloadModel: (_call, name, version) => catalog.unloadModel(name, version),
      reloadModels: (_call, name, force) => catalog.reloadModels(name, force),
      setTraffic: (_call, name, traffic) => catalog.setTraffic(name, traffic),
    },
    comparisons: {
      comparison: (_call, model) => {
        const comparison = comparisons.comparison(model);
        return {
          ...comparison,
          versions: comparison.versions.map((version) => ({
            ...version,
            metrics: metrics.versionSnapshot(model, version.version),
          })),
        };
      },
      reportOutcome: ({ principal }, predictionId, actual) => {
        const report = comparisons.reportOutcome(principal, predictionId, actual);
        capture?.reported(report, actual);
        return report;
      },
    },
    modelEvents: {
      list: ({ principal }, model, limit) => {
        const wanted = checkedModel(model);
        return modelEvents
          .recent()
          .filter((event) => wanted === undefined || event.model === wanted)
          .filter((event) => principal.allows('models:read', event.model))
          .slice(0, limit);
      },
      subscribe: ({ principal }, listener) =>
        modelEvents.subscribe((event) => {
          if (principal.allows('models:read', event.model)) listener(event);
        }),
    },
    health: {
      report: ({ principal }) =>
        principal.allowsAll('models:read')
          ? health.report()
          : health.report((model) => principal.sees(model)),
    },
    drift: {
      report: (_call, model, version, window, against) =>
        drift.report(model, version, window, against),
      subscribe: ({ principal }, model, listener) =>
        drift.subscribe(model, (report) => {
          if (principal.allows('metrics:read', report.model)) listener(report);
        }),
      freeze: (_call, model, version) => drift.freeze(model, version),
    },
    usage: {
      list: () =>
        usage.list().map((used) => ({ ...used, computeMs: threeDecimals(used.computeMs) })),
    },
    replicas: { list: ({ principal }) => cluster.replicas(countedFor(principal)) },
    recentRequests: {
      list: ({ principal }, query) => {
        const told = recent.list(
          { ...query, model: checkedModel(query.model) },
          requestsFor(principal),
        );
        if (principal.allows('access:admin')) return told;
        return told.map((request) => ({ ...request, caller: null }));
      },
    },
    viewer: {
      describe: ({ principal }) => ({
        id: principal.id,
        name: principal.name,
        grants: SCOPES.filter((scope) => principal.allows(scope)).map((scope) => ({
          scope,
          models: principal.allowsAll(scope)
            ? null
            : catalog
                .list()
                .map(({ name }) => name)
                .filter((name) => principal.allows(scope, name)),
        })),
      }),
    },
    metrics: {
      history: ({ principal }, model) => history.points(checkedModel(model), countedFor(principal)),
      snapshot: ({ principal }, model) =>
        metrics.snapshot(checkedModel(model), countedFor(principal)),
      clusterSnapshot: ({ principal }, model) =>
        cluster.snapshot(checkedModel(model), countedFor(principal)),
      statistics: ({ principal }, model) => {
        const isCounted = countedFor(principal);
        const all = metrics.statistics(checkedModel(model));
        return isCounted ? all.filter((counted) => isCounted(counted.model)) : all;
      },
      prometheus: async ({ principal }, format) => {
        const text = await metrics.prometheus(format);
        const isCounted = countedFor(principal);
        const body = isCounted ? onlyModels(text.body, isCounted) : text.body;
        return { ...text, body: principal.allows('access:admin') ? body : withoutUsage(body) };
      },
      subscribe: ({ principal }, { scope, ...options }, listener) => {
        checkedModel(options.model);
        const isCounted = options.model === undefined ? countedFor(principal) : undefined;
        const source = scope === 'CLUSTER' ? cluster : metrics;
        if (!isCounted) return source.subscribe(options, listener);
        // The timer is shared by all; what it tells is not for everybody.
        return source.subscribe(options, () => {
          void Promise.resolve(source.snapshot(undefined, isCounted)).then(listener);
        });
      },
    },
  };
}
