/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

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
    "\n  query Models {\n    models {\n      name\n      state\n      inputKind\n    }\n  }\n": typeof types.ModelsDocument,
    "\n  mutation Predict($text: String!) {\n    predict(input: { text: $text }) {\n      id\n      prediction\n      confidence\n      scores(top: 3) {\n        label\n        score\n      }\n      cached\n      latencyMs\n    }\n  }\n": typeof types.PredictDocument,
    "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n          confidence\n        }\n        ... on PredictionError {\n          code\n          message\n        }\n      }\n      latencyMs\n    }\n  }\n": typeof types.PredictBatchDocument,
    "\n  subscription Metrics($intervalMs: Int!) {\n    metrics(intervalMs: $intervalMs) {\n      totalRequests\n      throughput\n      cacheHitRate\n      p95LatencyMs\n    }\n  }\n": typeof types.MetricsDocument,
};
const documents: Documents = {
    "\n  query Models {\n    models {\n      name\n      state\n      inputKind\n    }\n  }\n": types.ModelsDocument,
    "\n  mutation Predict($text: String!) {\n    predict(input: { text: $text }) {\n      id\n      prediction\n      confidence\n      scores(top: 3) {\n        label\n        score\n      }\n      cached\n      latencyMs\n    }\n  }\n": types.PredictDocument,
    "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n          confidence\n        }\n        ... on PredictionError {\n          code\n          message\n        }\n      }\n      latencyMs\n    }\n  }\n": types.PredictBatchDocument,
    "\n  subscription Metrics($intervalMs: Int!) {\n    metrics(intervalMs: $intervalMs) {\n      totalRequests\n      throughput\n      cacheHitRate\n      p95LatencyMs\n    }\n  }\n": types.MetricsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Models {\n    models {\n      name\n      state\n      inputKind\n    }\n  }\n"): (typeof documents)["\n  query Models {\n    models {\n      name\n      state\n      inputKind\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Predict($text: String!) {\n    predict(input: { text: $text }) {\n      id\n      prediction\n      confidence\n      scores(top: 3) {\n        label\n        score\n      }\n      cached\n      latencyMs\n    }\n  }\n"): (typeof documents)["\n  mutation Predict($text: String!) {\n    predict(input: { text: $text }) {\n      id\n      prediction\n      confidence\n      scores(top: 3) {\n        label\n        score\n      }\n      cached\n      latencyMs\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n          confidence\n        }\n        ... on PredictionError {\n          code\n          message\n        }\n      }\n      latencyMs\n    }\n  }\n"): (typeof documents)["\n  mutation PredictBatch($inputs: [ModelInput!]!) {\n    predictBatch(inputs: $inputs) {\n      results {\n        __typename\n        ... on Prediction {\n          prediction\n          confidence\n        }\n        ... on PredictionError {\n          code\n          message\n        }\n      }\n      latencyMs\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Metrics($intervalMs: Int!) {\n    metrics(intervalMs: $intervalMs) {\n      totalRequests\n      throughput\n      cacheHitRate\n      p95LatencyMs\n    }\n  }\n"): (typeof documents)["\n  subscription Metrics($intervalMs: Int!) {\n    metrics(intervalMs: $intervalMs) {\n      totalRequests\n      throughput\n      cacheHitRate\n      p95LatencyMs\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;