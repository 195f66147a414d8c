import { z } from 'zod';
import { flag, integer, optional, setting, share } from './setting.ts';

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

/** Drift, the requests that are listed, and the traces of OpenTelemetry. */
export const TELEMETRY_SETTINGS = {
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
  slowRequestMs: setting(
    'SLOW_REQUEST_MS',
    integer(1, 3_600_000),
    '500',
    'Duration from which a request is listed among the slow ones, in milliseconds.',
  ),
  recentRequests: setting(
    'RECENT_REQUESTS',
    integer(0, 10_000),
    '200',
    'Number of failed, of refused and of slow requests of the last 15 minutes to list; 0 lists none.',
  ),
  recentRequestInputs: setting(
    'RECENT_REQUEST_INPUTS',
    flag,
    'false',
    'Whether listed requests include the beginning of their first input.',
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
} as const;
