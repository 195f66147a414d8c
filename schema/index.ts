import type { GraphQLSchema } from 'graphql';
import type { ModelStatus } from '../src/services/model-status.ts';
import { createBuilder } from './builder.ts';
import type { SchemaLimits } from './context.ts';
import { defineComparisons } from './comparison.ts';
import { defineDrift } from './drift.ts';
import { DIRECTIVES } from './directives.ts';
import { defineErrors } from './error.ts';
import { defineEntities } from './federation/entities.ts';
import { defineService } from './federation/service.ts';
import { defineHealth } from './health.ts';
import { defineInputs } from './input.ts';
import { defineMetrics } from './metrics.ts';
import { defineMetricsHistory } from './metrics-history.ts';
import { defineModelAdmin } from './model-admin.ts';
import { defineModelEvents } from './model-events.ts';
import { defineModels } from './model.ts';
import { definePredict } from './predict.ts';
import { definePredictions } from './prediction.ts';
import { defineRecentRequests } from './recent-requests.ts';
import { defineReplicas } from './replicas.ts';
import { defineScalars } from './scalars.ts';
import { defineTensors } from './tensor.ts';
import { defineUsage } from './usage.ts';
import { defineViewer } from './viewer.ts';
import { defineTypedModels } from './typed/index.ts';

export type { GraphQLContext, SchemaLimits } from './context.ts';

/**
 * Builds the GraphQL schema.
 *
 * @param served what is served; fields that depend on the models are generated from it
 * @param limits limits of the configuration that the schema checks and documents
 * @param visible names of the models to show, where not all are
 */
export function buildSchema(
  served: readonly ModelStatus[],
  limits: SchemaLimits,
  visible?: ReadonlySet<string>,
): GraphQLSchema {
  const builder = createBuilder();
  builder.queryType({
    description: 'Typed predictions of each model, and the state of the server.',
  });
  builder.mutationType({
    description: 'Predictions with any model by name, and administration of models.',
  });
  builder.subscriptionType({ description: 'Live updates.' });

  defineScalars(builder);
  const tensors = defineTensors(builder);
  const inputs = defineInputs(builder, tensors);
  const errors = defineErrors(builder);
  const models = defineModels(builder, tensors, visible?.size ?? served.length);
  const predictions = definePredictions(builder, { ...tensors, ...errors, ...models });
  definePredict(builder, inputs, predictions, limits);
  defineModelAdmin(builder, models);
  const metrics = defineMetrics(builder, errors);
  defineMetricsHistory(builder);
  defineComparisons(builder, { ...models, ...metrics });
  defineDrift(builder);
  defineModelEvents(builder);
  const health = defineHealth(builder, models);
  defineReplicas(builder, { ...health, ...models });
  defineRecentRequests(builder);
  defineViewer(builder);
  defineUsage(builder);
  const typed = defineTypedModels(
    builder,
    served,
    { ...tensors, ...predictions, ...inputs, ...models },
    (name) => visible?.has(name) ?? true,
  );
  defineEntities(builder, typed, limits);
  defineService(
    builder,
    served.map(({ name }) => name),
    (names) => buildSchema(served, limits, names),
    limits.costs,
  );
  return builder.toSchema({ directives: DIRECTIVES });
}
