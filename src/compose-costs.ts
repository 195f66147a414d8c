import { CostSync } from './access/cost/cost-sync.ts';
import { ModelCosts } from './access/cost/model-costs.ts';
import type { Config } from './config.ts';
import { RedisCostStore } from './redis/cost-store.ts';
import { createRedisLink } from './redis/create-redis-link.ts';
import type { ModelCatalog } from './serving/model-catalog.ts';
import type { Gauge } from './telemetry/exposition.ts';

/** What is known of the costs of models, and shared with other replicas. */
export interface Costs {
  readonly models: ModelCosts;
  readonly gauge: Gauge;
  /** Reads what other replicas have measured. */
  start(): Promise<void>;
  close(): void;
}

/**
 * Measures what rows of the models cost.
 *
 * @returns `undefined` with `QUERY_COST=off`
 */
export function composeCosts(config: Config, catalog: () => ModelCatalog): Costs | undefined {
  if (config.queryCost === 'off') return undefined;
  const models = new ModelCosts({
    statedMs: (model) => catalog().find(model)?.folder.manifest?.cost.msPerRow,
    onChange: (model, weight) => sync?.publish(model, weight),
  });
  const sync: CostSync | undefined =
    config.redisUrl === undefined
      ? undefined
      : new CostSync({
          costs: models,
          store: new RedisCostStore({
            link: createRedisLink(config, 'costs', (state) => {
              if (state === 'up') void sync?.look();
            }),
            keyPrefix: config.redisKeyPrefix,
          }),
          isServed: (model) => catalog().find(model) !== undefined,
        });
  return {
    models,
    gauge: {
      name: 'ml_inference_row_cost_seconds',
      help: 'Cost of a row of a model in seconds of compute, as QUERY_COST counts it: a power of two of microseconds.',
      read: () =>
        catalog()
          .list()
          .map(({ name }) => ({ labels: { model: name }, value: models.weight(name) / 1e6 })),
    },
    start: async () => sync?.start(),
    close: () => sync?.close(),
  };
}
