import { z } from 'zod';

/**
 * Every setting of the server, read once from the environment. The table in docs/configuration.md
 * and in the README is generated from here (`npm run docs`).
 */

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
};

/** A size in bytes, written plainly (`1048576`) or with a unit (`1MB`). */
const bytes = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?B)?$/i.exec(text.trim());
  const factor = UNITS[(match?.[2] ?? '').toUpperCase()];
  if (!match || factor === undefined) {
    context.addIssue({ code: 'custom', message: 'expected a size such as 1048576, 512KB or 64MB' });
    return z.NEVER;
  }
  return Math.round(Number(match[1]) * factor);
});

const integer = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d+$/, { error: expected, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, expected);
};

const flag = z.stringbool({ error: 'expected true or false' });

/** An address without credentials of its own: what would be shown in logs. */
const endpointUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/, 'expected an address such as https://host:9000');

const REDIS_URL_FORM =
  /^rediss?(:\/\/([^@/\s]*@)?[^,/@?#\s]+(\/\d*)?|\+sentinel:\/\/([^@/\s]*@)?[^/@?#\s]+\/[^/?#\s]+(\/\d*)?|\+cluster:\/\/([^@/\s]*@)?[^/@?#\s]+\/?)$/;
const REDIS_URL_EXAMPLES =
  'redis://host:6379, redis+sentinel://host:26379,host:26379/master or ' +
  'redis+cluster://host:6379,host:6379 (rediss for TLS)';

const issuerUrl = z.url({
  protocol: /^https?$/,
  error: 'expected a URL such as https://id.example',
});

const JWT_ALGORITHMS_FORM =
  /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)(?:,(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519))*$/;

const RATE_FORM = /^[1-9]\d{0,11}(?:ms)?\/(?:second|minute|hour|day)$/;

interface SettingDefinition<T> {
  /** Environment variable. */
  readonly env: string;
  readonly schema: z.ZodType<T, string>;
  /** Raw text used when the variable is unset or empty; `null` leaves the setting undefined. */
  readonly fallback: string | null;
  readonly about: string;
}

function setting<T>(
  env: string,
  schema: z.ZodType<T, string>,
  fallback: string,
  about: string,
): SettingDefinition<T> & { fallback: string } {
  return { env, schema, fallback, about };
}

function optional<T>(
  env: string,
  schema: z.ZodType<T, string>,
  about: string,
): SettingDefinition<T | undefined> {
  return { env, schema: schema, fallback: null, about };
}

/** A share from 0 to 1. */
const share = z
  .string()
  .transform(Number)
  .refine((value) => value >= 0 && value <= 1, 'expected a number from 0 to 1');

/** Where spans are sent. */
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected a URL such as http://host:4318' });

/** Samplers of traces, by the names of the OpenTelemetry specification. */
export const TRACE_SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The registry of settings: key in {@link Config} → how it is read and documented. */
export const SETTINGS = {
  host: setting('HOST', z.string(), '0.0.0.0', 'Address to listen on.'),
  port: setting('PORT', integer(0, 65_535), '8000', 'Port to listen on; 0 picks a free one.'),
  grpcPort: optional(
    'GRPC_PORT',
    integer(0, 65_535),
    'Port of the Open Inference Protocol over gRPC; unset serves none, 0 picks a free one.',
  ),
  modelsDir: setting('MODELS_DIR', z.string(), 'models', 'Folder with the models to serve.'),
  modelName: optional(
    'MODEL_NAME',
    z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
        'letters, digits, ".", "_" and "-", at most 128',
      ),
    'Serves MODELS_DIR itself as a single model with this name, instead of one model per subfolder.',
  ),
  modelsUrl: optional(
    'MODELS_URL',
    z.string(),
    'Comma-separated sources to fetch models from, instead of MODELS_DIR: s3://bucket/prefix, gs://bucket/prefix, hf://owner/name@revision, mlflow:name@alias, https://host/models.tar.gz or a path. Prefix a source with NAME= if it is a single model.',
  ),
  modelsUrlPollMs: setting(
    'MODELS_URL_POLL_MS',
    integer(0, 86_400_000),
    '60000',
    'Interval at which MODELS_URL is checked for changes, in milliseconds; 0 checks only at startup.',
  ),
  modelsUrlTimeoutMs: setting(
    'MODELS_URL_TIMEOUT_MS',
    integer(10, 3_600_000),
    '30000',
    'Time without data after which a request to MODELS_URL is retried, in milliseconds.',
  ),
  modelsMaxBytes: setting(
    'MODELS_MAX_BYTES',
    bytes,
    '20GB',
    'Maximum disk space for fetched models, including copies that are being replaced.',
  ),
  stateDir: setting(
    'STATE_DIR',
    z.string(),
    'state',
    'Folder that the server writes to, for example fetched models. Do not share it between replicas.',
  ),
  awsEndpointUrl: optional(
    'AWS_ENDPOINT_URL',
    endpointUrl,
    'Endpoint for s3:// other than AWS, such as MinIO, R2 or Ceph; uses path-style bucket addresses.',
  ),
  awsRegion: setting('AWS_REGION', z.string(), 'us-east-1', 'Region of s3:// buckets.'),
  awsAccessKeyId: optional(
    'AWS_ACCESS_KEY_ID',
    z.string(),
    'Access key for s3:// buckets; not needed for public buckets.',
  ),
  awsSecretAccessKey: optional(
    'AWS_SECRET_ACCESS_KEY',
    z.string(),
    'Secret key for AWS_ACCESS_KEY_ID.',
  ),
  awsSessionToken: optional(
    'AWS_SESSION_TOKEN',
    z.string(),
    'Session token, for temporary credentials.',
  ),
  gsEndpointUrl: setting(
    'GS_ENDPOINT_URL',
    endpointUrl,
    'https://storage.googleapis.com',
    'Endpoint for gs:// buckets.',
  ),
  gsAccessKeyId: optional('GS_ACCESS_KEY_ID', z.string(), 'HMAC access key for gs:// buckets.'),
  gsSecretAccessKey: optional(
    'GS_SECRET_ACCESS_KEY',
    z.string(),
    'HMAC secret for GS_ACCESS_KEY_ID.',
  ),
  hfEndpoint: setting(
    'HF_ENDPOINT',
    endpointUrl,
    'https://huggingface.co',
    'Hugging Face Hub, or a mirror of it, for hf:// sources.',
  ),
  hfTokenFile: optional(
    'HF_TOKEN_FILE',
    z.string(),
    'File with the Hub token, re-read at every check.',
  ),
  hfToken: optional('HF_TOKEN', z.string(), 'Hub token, if HF_TOKEN_FILE is not set.'),
  mlflowTrackingUri: optional(
    'MLFLOW_TRACKING_URI',
    endpointUrl,
    'MLflow server for mlflow: sources.',
  ),
  mlflowTrackingToken: optional(
    'MLFLOW_TRACKING_TOKEN',
    z.string(),
    'Bearer token for the MLflow server.',
  ),
  mlflowTrackingUsername: optional(
    'MLFLOW_TRACKING_USERNAME',
    z.string(),
    'User name for the MLflow server, if it does not use a token.',
  ),
  mlflowTrackingPassword: optional(
    'MLFLOW_TRACKING_PASSWORD',
    z.string(),
    'Password for MLFLOW_TRACKING_USERNAME.',
  ),
  watchModels: setting(
    'WATCH_MODELS',
    flag,
    'true',
    'Whether to apply changes in the models folder without a restart.',
  ),
  modelsPollMs: setting(
    'MODELS_POLL_MS',
    integer(100, 3_600_000),
    '5000',
    'Polling interval for file systems that do not report changes, in milliseconds.',
  ),
  modelsQuietMs: setting(
    'MODELS_QUIET_MS',
    integer(0, 600_000),
    '1000',
    'Time that files must remain unchanged before they are loaded, in milliseconds.',
  ),
  defaultModel: optional(
    'DEFAULT_MODEL',
    z.string(),
    'Model for requests that do not name one. Defaults to the first in alphabetical order.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'Minimum level of log messages.',
  ),
  logFormat: setting(
    'LOG_FORMAT',
    z.enum(['auto', 'json', 'pretty']),
    'auto',
    'Log format: one JSON object per line, or human-readable; `auto` is human-readable on a terminal.',
  ),
  logInputs: setting(
    'LOG_INPUTS',
    flag,
    'false',
    'Whether inputs may appear in logs; they may contain personal data.',
  ),
  tfjsBackend: setting(
    'TFJS_BACKEND',
    z.enum(['auto', 'native', 'wasm']),
    'auto',
    'Backend of the tfjs engine: `auto` uses native TensorFlow if installed, otherwise WebAssembly.',
  ),
  workersPerModel: setting(
    'WORKERS_PER_MODEL',
    integer(1, 64),
    '1',
    'Workers per model version, unless model.yaml sets them.',
  ),
  maxBodyBytes: setting('MAX_BODY_BYTES', bytes, '10MB', 'Maximum size of a request body.'),
  maxJsonDepth: setting(
    'MAX_JSON_DEPTH',
    integer(1, 1_000),
    '64',
    'Maximum nesting of objects and arrays in a JSON body.',
  ),
  maxJsonKeys: setting(
    'MAX_JSON_KEYS',
    integer(10, 1_000_000),
    '10000',
    'Maximum number of different object keys in a JSON body.',
  ),
  maxJsonObjects: setting(
    'MAX_JSON_OBJECTS',
    integer(10, 100_000_000),
    '250000',
    'Maximum number of objects and arrays in a JSON body.',
  ),
  maxJsonValues: setting(
    'MAX_JSON_VALUES',
    integer(10, 100_000_000),
    '1000000',
    'Maximum number of values in a JSON body, such as the elements of its tensors.',
  ),
  maxBodies: setting(
    'MAX_BODIES',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of request bodies being received at once; beyond it, the one that has waited longest is refused.',
  ),
  maxBodiesBytes: setting(
    'MAX_BODIES_BYTES',
    bytes,
    '256MB',
    'Maximum size of all request bodies being received together; beyond it, the largest is refused.',
  ),
  minBodyRate: setting(
    'MIN_BODY_RATE',
    bytes,
    '240',
    'Minimum average rate at which a request body must arrive, in bytes per second; 0 sets none.',
  ),
  bodyGraceMs: setting(
    'BODY_GRACE_MS',
    integer(0, 600_000),
    '5000',
    'Time that a request body may take before MIN_BODY_RATE applies, in milliseconds.',
  ),
  maxBatchInputs: setting(
    'MAX_BATCH_INPUTS',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of inputs in a batch request, or in all fields of a GraphQL operation together.',
  ),
  entityWindowMs: setting(
    'ENTITY_WINDOW_MS',
    integer(0, 1_000),
    '2',
    'Time that federated entities wait for those of other requests to join their batch, in milliseconds.',
  ),
  maxConcurrentRequests: setting(
    'MAX_CONCURRENT_REQUESTS',
    integer(1, 1_000_000),
    '2000',
    'Maximum number of concurrent requests, not counting those whose bodies are being received; beyond it, requests fail with OVERLOADED.',
  ),
  maxQueueRows: setting(
    'MAX_QUEUE_ROWS',
    integer(1, 10_000_000),
    '20000',
    'Maximum number of queued rows per model version; beyond it, requests fail with OVERLOADED.',
  ),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    integer(1, 3_600_000),
    '30000',
    'Default request timeout, in milliseconds.',
  ),
  loadTimeoutMs: setting(
    'LOAD_TIMEOUT_MS',
    integer(1, 3_600_000),
    '120000',
    'Maximum time to load and warm up a model version, in milliseconds.',
  ),
  runTimeoutMs: setting(
    'RUN_TIMEOUT_MS',
    integer(1, 3_600_000),
    '60000',
    'Maximum time for a worker to run one batch before the worker is replaced, in milliseconds.',
  ),
  cacheMaxBytes: setting(
    'CACHE_MAX_BYTES',
    bytes,
    '64MB',
    'Size of the in-memory cache; 0 disables it.',
  ),
  cacheTtlSeconds: setting(
    'CACHE_TTL_SECONDS',
    integer(0, 31_536_000),
    '3600',
    'Lifetime of cached predictions, unless model.yaml sets it; 0 keeps them until evicted.',
  ),
  redisUrl: optional(
    'REDIS_URL',
    z.string().regex(REDIS_URL_FORM, `expected ${REDIS_URL_EXAMPLES}`),
    `Redis shared by all replicas: ${REDIS_URL_EXAMPLES}. Without it, each replica has its own in-memory cache.`,
  ),
  redisKeyPrefix: setting(
    'REDIS_KEY_PREFIX',
    z.string(),
    'mlapi:',
    'Prefix of all Redis keys, so that several services can share one Redis.',
  ),
  redisTimeoutMs: setting(
    'REDIS_TIMEOUT_MS',
    integer(1, 60_000),
    '50',
    'Redis command timeout after which Redis is bypassed until it recovers, in milliseconds.',
  ),
  drainDelayMs: setting(
    'DRAIN_DELAY_MS',
    integer(0, 600_000),
    '5000',
    'Time for which a server that is told to stop serves on while it is not ready, so that load balancers learn of it, in milliseconds. Ctrl+C (SIGINT) skips it.',
  ),
  drainQuietMs: setting(
    'DRAIN_QUIET_MS',
    integer(0, 600_000),
    '1000',
    'Time without a request after which a server that stops closes connections that are idle, in milliseconds.',
  ),
  shutdownTimeoutMs: setting(
    'SHUTDOWN_TIMEOUT_MS',
    integer(0, 3_600_000),
    '15000',
    'Maximum duration of a graceful shutdown, in milliseconds.',
  ),
  maxSubscriptions: setting(
    'MAX_SUBSCRIPTIONS',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of open subscriptions.',
  ),
  maxSocketOperations: setting(
    'MAX_SOCKET_OPERATIONS',
    integer(1, 100_000),
    '100',
    'Maximum number of open operations per WebSocket, including subscriptions.',
  ),
  maxSocketMessagesPerSecond: setting(
    'MAX_SOCKET_MESSAGES_PER_SECOND',
    integer(1, 1_000_000),
    '1000',
    'Maximum number of messages per second that are read from one WebSocket; the rest waits.',
  ),
  maxSocketBufferBytes: setting(
    'MAX_SOCKET_BUFFER_BYTES',
    bytes,
    '64MB',
    'Maximum amount of data buffered for a slow client before its WebSocket is closed.',
  ),
  maxDocumentBytes: setting(
    'MAX_DOCUMENT_BYTES',
    bytes,
    '1MB',
    'Maximum size of a GraphQL document, without variables.',
  ),
  maxDocumentTokens: setting(
    'MAX_DOCUMENT_TOKENS',
    integer(100, 10_000_000),
    '50000',
    'Maximum number of tokens in a GraphQL document, without variables.',
  ),
  maxQueryDepth: setting(
    'MAX_QUERY_DEPTH',
    integer(1, 1_000),
    '20',
    'Maximum depth of a GraphQL operation.',
  ),
  maxAliases: setting(
    'MAX_ALIASES',
    integer(0, 1_000_000),
    '1000',
    'Maximum number of aliases in a GraphQL document, counted at every fragment spread.',
  ),
  maxRootFields: setting(
    'MAX_ROOT_FIELDS',
    integer(1, 1_000_000),
    '1000',
    'Maximum number of root fields of a GraphQL operation.',
  ),
  maxDirectives: setting(
    'MAX_DIRECTIVES',
    integer(0, 1_000_000),
    '500',
    'Maximum number of directives in a GraphQL document, counted at every fragment spread.',
  ),
  maxAnswerFields: setting(
    'MAX_ANSWER_FIELDS',
    integer(100, 1_000_000_000),
    '1000000',
    'Maximum number of fields in the response to a GraphQL operation.',
  ),
  maxAnswerBytes: setting(
    'MAX_ANSWER_BYTES',
    bytes,
    '64MB',
    'Maximum size of a response, estimated while it is built.',
  ),
  graphqlExecutor: setting(
    'GRAPHQL_EXECUTOR',
    z.enum(['compiled', 'reference']),
    'compiled',
    'GraphQL executor: compiled operations, or graphql-js, which is slower and does not enforce MAX_ANSWER_FIELDS.',
  ),
  drift: setting('DRIFT', flag, 'true', 'Whether predictions are watched for drift.'),
  driftWindow: setting(
    'DRIFT_WINDOW',
    integer(100, 100_000),
    '500',
    'Number of recent predictions that the drift state is based on; it is evaluated after every fifth of them and every 2 seconds.',
  ),
  driftWebhookUrl: optional(
    'DRIFT_WEBHOOK_URL',
    z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }),
    'URL to post drift alerts to, as JSON.',
  ),
  graphiql: setting(
    'GRAPHIQL',
    flag,
    'true',
    'Whether to serve GraphiQL and the documentation pages.',
  ),
  corsOrigin: optional(
    'CORS_ORIGIN',
    z.string(),
    'Origin that browsers may call from, or * for any. Defaults to same-origin only.',
  ),
  otlpEndpoint: optional(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    httpUrl,
    'OTLP/HTTP collector to send traces to; tracing is off if unset.',
  ),
  otlpTracesEndpoint: optional(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    httpUrl,
    'Full URL for traces, if it is not `/v1/traces` on the collector.',
  ),
  otelSdkDisabled: setting(
    'OTEL_SDK_DISABLED',
    flag,
    'false',
    'Turns tracing off regardless of other settings.',
  ),
  otelTracesExporter: optional(
    'OTEL_TRACES_EXPORTER',
    z.enum(['otlp', 'none']),
    '`otlp` sends traces to localhost:4318 if no collector is set; `none` sends none.',
  ),
  otelServiceName: optional(
    'OTEL_SERVICE_NAME',
    z.string(),
    'Service name in traces. Defaults to `ml-inference-api`.',
  ),
  otelResourceAttributes: optional(
    'OTEL_RESOURCE_ATTRIBUTES',
    z.string(),
    'Resource attributes added to every trace, as `key=value,key=value`.',
  ),
  otelTracesSampler: setting(
    'OTEL_TRACES_SAMPLER',
    z.enum(TRACE_SAMPLERS),
    'parentbased_always_on',
    'Sampler that decides which calls are traced.',
  ),
  otelTracesSamplerArg: setting(
    'OTEL_TRACES_SAMPLER_ARG',
    share,
    '1',
    'Ratio of calls that a ratio-based sampler traces, 0 to 1.',
  ),
  otelMaxQueueSize: setting(
    'OTEL_BSP_MAX_QUEUE_SIZE',
    integer(1, 1_000_000),
    '8192',
    'Maximum number of queued spans; beyond it, spans are dropped and counted.',
  ),
  otelMaxExportBatchSize: setting(
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    integer(1, 100_000),
    '512',
    'Maximum number of spans per export.',
  ),
  otelScheduleDelayMs: setting(
    'OTEL_BSP_SCHEDULE_DELAY',
    integer(0, 3_600_000),
    '1000',
    'Maximum delay before spans are exported, in milliseconds.',
  ),
  auth: setting(
    'AUTH',
    z.enum(['auto', 'required', 'off']),
    'auto',
    'Whether credentials are required: `auto` as soon as a key or an issuer is configured; `required` refuses to start without either; `off` never.',
  ),
  accessFile: optional(
    'ACCESS_FILE',
    z.string(),
    'YAML file of the API keys, as written by `ml-inference-api keys create`; changes apply within a second.',
  ),
  jwtIssuer: optional(
    'JWT_ISSUER',
    issuerUrl,
    'Issuer whose tokens are accepted; its keys are found by OpenID Connect Discovery.',
  ),
  jwtJwksUrl: optional(
    'JWT_JWKS_URL',
    issuerUrl,
    'URL of the JSON Web Key Set of the issuer, instead of discovery.',
  ),
  jwtAudience: optional('JWT_AUDIENCE', z.string(), 'Audience that tokens must name.'),
  jwtAlgorithms: setting(
    'JWT_ALGORITHMS',
    z
      .string()
      .regex(JWT_ALGORITHMS_FORM, 'expected names such as RS256,ES256; never none or HS256'),
    'RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA',
    'Signature algorithms that tokens may use.',
  ),
  jwtClockSkewSeconds: setting(
    'JWT_CLOCK_SKEW_SECONDS',
    integer(0, 600),
    '5',
    'Tolerated clock difference to the issuer, in seconds.',
  ),
  jwtScopesClaim: setting(
    'JWT_SCOPES_CLAIM',
    z.string(),
    'scope',
    'Claim that holds the scopes, separated by spaces or as an array; a path such as `realm_access.roles` selects a nested claim.',
  ),
  jwtModelsClaim: setting(
    'JWT_MODELS_CLAIM',
    z.string(),
    'models',
    'Claim with the names of the models that the token may use, as an array; a token without it may use all models.',
  ),
  trustedProxies: optional(
    'TRUSTED_PROXIES',
    z.string(),
    'Comma-separated addresses and CIDR networks of proxies whose headers `Forwarded`, `X-Forwarded-For` and `X-Real-IP` are trusted.',
  ),
  trustedDocuments: optional(
    'TRUSTED_DOCUMENTS',
    z.string(),
    'File or folder of trusted documents, as the client preset of GraphQL Code Generator writes it (`persisted-documents.json`, SHA-256).',
  ),
  trustedDocumentsMode: setting(
    'TRUSTED_DOCUMENTS_MODE',
    z.enum(['only', 'prefer', 'off']),
    'only',
    'Handling of other documents: `only` accepts them with the scope `documents:any` only, `prefer` accepts them all, `off` ignores trusted documents.',
  ),
  rateLimit: optional(
    'RATE_LIMIT',
    z.string().regex(RATE_FORM, 'expected a rate such as 600/minute or 600ms/minute'),
    'Limit per API key, or per address without keys: rows (`600/minute`) or compute time (`600ms/minute`) per second, minute, hour or day.',
  ),
  tlsCertFile: optional(
    'TLS_CERT_FILE',
    z.string(),
    'PEM file of the certificate and its chain, for HTTPS on PORT and GRPC_PORT; renewed files apply without a restart.',
  ),
  tlsKeyFile: optional('TLS_KEY_FILE', z.string(), 'PEM file of the private key of TLS_CERT_FILE.'),
  queryCost: setting(
    'QUERY_COST',
    z.enum(['off', 'measure', 'enforce']),
    'off',
    'Cost of GraphQL operations, from the measured compute time of their predictions: `measure` reports it in the header `X-Query-Cost`, `enforce` also refuses what exceeds MAX_QUERY_COST.',
  ),
  maxQueryCost: setting(
    'MAX_QUERY_COST',
    integer(1, 1_000_000_000_000),
    '30000000',
    'Maximum cost of a GraphQL operation, in microseconds of compute.',
  ),
} as const;

type Value<S> = S extends SettingDefinition<infer T> ? T : never;

/** All settings, parsed and checked. Sizes are in bytes, times in the unit of their name. */
export type Config = { readonly [K in keyof typeof SETTINGS]: Value<(typeof SETTINGS)[K]> };

/** Raised by {@link loadConfig}; `problems` holds a part for each bad setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Bad configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads every setting from `env`; an empty variable counts as unset.
 *
 * @throws {ConfigError} naming every bad setting at once, with what is allowed.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  overrides: Partial<Config> = {},
): Config {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(SETTINGS)) {
    const given = env[definition.env];
    const raw = given === undefined || given === '' ? definition.fallback : given;
    if (raw === null) continue;
    const parsed = definition.schema.safeParse(raw);
    if (parsed.success) config[key] = parsed.data;
    else {
      const reasons = parsed.error.issues.map((issue) => issue.message).join('; ');
      // A password in a URL must not end up in the log.
      const shown = JSON.stringify(raw.replace(/\/\/.*@/, '//***@'));
      problems.push(`${definition.env}=${shown}: ${reasons}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...(config as unknown as Config), ...overrides };
}
