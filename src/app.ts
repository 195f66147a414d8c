import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Access, AccessConfigError } from './access/access.ts';
import { DocumentStore } from './access/documents/document-store.ts';
import { PersistedQueries } from './access/documents/persisted-queries.ts';
import { TrustedDocuments, TrustedDocumentsError } from './access/documents/trusted-documents.ts';
import { MemoryLimiter } from './access/limits/memory-limiter.ts';
import { RateLimits } from './access/limits/rate-limits.ts';
import { RedisLimiter } from './access/limits/redis-limiter.ts';
import { UsageMeter } from './access/usage-meter.ts';
import { usageMetrics } from './access/usage-metrics.ts';
import { parseRate } from './access/rate.ts';
import { buildSchema } from '../schema/index.ts';
import { createCache } from './cache/create-cache.ts';
import { createRedisLink } from './redis/create-redis-link.ts';
import { RedisReplicaStore } from './redis/replica-store.ts';
import { RedisTrafficStore } from './redis/traffic-store.ts';
import { composeCosts } from './compose-costs.ts';
import { composeServices } from './compose-services.ts';
import type { Config } from './config.ts';
import { ServiceError } from './errors.ts';
import { Health } from './serving/health.ts';
import { ModelCatalog } from './serving/model-catalog.ts';
import { asLoaded } from './serving/as-loaded.ts';
import { readyFacts } from './serving/ready-facts.ts';
import { Trials } from './serving/trial/trials.ts';
import { ModelEvents } from './serving/model-events.ts';
import { createCapture } from './prediction/capture/create-capture.ts';
import { createDrift } from './prediction/drift/create-drift.ts';
import { driftGauges } from './prediction/drift/drift-gauges.ts';
import { Predictor } from './prediction/predictor.ts';
import { Comparisons } from './rollout/comparisons.ts';
import { RolloutObserver } from './rollout/rollout-observer.ts';
import { TrafficSync } from './rollout/traffic-sync.ts';
import type { Services } from './services/services.ts';
import { RepositoryWatcher } from './repository/repository-watcher.ts';
import { ModelRepository } from './repository/model-repository.ts';
import { modelsFolder } from './repository/models-folder.ts';
import type { ModelsSync } from './repository/sources/models-sync.ts';
import { modelsSyncLog } from './repository/models-sync-log.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { ViewedSchemas } from './server/graphql/viewed-schemas.ts';
import { createHttpServer } from './server/create-server.ts';
import { createLogger } from './telemetry/logger.ts';
import { ClusterMetrics } from './telemetry/cluster-metrics.ts';
import { Metrics } from './telemetry/metrics.ts';
import { MetricsHistory } from './telemetry/metrics-history.ts';
import { RecentRequests } from './telemetry/recent-requests.ts';
import { aboutReplica } from './telemetry/replica-page.ts';
import { comparisonReader, serverMetrics } from './telemetry/server-metrics.ts';
import { CallCounts } from './telemetry/call-counts.ts';
import { createTracing } from './telemetry/tracing/tracing.ts';

/** Version of the server, from package.json. */
export const SERVER_VERSION = (
  JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** Time that workers and connections get to end, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

/** Longest wait for the traffic that other replicas have set, in milliseconds. */
const TRAFFIC_WAIT_MS = 2_000;

/** The running server. */
export interface App {
  readonly services: Services;
  readonly catalog: ModelCatalog;
  readonly logger: Logger;
  /**
   * Opens the port, then loads and warms all models. Until they are ready `/livez` answers 200 and
   * `/readyz` 503.
   *
   * @throws {Error} when the port or the folder of models cannot be used
   */
  start(): Promise<{ readonly host: string; readonly port: number; readonly grpcPort?: number }>;
  /**
   * Stops gracefully: readiness off, `DRAIN_DELAY_MS` of service as ever, the door closed, accepted
   * work finished, sockets and workers ended. Resolves `true` when all that comes after the delay was
   * done before `SHUTDOWN_TIMEOUT_MS`.
   *
   * @param options.skipDelay nobody else sends requests here, or is to learn of it. @default false
   */
  stop(options?: { readonly skipDelay?: boolean }): Promise<boolean>;
}

/** Puts the parts together. The only place that knows them all. */
export function createApp(config: Config, logger: Logger = createLogger(config)): App {
  if ((config.tlsCertFile === undefined) !== (config.tlsKeyFile === undefined)) {
    throw new AccessConfigError('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both.');
  }
  const metrics = new Metrics();
  let cacheProblem: string | null = null;
  const cache = createCache(config, {
    logger,
    onChange: (state, reason) => {
      cacheProblem = state === 'up' ? null : `Redis is not used: ${reason ?? 'unknown reason'}`;
    },
  });
  metrics.watchGauge({
    name: 'ml_inference_redis_up',
    help: 'Whether Redis is used (1), or is down or not configured (0).',
    read: () => (cache.status().redis?.state === 'up' ? 1 : 0),
  });
  const tracing = createTracing(config, {
    serverVersion: SERVER_VERSION,
    onChange: (state, reason) => {
      if (state === 'failing') logger.warn({ reason }, 'traces cannot be sent');
      else logger.info('traces are sent again');
    },
  });
  const cluster = new ClusterMetrics({
    metrics,
    about: () => aboutReplica(health.report()),
    ...(config.redisUrl !== undefined && {
      store: new RedisReplicaStore({
        link: createRedisLink(config, 'metrics'),
        keyPrefix: config.redisKeyPrefix,
      }),
    }),
  });
  const costs = composeCosts(config, () => catalog);
  const schemas = new ViewedSchemas(
    () => catalog.list().map(asLoaded),
    (models) => buildSchema(models, { ...config, costs: costs?.models }),
  );
  const access = new Access({
    config,
    logger,
    ownScopes: {
      get: (model) => catalog.ownScopes.get(model),
      get size() {
        return catalog.ownScopes.size;
      },
    },
  });
  const documents = new DocumentStore({
    mode: config.trustedDocumentsMode,
    persisted: new PersistedQueries({
      redis:
        config.redisUrl === undefined
          ? undefined
          : { link: createRedisLink(config, 'documents'), keyPrefix: config.redisKeyPrefix },
    }),
    maxCharacters: config.maxDocumentBytes,
  });
  const limits = new RateLimits(
    config.redisUrl === undefined
      ? new MemoryLimiter()
      : new RedisLimiter({
          link: createRedisLink(config, 'limits'),
          keyPrefix: config.redisKeyPrefix,
        }),
    config.rateLimit === undefined ? undefined : parseRate(config.rateLimit),
  );
  const modelsDir = modelsFolder(config);
  let modelsSync: ModelsSync | undefined;
  let stopped = false;
  const modelEvents = new ModelEvents();
  modelEvents.subscribe(({ kind, model, version, message }) => {
    const level = kind === 'FAILED' || kind === 'ROLLED_BACK' ? 'warn' : 'info';
    logger[level]({ model, version, event: kind, reason: message }, 'model event');
  });
  const repository = new ModelRepository(modelsDir, config.modelName);
  const warned = new Set<string>();
  const warnOfIgnored = (): void => {
    for (const [name, why] of repository.ignored) {
      if (!warned.has(name)) logger.warn({ name }, why);
      warned.add(name);
    }
  };
  const catalog = new ModelCatalog({
    repository,
    metrics,
    trials: new Trials(path.join(config.stateDir, 'trials'), (reason) =>
      logger.warn({ reason }, 'STATE_DIR cannot be written: models are tried anew at every start'),
    ),
    defaultModel: config.defaultModel,
    defaults: {
      workers: config.workersPerModel,
      tfjsBackend: config.tfjsBackend,
      maxQueueRows: config.maxQueueRows,
      loadTimeoutMs: config.loadTimeoutMs,
      runTimeoutMs: config.runTimeoutMs,
      cacheTtlSeconds: config.cacheTtlSeconds,
    },
    modelEvents,
    drainTimeoutMs: config.requestTimeoutMs,
    events: {
      onChange: () => {
        schemas.clear();
        trafficSync?.refresh();
        void drift.refresh();
        warnOfIgnored();
      },
      onState: (version) => {
        schemas.clear();
        const { model, state, reason } = version;
        const facts = { model, version: version.version, state };
        if (state === 'failed') logger.error({ ...facts, reason }, 'model failed');
        else if (state === 'ready')
          logger.info({ ...facts, ...readyFacts(version) }, 'model ready');
        else logger.debug(facts, 'model state');
      },
      ...(costs && {
        onBatch: (model: string, rows: number, ms: number) => costs.models.observe(model, rows, ms),
      }),
      onTraffic: (model, change) => trafficSync?.publish(model, change),
      onNotice: (version, message) =>
        logger.warn({ model: version.model, version: version.version }, message),
      onProgress: ({ done, total }) => logger.info({ done, total }, `loaded ${done} of ${total}`),
      onWorkerLost: (version, reason) =>
        logger.warn({ model: version.model, version: version.version, reason }, 'worker lost'),
    },
  });
  const trafficSync: TrafficSync | undefined =
    config.redisUrl === undefined
      ? undefined
      : new TrafficSync({
          store: new RedisTrafficStore(config),
          trafficOf: (model) => catalog.find(model)?.traffic,
        });
  const comparisons = new Comparisons(catalog);
  const drift = createDrift(config, { catalog, events: modelEvents, logger });
  const capture = createCapture(config, { catalog, logger });
  const watched = serverMetrics({
    serverVersion: SERVER_VERSION,
    models: catalog,
    comparison: comparisonReader(comparisons),
    cache: () => cache.status().memory,
    droppedSpans: () => tracing?.dropped ?? 0,
  });
  const counters = new CallCounts();
  const drifting = [...driftGauges(drift), ...(capture?.gauges ?? [])];
  for (const metric of [...drifting, ...watched, ...counters.metrics]) metrics.watchGauge(metric);
  if (costs) metrics.watchGauge(costs.gauge);
  const usage = new UsageMeter();
  for (const metric of usageMetrics(usage)) metrics.watchGauge(metric);
  const predictor = new Predictor({
    catalog,
    cache,
    limits: config,
    observers: [
      new RolloutObserver((model) => catalog.find(model)?.traffic),
      ...(config.drift ? [drift] : []),
      ...(capture ? [capture.observer] : []),
    ],
    namePrediction: (served, prediction, { owner }) => comparisons.name(served, prediction, owner),
  });
  const history = new MetricsHistory(metrics);
  const recent = new RecentRequests({
    capacity: config.recentRequests,
    slowMs: config.slowRequestMs,
    withInputs: config.recentRequestInputs,
  });
  const health: Health = new Health({
    models: catalog,
    serverVersion: SERVER_VERSION,
    loading: () => catalog.loading,
    impairments: () => [
      ...repository.ignored.values(),
      ...(cacheProblem === null ? [] : [cacheProblem]),
      ...(modelsSync?.problems() ?? []),
    ],
  });
  const services = composeServices({
    predictor,
    catalog,
    comparisons,
    drift,
    capture: capture?.observer,
    modelEvents,
    health,
    metrics,
    cluster,
    usage,
    history,
    recent,
  });
  const server = createHttpServer({
    config,
    services,
    logger,
    serverVersion: SERVER_VERSION,
    access,
    limits,
    usage,
    costs: costs?.models,
    documents,
    tracing,
    counters,
    recent,
    getSchema: (principal) => schemas.of(principal),
  });

  const watcher = new RepositoryWatcher({
    root: modelsDir,
    single: config.modelName,
    pollMs: config.modelsPollMs,
    quietMs: config.modelsQuietMs,
    onChange: (name) => {
      // A refusal is an event of its own; what else goes wrong is the repository's.
      catalog.reload(name).catch((error: unknown) => {
        if (!(error instanceof ServiceError))
          logger.error({ err: error, model: name }, 'reload failed');
      });
    },
    onError: (error) => logger.warn({ err: error }, 'the folder of models cannot be read'),
  });

  return {
    services,
    catalog,
    logger,
    async start() {
      const started = performance.now();
      await access.start();
      if (config.trustedDocuments !== undefined) {
        documents.trust(await readTrustedDocuments(config.trustedDocuments));
      }
      const address = await server.listen();
      if (config.modelsUrl !== undefined) {
        // Not loaded where the models are in a folder.
        const { openModelsUrl } = await import('./repository/sources/models-url.ts');
        const settings = { ...config, modelsUrl: config.modelsUrl };
        modelsSync = openModelsUrl(settings, modelsSyncLog(logger));
        await modelsSync.start();
        if (stopped) throw new Error('stopped before its models were fetched');
      }
      await catalog.load();
      schemas.clear();
      await drift.refresh();
      warnOfIgnored();
      await Promise.all([trafficSync?.start(TRAFFIC_WAIT_MS), costs?.start()]);
      health.ready = true;
      if (config.watchModels) await watcher.start();
      const models = catalog.list().map(({ name, state }) => `${name} (${state})`);
      logger.info({ ...address, models, ms: Math.round(performance.now() - started) }, 'ready');
      const { modelLoaded, reasons } = health.report();
      if (!modelLoaded) logger.error({ reasons }, `no model can answer: ${reasons.join(' ')}`);
      return address;
    },
    async stop({ skipDelay = false } = {}) {
      const wasReady = health.ready;
      health.ready = false;
      stopped = true;
      watcher.close();
      await modelsSync?.close();
      // Load balancers need a moment to learn that nothing more is to come here.
      if (wasReady && !skipDelay) await delay(config.drainDelayMs);
      const deadline = timeout(config.shutdownTimeoutMs);
      const graceful = (async () => {
        await server.stopAccepting();
        await server.drain();
        await catalog.idle();
        await server.closeSockets();
        return true;
      })();
      const clean = await Promise.race([graceful, deadline.passed]);
      deadline.clear();
      access.close();
      limits.close();
      costs?.close();
      documents.close();
      await Promise.all([cluster.close(), drift.close(), capture?.close(), tracing?.close()]);
      history.close();
      metrics.close();
      trafficSync?.close();
      // With the workers gone, what still waits for them fails, and its clients are told so.
      const rest = clean ? [] : [graceful];
      await Promise.race([
        Promise.all([catalog.close(), cache.close(), ...rest]),
        timeout(CLOSE_GRACE_MS).passed,
      ]);
      return clean;
    },
  };
}

function timeout(ms: number): { passed: Promise<false>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
    timer.unref();
  });
  return { passed, clear: () => clearTimeout(timer) };
}

/** @throws {AccessConfigError} for documents that cannot be used */
async function readTrustedDocuments(location: string): Promise<TrustedDocuments> {
  try {
    return await TrustedDocuments.read(location);
  } catch (error) {
    if (!(error instanceof TrustedDocumentsError)) throw error;
    throw new AccessConfigError(`TRUSTED_DOCUMENTS cannot be used: ${error.message}.`);
  }
}
