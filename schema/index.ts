import type { GraphQLSchema } from 'graphql';
import type { ModelStatus } from '../src/services/model-status.ts';
import { createBuilder } from './builder.ts';
import type { SchemaLimits } from './context.ts';
import { defineComparisons } from './comparison.ts';
import { defineHealth } from './health.ts';
import { defineInputs } from './input.ts';
import { defineMetrics } from './metrics.ts';
import { defineModelAdmin } from './model-admin.ts';
import { defineModelEvents } from './model-events.ts';
import { defineModels } from './model.ts';
import { definePredict } from './predict.ts';
import { definePredictions } from './prediction.ts';
import { validateAtOnce } from './quick-validation.ts';
import { defineScalars } from './scalars.ts';
import { defineTensors } from './tensor.ts';
import { defineTypedModels } from './typed/index.ts';

export type { GraphQLContext, SchemaLimits } from './context.ts';

/**
 * Builds the GraphQL schema.
 *
 * @param served what is served; fields that depend on the models are generated from it
 * @param limits limits of the configuration that the schema checks and documents
 */
export function buildSchema(served: readonly ModelStatus[], limits: SchemaLimits): GraphQLSchema {
  const builder = createBuilder();
  builder.queryType({ description: 'What can be asked.' });
  builder.mutationType({ description: 'What makes predictions, and changes what is served.' });
  builder.subscriptionType({ description: 'What can be watched.' });

  defineScalars(builder);
  const tensors = defineTensors(builder);
  const inputs = defineInputs(builder, tensors);
  const predictions = definePredictions(builder, tensors);
  definePredict(builder, inputs, predictions, limits);
  const models = defineModels(builder, tensors);
  defineModelAdmin(builder, models);
  defineComparisons(builder, models);
  defineModelEvents(builder);
  defineHealth(builder, models);
  defineMetrics(builder);
  defineTypedModels(builder, served, { ...tensors, ...predictions, ...inputs });
  return validateAtOnce(builder.toSchema());
}
