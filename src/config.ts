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
  port: setting('PORT', integer(0, 65_535), '8000', 'Port to listen on; 0 takes any free one.'),
  grpcPort: optional(
    'GRPC_PORT',
    integer(0, 65_535),
    'Port of the Open Inference Protocol over gRPC; unset serves none, 0 takes any free one.',
  ),
  modelsDir: setting('MODELS_DIR', z.string(), 'models', 'Folder of the models to serve.'),
  modelName: optional(
    'MODEL_NAME',
    z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
        'letters, digits, ".", "_" and "-", at most 128',
      ),
    'Serves MODELS_DIR itself as the only model, of this name, instead of a model for each folder.',
  ),
  modelsUrl: optional(
    'MODELS_URL',
    z.string(),
    'Where models are fetched from instead of MODELS_DIR, several separated by commas: s3://bucket/prefix, gs://bucket/prefix, hf://owner/name@revision, mlflow:name@alias, https://host/models.tar.gz or a path, each with NAME= in front where it is one model.',
  ),
  modelsUrlPollMs: setting(
    'MODELS_URL_POLL_MS',
    integer(0, 86_400_000),
    '60000',
    'Time between looks at MODELS_URL, in milliseconds; 0 looks at the start only.',
  ),
  modelsUrlTimeoutMs: setting(
    'MODELS_URL_TIMEOUT_MS',
    integer(10, 3_600_000),
    '30000',
    'Longest silence of a source of MODELS_URL before a request is made again, in milliseconds.',
  ),
  modelsMaxBytes: setting(
    'MODELS_MAX_BYTES',
    bytes,
    '20GB',
    'Most bytes of fetched models on the disk, with the copies that are being replaced.',
  ),
  stateDir: setting(
    'STATE_DIR',
    z.string(),
    'state',
    'Folder for what the server itself writes, such as fetched models. Each replica has its own.',
  ),
  awsEndpointUrl: optional(
    'AWS_ENDPOINT_URL',
    endpointUrl,
    'Server of s3:// other than AWS (MinIO, R2, Ceph); buckets are then the first part of the path.',
  ),
  awsRegion: setting('AWS_REGION', z.string(), 'us-east-1', 'Region of s3:// buckets.'),
  awsAccessKeyId: optional(
    'AWS_ACCESS_KEY_ID',
    z.string(),
    'Access key of s3:// buckets; public buckets need none.',
  ),
  awsSecretAccessKey: optional('AWS_SECRET_ACCESS_KEY', z.string(), 'Secret of AWS_ACCESS_KEY_ID.'),
  awsSessionToken: optional(
    'AWS_SESSION_TOKEN',
    z.string(),
    'Session of AWS_ACCESS_KEY_ID, where it is a temporary one.',
  ),
  gsEndpointUrl: setting(
    'GS_ENDPOINT_URL',
    endpointUrl,
    'https://storage.googleapis.com',
    'Server of gs:// buckets.',
  ),
  gsAccessKeyId: optional('GS_ACCESS_KEY_ID', z.string(), 'HMAC access key of gs:// buckets.'),
  gsSecretAccessKey: optional(
    'GS_SECRET_ACCESS_KEY',
    z.string(),
    'HMAC secret of GS_ACCESS_KEY_ID.',
  ),
  hfEndpoint: setting(
    'HF_ENDPOINT',
    endpointUrl,
    'https://huggingface.co',
    'Hugging Face hub, or a mirror, for hf:// addresses.',
  ),
  hfTokenFile: optional(
    'HF_TOKEN_FILE',
    z.string(),
    'File with the token of the hub, read at each look.',
  ),
  hfToken: optional('HF_TOKEN', z.string(), 'Token of the hub, where there is no HF_TOKEN_FILE.'),
  mlflowTrackingUri: optional(
    'MLFLOW_TRACKING_URI',
    endpointUrl,
    'MLflow server of mlflow: addresses.',
  ),
  mlflowTrackingToken: optional(
    'MLFLOW_TRACKING_TOKEN',
    z.string(),
    'Bearer token of the MLflow server.',
  ),
  mlflowTrackingUsername: optional(
    'MLFLOW_TRACKING_USERNAME',
    z.string(),
    'User of the MLflow server, where it has no token.',
  ),
  mlflowTrackingPassword: optional(
    'MLFLOW_TRACKING_PASSWORD',
    z.string(),
    'Password of MLFLOW_TRACKING_USERNAME.',
  ),
  watchModels: setting(
    'WATCH_MODELS',
    flag,
    'true',
    'Whether changes in the folder of models are taken without a restart.',
  ),
  modelsPollMs: setting(
    'MODELS_POLL_MS',
    integer(100, 3_600_000),
    '5000',
    'Time between looks at the folder where the system reports no changes, in milliseconds.',
  ),
  modelsQuietMs: setting(
    'MODELS_QUIET_MS',
    integer(0, 600_000),
    '1000',
    'Time for which files must not have changed before they are loaded, in milliseconds.',
  ),
  defaultModel: optional(
    'DEFAULT_MODEL',
    z.string(),
    'Model that answers when a request names none; else the first in alphabetical order.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'Least level that is logged.',
  ),
  logFormat: setting(
    'LOG_FORMAT',
    z.enum(['auto', 'json', 'pretty']),
    'auto',
    'How lines are written: one JSON object each, or for people; `auto` does so in a terminal.',
  ),
  logInputs: setting(
    'LOG_INPUTS',
    flag,
    'false',
    'Whether inputs may appear in the log (they may be personal data).',
  ),
  tfjsBackend: setting(
    'TFJS_BACKEND',
    z.enum(['auto', 'native', 'wasm']),
    'auto',
    'Backend of the tfjs engine: native TensorFlow where installed, else WebAssembly.',
  ),
  workersPerModel: setting(
    'WORKERS_PER_MODEL',
    integer(1, 64),
    '1',
    'Workers of a model version, where its model.yaml does not say.',
  ),
  maxBodyBytes: setting('MAX_BODY_BYTES', bytes, '10MB', 'Largest request body.'),
  maxBatchInputs: setting(
    'MAX_BATCH_INPUTS',
    integer(1, 1_000_000),
    '10000',
    'Most inputs in one batch request.',
  ),
  maxConcurrentRequests: setting(
    'MAX_CONCURRENT_REQUESTS',
    integer(1, 1_000_000),
    '2000',
    'Most requests being answered at once; over it they fail with OVERLOADED before they are read.',
  ),
  maxQueueRows: setting(
    'MAX_QUEUE_ROWS',
    integer(1, 10_000_000),
    '20000',
    'Rows that may wait per model version; over it requests fail with OVERLOADED.',
  ),
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    integer(1, 3_600_000),
    '30000',
    'Deadline of a request that brings none, in milliseconds.',
  ),
  loadTimeoutMs: setting(
    'LOAD_TIMEOUT_MS',
    integer(1, 3_600_000),
    '120000',
    'Time a model version may take to load and warm up, in milliseconds.',
  ),
  runTimeoutMs: setting(
    'RUN_TIMEOUT_MS',
    integer(1, 3_600_000),
    '60000',
    'Time one batch may take in a worker before the worker is replaced, in milliseconds.',
  ),
  cacheMaxBytes: setting(
    'CACHE_MAX_BYTES',
    bytes,
    '64MB',
    'Size of the cache in memory; 0 turns it off.',
  ),
  cacheTtlSeconds: setting(
    'CACHE_TTL_SECONDS',
    integer(0, 31_536_000),
    '3600',
    'Life of a cached answer, where model.yaml does not say; 0 keeps it until evicted.',
  ),
  redisUrl: optional(
    'REDIS_URL',
    z.string().regex(REDIS_URL_FORM, `expected ${REDIS_URL_EXAMPLES}`),
    `Redis shared by the replicas: ${REDIS_URL_EXAMPLES}. Without it each has its own cache in memory.`,
  ),
  redisKeyPrefix: setting(
    'REDIS_KEY_PREFIX',
    z.string(),
    'mlapi:',
    'Put in front of every key in Redis, so that several services can share one.',
  ),
  redisTimeoutMs: setting(
    'REDIS_TIMEOUT_MS',
    integer(1, 60_000),
    '50',
    'Time Redis may take to answer before it is left alone until it is back, in milliseconds.',
  ),
  drainDelayMs: setting(
    'DRAIN_DELAY_MS',
    integer(0, 600_000),
    '0',
    'Time for which a server that is told to stop serves on while it is not ready, so that load balancers learn of it, in milliseconds.',
  ),
  shutdownTimeoutMs: setting(
    'SHUTDOWN_TIMEOUT_MS',
    integer(0, 3_600_000),
    '15000',
    'Deadline of a graceful shutdown, in milliseconds.',
  ),
  maxSubscriptions: setting(
    'MAX_SUBSCRIPTIONS',
    integer(1, 1_000_000),
    '10000',
    'Most open subscriptions of the process.',
  ),
  maxSocketOperations: setting(
    'MAX_SOCKET_OPERATIONS',
    integer(1, 100_000),
    '100',
    'Most operations, subscriptions included, that one WebSocket may have open.',
  ),
  maxSocketMessagesPerSecond: setting(
    'MAX_SOCKET_MESSAGES_PER_SECOND',
    integer(1, 1_000_000),
    '1000',
    'Most messages that one WebSocket may send in a second; more are read later.',
  ),
  maxSocketBufferBytes: setting(
    'MAX_SOCKET_BUFFER_BYTES',
    bytes,
    '64MB',
    'Most bytes that may wait for a client that reads slowly; over it its WebSocket is closed.',
  ),
  maxDocumentBytes: setting(
    'MAX_DOCUMENT_BYTES',
    bytes,
    '1MB',
    'Largest GraphQL document. Variables do not count.',
  ),
  maxDocumentTokens: setting(
    'MAX_DOCUMENT_TOKENS',
    integer(100, 10_000_000),
    '50000',
    'Most tokens in one GraphQL document. Variables do not count.',
  ),
  maxQueryDepth: setting(
    'MAX_QUERY_DEPTH',
    integer(1, 1_000),
    '20',
    'Deepest nesting of fields in a GraphQL operation.',
  ),
  maxAliases: setting(
    'MAX_ALIASES',
    integer(0, 1_000_000),
    '1000',
    'Most aliased fields in a GraphQL document, counted each time that a fragment is spread.',
  ),
  maxRootFields: setting(
    'MAX_ROOT_FIELDS',
    integer(1, 1_000_000),
    '1000',
    'Most fields at the root of a GraphQL operation.',
  ),
  maxDirectives: setting(
    'MAX_DIRECTIVES',
    integer(0, 1_000_000),
    '500',
    'Most directives in a GraphQL document, counted each time that a fragment is spread.',
  ),
  maxAnswerFields: setting(
    'MAX_ANSWER_FIELDS',
    integer(100, 1_000_000_000),
    '1000000',
    'Most fields in the answer to one GraphQL operation.',
  ),
  maxAnswerBytes: setting(
    'MAX_ANSWER_BYTES',
    bytes,
    '64MB',
    'Largest answer, estimated while it is made.',
  ),
  graphqlExecutor: setting(
    'GRAPHQL_EXECUTOR',
    z.enum(['compiled', 'reference']),
    'compiled',
    'What executes GraphQL operations: compiled operations, or graphql-js, which is slower and does not count the fields of an answer.',
  ),
  graphiql: setting(
    'GRAPHIQL',
    flag,
    'true',
    'Whether GraphiQL and the documentation pages are served.',
  ),
  corsOrigin: optional(
    'CORS_ORIGIN',
    z.string(),
    'Origin that browsers may call from, or * for all; unset allows the own origin only.',
  ),
  otlpEndpoint: optional(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    httpUrl,
    'Collector that traces are sent to, by OTLP over HTTP; without it there are none.',
  ),
  otlpTracesEndpoint: optional(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    httpUrl,
    'Full URL for traces, where it is not `/v1/traces` of the collector.',
  ),
  otelSdkDisabled: setting(
    'OTEL_SDK_DISABLED',
    flag,
    'false',
    'Whether traces are off whatever else is set.',
  ),
  otelTracesExporter: optional(
    'OTEL_TRACES_EXPORTER',
    z.enum(['otlp', 'none']),
    '`otlp` sends traces to localhost:4318 where no collector is named; `none` sends none.',
  ),
  otelServiceName: optional(
    'OTEL_SERVICE_NAME',
    z.string(),
    'Name of the service in traces; else `ml-inference-api`.',
  ),
  otelResourceAttributes: optional(
    'OTEL_RESOURCE_ATTRIBUTES',
    z.string(),
    'What every trace says of this process, as `key=value,key=value`.',
  ),
  otelTracesSampler: setting(
    'OTEL_TRACES_SAMPLER',
    z.enum(TRACE_SAMPLERS),
    'parentbased_always_on',
    'Which calls are traced.',
  ),
  otelTracesSamplerArg: setting(
    'OTEL_TRACES_SAMPLER_ARG',
    share,
    '1',
    'Share of the calls that a sampler by ratio takes, 0 to 1.',
  ),
  otelMaxQueueSize: setting(
    'OTEL_BSP_MAX_QUEUE_SIZE',
    integer(1, 1_000_000),
    '8192',
    'Most spans that wait for the collector; over it they are dropped and counted.',
  ),
  otelMaxExportBatchSize: setting(
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    integer(1, 100_000),
    '512',
    'Spans in one export.',
  ),
  otelScheduleDelayMs: setting(
    'OTEL_BSP_SCHEDULE_DELAY',
    integer(0, 3_600_000),
    '1000',
    'Longest time that an ended span waits for others, in milliseconds.',
  ),
  auth: setting(
    'AUTH',
    z.enum(['auto', 'required', 'off']),
    'auto',
    'Whether credentials are wanted: `auto` as soon as a key or an issuer is configured, `required` refuses to start without, `off` never.',
  ),
  accessFile: optional(
    'ACCESS_FILE',
    z.string(),
    'YAML file of the API keys, as `ml-inference-api keys create` writes it; changes count within a second.',
  ),
  jwtIssuer: optional(
    'JWT_ISSUER',
    issuerUrl,
    'Issuer whose tokens are accepted; its keys are found by OpenID Connect discovery.',
  ),
  jwtJwksUrl: optional(
    'JWT_JWKS_URL',
    issuerUrl,
    'URL of the keys that sign tokens (JWKS), instead of discovery.',
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
    'How far the clock of the issuer may be off, in seconds.',
  ),
  jwtScopesClaim: setting(
    'JWT_SCOPES_CLAIM',
    z.string(),
    'scope',
    'Claim that holds the scopes, separated by spaces or as an array; a path such as `realm_access.roles` leads inside.',
  ),
  jwtModelsClaim: setting(
    'JWT_MODELS_CLAIM',
    z.string(),
    'models',
    'Claim that holds the names of the models, as an array; a token without it may use all.',
  ),
  trustedProxies: optional(
    'TRUSTED_PROXIES',
    z.string(),
    'Addresses and CIDR networks of the proxies whose `Forwarded`, `X-Forwarded-For` and `X-Real-IP` are believed, separated by commas.',
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
    'With trusted documents: `only` answers others for the scope `documents:any` alone, `prefer` answers all, `off` ignores them.',
  ),
  rateLimit: optional(
    'RATE_LIMIT',
    z.string().regex(RATE_FORM, 'expected a rate such as 600/minute or 600ms/minute'),
    'What each key (without keys: each address) may use: rows (`600/minute`) or compute (`600ms/minute`), per second, minute, hour or day.',
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
