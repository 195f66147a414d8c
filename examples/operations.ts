import { graphql } from './generated/gql.ts';

/** What is served. */
export const ModelsQuery = graphql(`
  query Models {
    models {
      name
      state
      inputKind
    }
  }
`);

/** One prediction of a text. */
export const PredictMutation = graphql(`
  mutation Predict($text: String!) {
    predict(input: { text: $text }) {
      id
      prediction
      confidence
      scores(top: 3) {
        label
        score
      }
      cached
      latencyMs
    }
  }
`);

/** Many predictions at once. A bad input is an error in its own place. */
export const PredictBatchMutation = graphql(`
  mutation PredictBatch($inputs: [ModelInput!]!) {
    predictBatch(inputs: $inputs) {
      results {
        __typename
        ... on Prediction {
          prediction
          confidence
        }
        ... on PredictionError {
          code
          message
        }
      }
      latencyMs
    }
  }
`);

/** The counters of the server, now and then again and again. */
export const MetricsSubscription = graphql(`
  subscription Metrics($intervalMs: Int!) {
    metrics(intervalMs: $intervalMs) {
      totalRequests
      throughput
      cacheHitRate
      p95LatencyMs
    }
  }
`);
