/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of each line, with `{{label}}`. */
  readonly legend: string;
}

/** One chart. */
export interface Panel {
  readonly title: string;
  /** What it answers. */
  readonly about: string;
  /** Unit by Grafana's name. */
  readonly unit: 'reqps' | 's' | 'percentunit' | 'short' | 'bytes' | 'ops';
  readonly queries: readonly Query[];
  /** Whether its points lead to traces. @default false */
  readonly exemplars?: boolean;
}

/** One dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly panels: readonly Panel[];
}

const one = (expr: string, legend: string): readonly Query[] => [{ expr, legend }];

/** The 50th, 95th and 99th percentile of a histogram, by `labels`. */
const percentiles = (histogram: string, labels: string, legend: string): readonly Query[] =>
  ([0.5, 0.95, 0.99] as const).map((q) => ({
    expr: `histogram_quantile(${q}, sum by (le${labels}) (rate(${histogram}[1m])))`,
    legend: `p${q * 100}${legend}`,
  }));

const SUCCESS = 'ml_inference_request_duration_seconds_bucket{outcome="success"}';

const OVERVIEW: Dashboard = {
  uid: 'ml-inference-overview',
  title: 'ML Inference API / Overview',
  about: 'Is the service well, and is there room?',
  panels: [
    {
      title: 'Predictions',
      about: 'Predictions that ended, each second.',
      unit: 'reqps',
      queries: one('sum by (outcome) (rate(ml_inference_requests_total[1m]))', '{{outcome}}'),
    },
    {
      title: 'Latency',
      about: 'Time from a request for a prediction to its answer.',
      unit: 's',
      queries: percentiles(SUCCESS, '', ''),
      exemplars: true,
    },
    {
      title: 'Share of errors',
      about: 'Predictions that failed, of all that ended.',
      unit: 'percentunit',
      queries: one(
        'sum(rate(ml_inference_requests_total{outcome="error"}[1m])) / clamp_min(sum(rate(ml_inference_requests_total[1m])), 1e-9)',
        'errors',
      ),
    },
    {
      title: 'Errors by code',
      about: 'Predictions that failed, each second, by the code that the caller was told.',
      unit: 'reqps',
      queries: one('sum by (code) (rate(ml_inference_errors_total[1m])) or vector(0)', '{{code}}'),
    },
    {
      title: 'In flight and queued',
      about: 'Predictions being worked on, and rows that wait for a worker.',
      unit: 'short',
      queries: [
        { expr: 'sum(ml_inference_in_flight)', legend: 'in flight' },
        { expr: 'sum(ml_inference_queue_rows)', legend: 'queued rows' },
      ],
    },
    {
      title: 'Cache hit rate',
      about: 'Answers found, of all look-ups, in each tier.',
      unit: 'percentunit',
      queries: one(
        'sum by (tier) (rate(ml_inference_cache_lookups_total{result="hit"}[1m])) / clamp_min(sum by (tier) (rate(ml_inference_cache_lookups_total[1m])), 1e-9)',
        '{{tier}}',
      ),
    },
    {
      title: 'Models ready',
      about: 'Versions that answer, and those that do not.',
      unit: 'short',
      queries: [
        { expr: 'sum(ml_inference_model_ready)', legend: 'ready' },
        { expr: 'count(ml_inference_model_ready == 0) or vector(0)', legend: 'not ready' },
      ],
    },
    {
      title: 'Processor time',
      about: 'Processor cores in use, the workers included.',
      unit: 'short',
      queries: one('sum by (instance) (rate(process_cpu_seconds_total[1m]))', '{{instance}}'),
    },
    {
      title: 'Memory',
      about: 'Memory of the process.',
      unit: 'bytes',
      queries: one('sum by (instance) (process_resident_memory_bytes)', '{{instance}}'),
    },
    {
      title: 'Event loop',
      about: 'How late the main thread is: what every request waits for.',
      unit: 's',
      queries: one('max by (instance) (nodejs_eventloop_lag_p99_seconds)', 'p99 {{instance}}'),
    },
    {
      title: 'Redis',
      about: 'Whether Redis is used (1), or is down or not configured (0).',
      unit: 'short',
      queries: one('max by (instance) (ml_inference_redis_up)', '{{instance}}'),
    },
    {
      title: 'Worker losses and dropped spans',
      about: 'Workers that died, and spans that the collector did not take, each second.',
      unit: 'ops',
      queries: [
        { expr: 'sum(rate(ml_inference_worker_losses_total[1m]))', legend: 'workers lost' },
        { expr: 'sum(rate(ml_inference_spans_dropped_total[1m]))', legend: 'spans dropped' },
      ],
    },
  ],
};

const MODEL: Dashboard = {
  uid: 'ml-inference-model',
  title: 'ML Inference API / Models',
  about: 'Where the time of each model goes: queue, batches, engine, cache.',
  panels: [
    {
      title: 'Predictions by version',
      about: 'Predictions that ended, each second.',
      unit: 'reqps',
      queries: one(
        'sum by (model, version) (rate(ml_inference_requests_total[1m]))',
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Latency, 95th percentile',
      about: 'Time from a request for a prediction to its answer.',
      unit: 's',
      queries: one(
        `histogram_quantile(0.95, sum by (le, model) (rate(${SUCCESS}[1m])))`,
        '{{model}}',
      ),
      exemplars: true,
    },
    {
      title: 'Errors by model',
      about: 'Predictions that failed, each second.',
      unit: 'reqps',
      queries: one(
        'sum by (model) (rate(ml_inference_requests_total{outcome="error"}[1m]))',
        '{{model}}',
      ),
    },
    {
      title: 'Wait for a worker',
      about: 'Time that a row waited in the queue.',
      unit: 's',
      queries: percentiles('ml_inference_queue_wait_seconds_bucket', '', ''),
    },
    {
      title: 'Compute',
      about: 'Time that a worker took for a batch.',
      unit: 's',
      queries: percentiles('ml_inference_batch_duration_seconds_bucket', '', ''),
    },
    {
      title: 'Mean batch size',
      about: 'Rows in a batch that a worker ran.',
      unit: 'short',
      queries: one(
        'sum by (model) (rate(ml_inference_batch_size_sum[1m])) / clamp_min(sum by (model) (rate(ml_inference_batch_size_count[1m])), 1e-9)',
        '{{model}}',
      ),
    },
    {
      title: 'Why batches were released',
      about: 'Batches dispatched, each second, by reason.',
      unit: 'ops',
      queries: one('sum by (reason) (rate(ml_inference_batch_releases_total[1m]))', '{{reason}}'),
    },
    {
      title: 'Queued rows',
      about: 'Rows that wait for a worker.',
      unit: 'short',
      queries: one('sum by (model) (ml_inference_queue_rows)', '{{model}}'),
    },
    {
      title: 'Cache look-ups',
      about: 'Look-ups in each tier, each second, by result.',
      unit: 'ops',
      queries: one(
        'sum by (tier, result) (rate(ml_inference_cache_lookups_total[1m]))',
        '{{tier}} {{result}}',
      ),
    },
    {
      title: 'Cache in memory',
      about: 'Bytes held, and the limit.',
      unit: 'bytes',
      queries: [
        { expr: 'sum(ml_inference_cache_bytes)', legend: 'held' },
        { expr: 'sum(ml_inference_cache_max_bytes)', legend: 'limit' },
      ],
    },
    {
      title: 'Cold starts',
      about: 'Time that the last load of a version took, its warm-up included.',
      unit: 's',
      queries: one(
        'max by (model, version) (ml_inference_model_load_seconds)',
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Workers',
      about: 'Live workers of a version.',
      unit: 'short',
      queries: one('sum by (model, version) (ml_inference_workers)', '{{model}} {{version}}'),
    },
  ],
};

const TRAFFIC: Dashboard = {
  uid: 'ml-inference-traffic',
  title: 'ML Inference API / Traffic and canary',
  about: 'The versions of a model beside each other.',
  panels: [
    {
      title: 'Share of the traffic',
      about: 'What each version is meant to get of the requests that name none.',
      unit: 'percentunit',
      queries: one(
        'max by (model, version) (ml_inference_traffic_share_ratio)',
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Predictions by version',
      about: 'What each version really gets, each second.',
      unit: 'reqps',
      queries: one(
        'sum by (model, version) (rate(ml_inference_requests_total[1m]))',
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Share of errors by version',
      about: 'Predictions that failed, of all that ended.',
      unit: 'percentunit',
      queries: one(
        'sum by (model, version) (rate(ml_inference_requests_total{outcome="error"}[1m])) / clamp_min(sum by (model, version) (rate(ml_inference_requests_total[1m])), 1e-9)',
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Latency by version, 95th percentile',
      about: 'Time from a request for a prediction to its answer.',
      unit: 's',
      queries: one(
        `histogram_quantile(0.95, sum by (le, model, version) (rate(${SUCCESS}[1m])))`,
        '{{model}} {{version}}',
      ),
    },
    {
      title: 'Shadow comparisons',
      about: 'Answers of shadows, each second, by whether they agree with what was sent.',
      unit: 'ops',
      queries: one(
        'sum by (model, version, result) (rate(ml_inference_shadow_comparisons_total[1m]))',
        '{{model}} {{version}} {{result}}',
      ),
    },
    {
      title: 'Reported outcomes',
      about: 'Outcomes, each second, by whether the prediction was right.',
      unit: 'ops',
      queries: one(
        'sum by (model, version, result) (rate(ml_inference_outcomes_total[1m]))',
        '{{model}} {{version}} {{result}}',
      ),
    },
  ],
};

const REFUSED = 'code!~"OK|ABORTED"';

const ACCESS: Dashboard = {
  uid: 'ml-inference-access',
  title: 'ML Inference API / Access',
  about: 'Who is let in, who is refused, and why.',
  panels: [
    {
      title: 'Calls by API',
      about: 'Calls that ended, each second, those refused at the door too.',
      unit: 'reqps',
      queries: one(
        'sum by (transport, api) (rate(ml_inference_calls_total[1m]))',
        '{{transport}} {{api}}',
      ),
    },
    {
      title: 'Refused and failed calls by code',
      about: 'Calls, each second, by the first error that the caller was told.',
      unit: 'reqps',
      queries: one(
        `sum by (code) (rate(ml_inference_calls_total{${REFUSED}}[1m])) or vector(0)`,
        '{{code}}',
      ),
    },
    {
      title: 'Share of refused and failed calls',
      about: 'Of all calls, by API.',
      unit: 'percentunit',
      queries: one(
        `(sum by (api) (rate(ml_inference_calls_total{${REFUSED}}[1m])) or 0 * sum by (api) (rate(ml_inference_calls_total[1m]))) / clamp_min(sum by (api) (rate(ml_inference_calls_total[1m])), 1e-9)`,
        '{{api}}',
      ),
    },
    {
      title: 'Not let in',
      about: 'Calls without credentials, with wrong ones, without the permission, or over a quota.',
      unit: 'reqps',
      queries: one(
        'sum by (code) (rate(ml_inference_calls_total{code=~"UNAUTHENTICATED|FORBIDDEN|RATE_LIMITED"}[1m])) or vector(0)',
        '{{code}}',
      ),
    },
    {
      title: 'Callers that left',
      about: 'Calls, each second, whose caller did not wait for the answer.',
      unit: 'reqps',
      queries: one('sum(rate(ml_inference_calls_total{code="ABORTED"}[1m])) or vector(0)', 'left'),
    },
    {
      title: 'Executor fall-backs',
      about: 'GraphQL operations, each second, that could not be compiled.',
      unit: 'ops',
      queries: one('sum(rate(ml_inference_graphql_fallbacks_total[1m]))', 'fall-backs'),
    },
  ],
};

/** All dashboards. */
export const DASHBOARDS: readonly Dashboard[] = [OVERVIEW, MODEL, TRAFFIC, ACCESS];
