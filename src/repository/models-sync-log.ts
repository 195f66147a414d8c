import type { Logger } from 'pino';
import type { ModelsSyncEvents } from './sources/models-sync.ts';

/** Writes what happens to models on their way into the log. */
export function modelsSyncLog(logger: Logger): ModelsSyncEvents {
  return {
    onFetching: (model, source, progress) =>
      logger.info({ model, source, ...progress }, 'fetching model'),
    onFetched: (model, source, ms) =>
      logger.info({ model, source, ms: Math.round(ms) }, 'model fetched'),
    onRemoved: (model, source) => logger.warn({ model, source }, 'model is gone from its source'),
    onProblem: (what, reason) =>
      logger.warn({ what, reason }, 'cannot be fetched; what was fetched before goes on serving'),
    onRecovered: (what) => logger.info({ what }, 'can be fetched again'),
  };
}
