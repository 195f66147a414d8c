import type { Drift, MetricsAnswer, ModelInput, Overview, Prediction } from './types.ts';

/** A GraphQL operation that knows the types of its variables and of its answer. */
export interface Operation<Result, Variables> {
  readonly text: string;
  /** Never set: carries the types only. */
  readonly types?: (variables: Variables) => Result;
}

/** What is served, and how it is. */
export const OVERVIEW: Operation<Overview, Record<string, never>> = {
  text: `query Overview {
  health {
    status
    ready
    reasons
    serverVersion
    models {
      name
      description
      isDefault
      state
      reason
      servingVersion
      versionLabels
      traffic { version percent }
      shadow { version percent }
      inputKind
      outputKind
      labels
      columns { name type description required values }
      unit
      versions {
        version
        state
        reason
        engine
        backend
        loadMs
        workers
        warmed
        batching { enabled reason verified }
        signature {
          inputs { name datatype shape }
          outputs { name datatype shape }
        }
      }
      examples { input prediction }
    }
  }
}`,
};

/** Variables of {@link PREDICT}. */
export interface PredictVariables {
  readonly input: ModelInput;
  readonly model: string;
  readonly options?: { readonly cache: 'USE' | 'REFRESH' | 'BYPASS' };
  /** Whether the raw output tensors are wanted. */
  readonly raw: boolean;
}

/** One prediction. */
export const PREDICT: Operation<{ readonly predict: Prediction }, PredictVariables> = {
  text: `mutation Predict($input: ModelInput!, $model: String, $options: PredictOptions, $raw: Boolean!) {
  predict(input: $input, model: $model, options: $options) {
    id
    prediction
    confidence
    scores(top: 5) { label score }
    outputs @include(if: $raw) { name datatype shape data }
    modelName
    version
    cached
    latencyMs
    timings { encodeMs cacheMs queueMs inferenceMs }
  }
}`,
};

/** The counters, once a second. */
export const METRICS: Operation<
  { readonly metrics: MetricsAnswer },
  { readonly model: string | null }
> = {
  text: `subscription Metrics($model: String) {
  metrics(model: $model, intervalMs: 1000) {
    timestamp
    totalRequests
    failedRequests
    cacheHits
    cacheMisses
    cacheHitRate
    p50LatencyMs
    p95LatencyMs
    p99LatencyMs
    throughput
    inFlight
    queuedRows
    batches
    avgBatchSize
    batchSizes { upTo count }
  }
}`,
};

/** How a model does beside its reference. */
export const DRIFT: Operation<{ drift: Drift }, { model: string }> = {
  text: `query Drift($model: String!) {
  drift(model: $model) {
    state
    reason
    predictions
    columns
    features {
      name
      source
      state
      values
      severity
      worst { statistic value threshold }
      histogram { label from to reference current }
    }
  }
}`,
};

/** Changes of the state of drift. */
export const DRIFT_ALERTS: Operation<
  { driftAlerts: { state: Drift['state'] } },
  { model: string }
> = {
  text: `subscription DriftAlerts($model: String!) {
  driftAlerts(model: $model) { state }
}`,
};
