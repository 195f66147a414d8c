import { createRequire } from 'node:module';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.ts';
import { redactSecrets } from '../redact-secrets.ts';

/** Where secrets travel; they never reach the log. */
const SECRET_PATHS = ['authorization', 'cookie', 'set-cookie', 'x-api-key'].flatMap((header) => [
  `headers["${header}"]`,
  `*.headers["${header}"]`,
]);

/**
 * The logger of the process, on the standard output unless `destination` says otherwise: one JSON
 * object a line, or lines for people where `logFormat` asks for them. Credentials in `headers` are
 * redacted, and so is what looks like an API key wherever a client has put it, such as in a path.
 */
export function createLogger(
  config: Pick<Config, 'logLevel'> & Partial<Pick<Config, 'logFormat'>>,
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
  if (isForPeople(config.logFormat, destination)) {
    return pino(options, withoutKeys(prettyStream(destination ?? process.stdout)));
  }
  // Written in the background: a request does not wait for the log. What is left at the end is
  // flushed when the process exits.
  return pino(options, withoutKeys(destination ?? pino.destination({ dest: 1, sync: false })));
}

/** The last guard: looks at each line that is written. */
function withoutKeys(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(redactSecrets(line)) };
}

/** Whether people read the log: it is so by setting, or it goes to a terminal. */
function isForPeople(
  format: Config['logFormat'] | undefined,
  destination: DestinationStream | undefined,
): boolean {
  if (format === 'pretty') return true;
  return format === 'auto' && destination === undefined && process.stdout.isTTY;
}

function prettyStream(destination: DestinationStream): DestinationStream {
  // Loaded only where it is used: a server in a container does without.
  const load = createRequire(import.meta.url);
  const { default: pretty } = load('pino-pretty') as {
    default: (options: object) => DestinationStream;
  };
  return pretty({
    destination,
    // A line is written before the next, so that it does not mix with what else the process prints.
    sync: true,
    colorize: destination === process.stdout && process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
}
