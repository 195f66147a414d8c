/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation Predict($input: ModelInput!, $model: String, $version: String) {\n    predict(input: $input, model: $model, version: $version) {\n      id\n      prediction\n      confidence\n      scores(top: 1) {\n        label\n        score\n      }\n      model\n      version\n      cached\n      latencyMs\n      timings {\n        encodeMs\n        cacheMs\n        queueMs\n        inferenceMs\n      }\n    }\n  }\n": typeof types.PredictDocument,
    "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      latencyMs\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n        }\n        ... on PredictionError {\n          code\n          message\n          details\n        }\n      }\n    }\n  }\n": typeof types.PredictBatchDocument,
};
const documents: Documents = {
    "\n  mutation Predict($input: ModelInput!, $model: String, $version: String) {\n    predict(input: $input, model: $model, version: $version) {\n      id\n      prediction\n      confidence\n      scores(top: 1) {\n        label\n        score\n      }\n      model\n      version\n      cached\n      latencyMs\n      timings {\n        encodeMs\n        cacheMs\n        queueMs\n        inferenceMs\n      }\n    }\n  }\n": types.PredictDocument,
    "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      latencyMs\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n        }\n        ... on PredictionError {\n          code\n          message\n          details\n        }\n      }\n    }\n  }\n": types.PredictBatchDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Predict($input: ModelInput!, $model: String, $version: String) {\n    predict(input: $input, model: $model, version: $version) {\n      id\n      prediction\n      confidence\n      scores(top: 1) {\n        label\n        score\n      }\n      model\n      version\n      cached\n      latencyMs\n      timings {\n        encodeMs\n        cacheMs\n        queueMs\n        inferenceMs\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PredictDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      latencyMs\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n        }\n        ... on PredictionError {\n          code\n          message\n          details\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PredictBatchDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
