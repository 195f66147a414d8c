import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.ts';

/** Where secrets travel; they never reach the log. */
const SECRET_PATHS = ['authorization', 'cookie', 'set-cookie', 'x-api-key'].flatMap((header) => [
  `headers["${header}"]`,
  `*.headers["${header}"]`,
]);

/**
 * The logger of the process: one JSON object a line, on the standard output unless `destination`
 * says otherwise. Credentials in `headers` are redacted.
 */
export function createLogger(
  config: Pick<Config, 'logLevel'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: config.logLevel,
    // No process id and host name: the collector of the logs knows where a line is from.
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
  };
  // Written in the background: a request does not wait for the log. What is left at the end is
  // flushed when the process exits.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: false }));
}
