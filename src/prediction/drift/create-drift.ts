import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createRedisLink } from '../../redis/create-redis-link.ts';
import type { Config } from '../../config.ts';
import { RedisReplicaStore } from '../../redis/replica-store.ts';
import type { ModelEventSink } from '../../services/model-events.ts';
import type { ModelCatalog } from '../../serving/model-catalog.ts';
import { DriftReplicas } from '../../telemetry/drift/drift-replicas.ts';
import { DriftWebhook } from '../../telemetry/drift/webhook.ts';
import { DriftMonitor } from './drift-monitor.ts';
import { ProfileStore } from './profile-store.ts';

/** What the monitor tells, and whom it watches. */
export interface DriftParts {
  readonly catalog: ModelCatalog;
  readonly events: ModelEventSink;
  readonly logger: Logger;
}

/** Makes the monitor of drift as the settings have it. */
export function createDrift(config: Config, { catalog, events, logger }: DriftParts): DriftMonitor {
  const { driftWebhookUrl } = config;
  const webhook =
    driftWebhookUrl === undefined
      ? undefined
      : new DriftWebhook(driftWebhookUrl, (reason) =>
          logger.warn({ reason }, 'drift webhook failed'),
        );
  const told = new Set<string>();
  return new DriftMonitor({
    catalog,
    profiles: new ProfileStore(config.stateDir),
    replicas: createReplicas(config),
    windowRows: config.driftWindow,
    onAlert: (alert) => {
      const { model, version, state, message } = alert;
      const level = state === 'NONE' ? 'info' : 'warn';
      logger[level]({ ...alert, timestamp: undefined }, 'drift');
      events.emit({ kind: 'DRIFT', model, version, message: `${state}: ${message}` });
      webhook?.send(alert);
    },
    onProblem: ({ model, version }, problem) => {
      // Once for each: what goes wrong with one prediction goes wrong with many.
      const key = JSON.stringify([model, version, problem]);
      if (told.has(key) || told.size >= 1000) return;
      told.add(key);
      logger.warn({ model, version, problem }, 'drift is not watched as it should be');
    },
  });
}

function createReplicas(config: Config): DriftReplicas | undefined {
  if (config.redisUrl === undefined) return undefined;
  return new DriftReplicas({
    store: new RedisReplicaStore({
      link: createRedisLink(config, 'drift'),
      keyPrefix: `${config.redisKeyPrefix}drift:`,
    }),
    replicaId: randomUUID(),
  });
}
