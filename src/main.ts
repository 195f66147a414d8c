import { createApp } from './app.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';

/**
 * Process entry: configuration → app → listen → signals. The only owner of signals and exit codes:
 * 0 after a graceful stop, 1 when the start fails or the stop takes too long.
 */

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message);
    throw error;
  }
}

const config = readConfig();
const app = createApp(config);

process.on('unhandledRejection', (reason) => {
  app.logger.error({ err: reason }, 'unhandled rejection');
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    app.logger.info({ signal }, 'stopping');
    app.stop().then(
      (clean) => {
        app.logger.info({ clean }, 'stopped');
        process.exit(clean ? 0 : 1);
      },
      (error: unknown) => {
        app.logger.fatal({ err: error }, 'stop failed');
        process.exit(1);
      },
    );
  });
}

try {
  const { port } = await app.start();
  if (process.stdout.isTTY) {
    process.stdout.write(`\n  GraphQL  http://localhost:${port}/graphql\n`);
    process.stdout.write(`  REST     http://localhost:${port}/docs\n\n`);
  }
} catch (error) {
  fail(startProblem(error, config));
}

/** One clear line for what stops a start. */
function startProblem(error: unknown, { host, port, modelsDir }: Config): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use; set PORT to another one.`;
  if (code === 'EACCES' && syscall === 'listen') {
    return `Port ${port} may not be opened by this user; set PORT to 1024 or more.`;
  }
  if (code === 'EADDRNOTAVAIL') return `HOST=${host} is not an address of this machine.`;
  if (syscall === 'scandir') return `MODELS_DIR=${modelsDir} cannot be read (${code ?? 'error'}).`;
  return `The server could not start: ${message}`;
}
