import { z } from 'zod';
import { flag, integer, optional, setting } from './setting.ts';

/** What the server listens on, how it logs and how it stops. */
export const SERVER_SETTINGS = {
  host: setting('HOST', z.string(), '0.0.0.0', 'Address to listen on.'),
  port: setting('PORT', integer(0, 65_535), '8000', 'Port to listen on; 0 picks a free one.'),
  grpcPort: optional(
    'GRPC_PORT',
    integer(0, 65_535),
    'Port of the Open Inference Protocol over gRPC; unset serves none, 0 picks a free one.',
  ),
  tlsCertFile: optional(
    'TLS_CERT_FILE',
    z.string(),
    'PEM file of the certificate and its chain, for HTTPS on PORT and GRPC_PORT; renewed files apply without a restart.',
  ),
  tlsKeyFile: optional('TLS_KEY_FILE', z.string(), 'PEM file of the private key of TLS_CERT_FILE.'),
  corsOrigin: optional(
    'CORS_ORIGIN',
    z.string(),
    'Origin that browsers may call from, or * for any. Defaults to same-origin only.',
  ),
  graphiql: setting(
    'GRAPHIQL',
    flag,
    'true',
    'Whether to serve GraphiQL and the documentation pages.',
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
  requestTimeoutMs: setting(
    'REQUEST_TIMEOUT_MS',
    integer(1, 3_600_000),
    '30000',
    'Default request timeout, in milliseconds.',
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
  graphqlExecutor: setting(
    'GRAPHQL_EXECUTOR',
    z.enum(['compiled', 'reference']),
    'compiled',
    'GraphQL executor: compiled operations, or graphql-js, which is slower and does not enforce MAX_ANSWER_FIELDS.',
  ),
} as const;
