import { ServiceError } from './errors.ts';
import type { Predictor } from './prediction/predictor.ts';
import type { Comparisons } from './rollout/comparisons.ts';
import type { Services } from './services/services.ts';
import type { Health } from './serving/health.ts';
import type { ModelCatalog } from './serving/model-catalog.ts';
import type { ModelEvents } from './serving/model-events.ts';
import type { ClusterMetrics } from './telemetry/cluster-metrics.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What the services are made of. */
export interface ServiceParts {
  readonly predictor: Predictor;
  readonly catalog: ModelCatalog;
  readonly comparisons: Comparisons;
  readonly modelEvents: ModelEvents;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly cluster: ClusterMetrics;
}

/** The services as the APIs see them: what needs nothing of its caller is not handed the call. */
export function composeServices(parts: ServiceParts): Services {
  const { predictor, catalog, comparisons, modelEvents, health, metrics, cluster } = parts;
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
      list: () => catalog.list(),
      get: (_call, name) => catalog.get(name),
    },
    admin: {
      loadModel: (_call, name, version, force) => catalog.loadModel(name, version, force),
      unloadModel: (_call, name, version) => catalog.unloadModel(name, version),
      reloadModels: (_call, name, force) => catalog.reloadModels(name, force),
      setTraffic: (_call, name, traffic) => catalog.setTraffic(name, traffic),
    },
    comparisons: {
      comparison: (_call, model) => comparisons.comparison(model),
      reportOutcome: (_call, predictionId, actual) =>
        comparisons.reportOutcome(predictionId, actual),
    },
    modelEvents: { subscribe: (_call, listener) => modelEvents.subscribe(listener) },
    health: { report: () => health.report() },
    metrics: {
      snapshot: (_call, model) => metrics.snapshot(checkedModel(model)),
      clusterSnapshot: (_call, model) => cluster.snapshot(checkedModel(model)),
      statistics: (_call, model) => metrics.statistics(checkedModel(model)),
      prometheus: (_call, format) => metrics.prometheus(format),
      subscribe: (_call, { scope, ...options }, listener) => {
        checkedModel(options.model);
        return (scope === 'CLUSTER' ? cluster : metrics).subscribe(options, listener);
      },
    },
  };
}
