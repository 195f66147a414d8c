import { AccessConfigError } from './access/access.ts';
import { internalCall } from './services/call.ts';
import { createApp, type App } from './app.ts';
import { startBlock } from './cli/start-block.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { CertificateError } from './server/http/certificate.ts';
import { threadsThatDoNotEnd } from './runtimes/thread-channel.ts';

/**
 * Process entry: configuration → app → listen → signals. The only owner of signals and exit codes:
 * 0 after a graceful stop, 1 when the start fails, the stop takes too long, or a second signal comes.
 */

/** Time that the log gets to be written before the process is killed, in milliseconds. */
const FLUSH_MS = 500;

/** Time that threads get to end after a second signal, in milliseconds. */
const AT_ONCE_MS = 100;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  return process.exit(1);
}

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message);
    throw error;
  }
}

function compose(): App {
  try {
    return createApp(config);
  } catch (error) {
    return fail(startProblem(error, config));
  }
}

const config = readConfig();
const app = compose();

/** Ends the process, whatever its threads do. */
function end(code: number): void {
  if (threadsThatDoNotEnd() === 0) process.exit(code);
  // Node waits for its threads, and one inside native code cannot be ended: only the kernel can.
  setTimeout(() => {
    process.kill(process.pid, 'SIGKILL');
    // Only process 1 of a container gets here: the kernel keeps it from killing itself so.
    process.abort();
  }, FLUSH_MS);
}

process.on('unhandledRejection', (reason) => {
  app.logger.error({ err: reason }, 'unhandled rejection');
});

const signals = { received: 0 };
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (signals.received++ > 0) {
      void app.catalog.close();
      setTimeout(() => end(1), AT_ONCE_MS);
      return;
    }
    app.logger.info({ signal }, 'stopping');
    // Who presses Ctrl+C, or edits a file under `node --watch`, waits for no load balancer.
    const skipDelay = signal === 'SIGINT' || process.env.WATCH_REPORT_DEPENDENCIES !== undefined;
    app.stop({ skipDelay }).then(
      (clean) => {
        if (signals.received > 1) return;
        const stuckThreads = threadsThatDoNotEnd();
        if (stuckThreads > 0)
          app.logger.warn({ stuckThreads }, 'threads that do not end are killed');
        app.logger.info({ clean }, 'stopped');
        end(clean ? 0 : 1);
      },
      (error: unknown) => {
        app.logger.fatal({ err: error }, 'stop failed');
        end(1);
      },
    );
  });
}

try {
  const address = await app.start();
  if (config.logFormat === 'pretty' || (config.logFormat === 'auto' && process.stdout.isTTY)) {
    process.stdout.write(
      startBlock(
        { ...address, isEncrypted: config.tlsCertFile !== undefined },
        app.services.health.report(internalCall('start')),
        config.graphiql,
      ),
    );
  }
} catch (error) {
  // What a start breaks off with when it is told to stop is no problem of the start.
  if (signals.received === 0) fail(startProblem(error, config));
}

/** One clear line for what stops a start. */
function startProblem(error: unknown, { host, port, modelsDir }: Config): string {
  if (error instanceof AccessConfigError) return error.message;
  if (error instanceof CertificateError) return `${error.message}.`;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use; set PORT to another one.`;
  if (code === 'EACCES' && syscall === 'listen') {
    return `Port ${port} may not be opened by this user; set PORT to 1024 or more.`;
  }
  if (code === 'EADDRNOTAVAIL') return `HOST=${host} is not an address of this machine.`;
  if (code === 'ENOTFOUND' && syscall === 'getaddrinfo') return `HOST=${host} is not known.`;
  if (syscall === 'scandir') return `MODELS_DIR=${modelsDir} cannot be read (${code ?? 'error'}).`;
  return `The server could not start: ${message.split('\n')[0] ?? ''}`;
}
