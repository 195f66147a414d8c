import type { ModelStatus } from '../inference/model-status.ts';

/** Most tabs for single predictions. */
const MAX_MODELS = 4;

/** Most inputs in the example of a batch. */
const MAX_BATCH = 3;

/** One operation that GraphiQL opens with. */
export interface GraphiQLTab {
  readonly query: string;
  readonly variables: string;
}

const PREDICT = `# One prediction. Press Ctrl+Enter (or ⌘+Enter) to run it.
mutation Predict($input: ModelInput!, $model: String) {
  predict(input: $input, model: $model) {
    prediction
    confidence
    scores(top: 3) {
      label
      score
    }
    model
    version
    cached
    latencyMs
  }
}
`;

const PREDICT_BATCH = `# Many predictions at once; a bad input is an error in its own place.
mutation PredictBatch($inputs: [ModelInput!]!, $model: String) {
  predictBatch(inputs: $inputs, model: $model) {
    results {
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
`;

const OVERVIEW = `# How the server is, and what it serves.
query Overview {
  health {
    status
    modelLoaded
    reasons
  }
  models {
    name
    description
    state
    inputKind
    outputKind
    servingVersion
  }
  metrics {
    totalRequests
    cacheHitRate
    avgLatencyMs
    p95LatencyMs
  }
}
`;

const LIVE_METRICS = `# Metrics every second, until you stop it.
subscription LiveMetrics {
  metrics(intervalMs: 1000) {
    totalRequests
    throughput
    cacheHitRate
    p50LatencyMs
    p95LatencyMs
    inFlight
  }
}
`;

/** Operations that run as they are, with the examples of the models' cards as their variables. */
export function graphiqlTabs(models: readonly ModelStatus[]): GraphiQLTab[] {
  const withExamples = models
    .filter(({ examples }) => examples.length > 0)
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .slice(0, MAX_MODELS);
  const [first] = withExamples;
  const inputs = first?.examples.slice(0, MAX_BATCH).map(({ input }) => input);
  return [
    ...(first
      ? withExamples.map(({ name, examples }) =>
          tab(PREDICT, { input: examples[0]?.input, model: name }),
        )
      : [tab(PREDICT, { input: { text: 'A text' } })]),
    tab(PREDICT_BATCH, { inputs: inputs ?? [{ text: 'A text' }], model: first?.name }),
    tab(OVERVIEW),
    tab(LIVE_METRICS),
  ];
}

function tab(query: string, variables: object = {}): GraphiQLTab {
  // The tabs stand inside of a script element: no example may end it.
  return { query, variables: JSON.stringify(variables, null, 2).replaceAll('<', '\\u003c') };
}
