import { z } from 'zod';
import { bytes, flag, integer, optional, setting } from './setting.ts';

/** An address without credentials of its own: what would be shown in logs. */
const endpointUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/, 'expected an address such as https://host:9000');

/** Where models come from, and how they are loaded and run. */
export const MODELS_SETTINGS = {
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
  entityWindowMs: setting(
    'ENTITY_WINDOW_MS',
    integer(0, 1_000),
    '2',
    'Time that federated entities wait for those of other requests to join their batch, in milliseconds.',
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
} as const;
