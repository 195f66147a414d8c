import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { buildSchema } from '../../schema/index.ts';
import { Access } from '../access/access.ts';
import { AuditLog } from '../access/audit-log.ts';
import { ModelCosts } from '../access/cost/model-costs.ts';
import { DocumentStore } from '../access/documents/document-store.ts';
import { PersistedQueries } from '../access/documents/persisted-queries.ts';
import { guardServices } from '../access/guarded-services.ts';
import { MemoryLimiter } from '../access/limits/memory-limiter.ts';
import { RateLimits } from '../access/limits/rate-limits.ts';
import { parseRate } from '../access/rate.ts';
import { UsageMeter } from '../access/usage-meter.ts';
import type { Config } from '../config.ts';
import { internalCall } from '../services/call.ts';
import type { ModelCostReader } from '../services/model-costs.ts';
import type { Principal } from '../services/principal.ts';
import type { Services } from '../services/services.ts';
import type { RecentRequests } from '../telemetry/recent-requests.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { CallTracker } from './call/call-tracker.ts';
import { Pipeline } from './call/pipeline.ts';
import { limitRows } from './call/policies/operation-rows.ts';
import { limitPredictions } from './call/policies/rate-limit.ts';
import { createPolicies, type ServerCounters } from './call/policies.ts';
import { GraphQLApi } from './graphql/graphql-api.ts';
import { GRAPHQL_PATH } from './graphql/graphql-http.ts';
import { createGraphQLHttpApi } from './graphql/http-api.ts';
import { OpenSubscriptions } from './graphql/open-subscriptions.ts';
import { Preparation } from './graphql/prepare.ts';
import { createWebSocketServer } from './graphql/websocket.ts';
import { createGraphQLServer, type GraphQLServer } from './graphql/yoga.ts';
import { Certificate } from './http/certificate.ts';
import { createHttpTransport } from './http/http-server.ts';
import { JsonReader } from '../json/json-reader.ts';
import { ReceivedBodies } from './http/received-bodies.ts';
import { HttpRouter } from './http/http-router.ts';
import { createGrpcServer } from './inference-protocol/grpc-server.ts';
import { createInferenceProtocolApi } from './inference-protocol/http-api.ts';
import { createPagesApi } from './pages/http-api.ts';
import { createPages } from './pages/pages.ts';
import { createRestHandler } from './rest/handler.ts';
import { createRestApi } from './rest/http-api.ts';
import { QueryCost } from './graphql/cost/query-cost.ts';
import { ViewedSchemas } from './graphql/viewed-schemas.ts';
import { restRoutes } from './rest/index.ts';
import { Router } from './rest/router.ts';

/** What {@link createHttpServer} needs. */
export interface HttpServerOptions {
  readonly config: Config;
  /** Unguarded: every API gets them from here, guarded. */
  readonly services: Services;
  readonly logger: Logger;
  /** Version of the server, as the OpenAPI document gives it. */
  readonly serverVersion: string;
  /** Who may come in. @default what the configuration says, without an access file */
  readonly access?: Access | undefined;
  /** Documents that are known by name. @default automatic persisted queries, in memory */
  readonly documents?: DocumentStore | undefined;
  /** How much each may use. @default `RATE_LIMIT`, in memory */
  readonly limits?: RateLimits | undefined;
  /** What each has used. @default a fresh one */
  readonly usage?: UsageMeter | undefined;
  /** What rows of the models cost, with `QUERY_COST`. @default as if never measured */
  readonly costs?: ModelCostReader | undefined;
  /** Records sampled calls. @default there are no traces */
  readonly tracing?: Tracing | undefined;
  /** Keeps requests that went wrong or took long. @default none are kept */
  readonly recent?: RecentRequests | undefined;
  /** What the server counts of its calls. @default nothing is counted */
  readonly counters?: ServerCounters | undefined;
  /**
   * The GraphQL schema of the moment for a view (see `Principal`); may answer another one at any
   * time.
   *
   * @default the schema of the models that are known when the server is created
   */
  readonly getSchema?: GetSchema | undefined;
}

/** All APIs behind their ports. A graceful shutdown calls the three steps in their order. */
export interface HttpServer {
  /** The Yoga server, for those who want to embed it. */
  readonly yoga: GraphQLServer;
  /** Starts to listen. Rejects where the port is taken. */
  listen(): Promise<{ host: string; port: number; grpcPort?: number }>;
  /** Calls being answered, without streams. */
  readonly inFlight: number;
  /**
   * Step 1: no new connections and no new streams. What still comes over open connections is
   * answered, and closes them; subscriptions end (SSE `complete`, WebSocket 1001). Resolves when
   * nobody can connect any more.
   */
  stopAccepting(): Promise<void>;
  /**
   * Step 2: resolves when every accepted call has its answer, and open connections have ended, or
   * been silent for `DRAIN_QUIET_MS`; nobody waits for silence any longer after three quarters of
   * `SHUTDOWN_TIMEOUT_MS`.
   */
  drain(): Promise<void>;
  /** Step 3: closes what is still open. */
  closeSockets(): Promise<void>;
}

/** Share of the shutdown that may go by until open connections are silent. */
const QUIET_SHARE = 0.75;

const NO_COUNTERS: ServerCounters = {
  callEnded: () => undefined,
  limitReached: () => undefined,
  executorFallback: () => undefined,
};

/** Puts the server together: one pipeline, and behind it every API. It does not listen yet. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, logger, serverVersion, counters = NO_COUNTERS } = options;
  const access =
    options.access ?? new Access({ config, logger, ownScopes: new Map<string, string>() });
  const limits =
    options.limits ??
    new RateLimits(new MemoryLimiter(), config.rateLimit ? parseRate(config.rateLimit) : undefined);
  const usage = options.usage ?? new UsageMeter();
  const predictions = limitRows(
    limitPredictions(options.services.predictions, { limits, usage }),
    config.maxBatchInputs,
  );
  const services = guardServices(
    { ...options.services, predictions },
    { audit: new AuditLog(logger) },
  );
  const tracker = new CallTracker();
  const recent = options.recent && {
    recent: options.recent,
    defaultModel: () =>
      options.services.models.list(internalCall('requests')).find(({ isDefault }) => isDefault)
        ?.name,
  };
  const pipeline = new Pipeline(
    createPolicies({ config, logger, tracker, counters, access, recent }),
    options.tracing,
  );
  const bodies = new ReceivedBodies(config);
  const json = new JsonReader(config);
  const subscriptions = new OpenSubscriptions(config.maxSubscriptions);
  // A stream ends only when it is told to: a shutdown does not wait for it.
  const onStream = (call: Parameters<CallTracker['remove']>[0]) => tracker.remove(call);

  const api = new GraphQLApi({
    pipeline,
    services,
    logger,
    getSchema: options.getSchema ?? schemaOf(options.services, config, options.costs),
    documents:
      options.documents ??
      new DocumentStore({
        mode: config.trustedDocumentsMode,
        persisted: new PersistedQueries(),
        maxCharacters: config.maxDocumentBytes,
      }),
    preparation: new Preparation(config, config.graphqlExecutor === 'compiled'),
    cost: createQueryCost(options, counters),
    answerLimits: { maxFields: config.maxAnswerFields, maxBytes: config.maxAnswerBytes },
    subscriptions,
    onFallback: () => counters.executorFallback(),
  });

  const routes = restRoutes(config);
  const pages = createPages({
    config,
    services,
    routes,
    serverVersion,
    isClosed: () => access.authenticator.isClosed,
  });
  const handleRest = createRestHandler({
    router: new Router(routes),
    services,
    logger,
    pipeline,
    pages: [GRAPHQL_PATH, ...pages.paths],
  });
  const yoga = createGraphQLServer({ api, logger, handleRest, onStream });
  const sockets = createWebSocketServer({
    config,
    api,
    pipeline,
    access,
    bodies,
    json,
    counters,
    logger,
    onStream,
  });
  const inference = createInferenceProtocolApi({
    config,
    services,
    pipeline,
    logger,
    serverVersion,
  });
  const router = new HttpRouter(
    [
      createPagesApi(pages),
      createGraphQLHttpApi(api, yoga),
      inference,
      createRestApi(routes, handleRest),
    ],
    GRAPHQL_PATH,
  );
  const { tlsCertFile, tlsKeyFile } = config;
  const certificate =
    tlsCertFile !== undefined && tlsKeyFile !== undefined
      ? new Certificate({ certFile: tlsCertFile, keyFile: tlsKeyFile, logger })
      : undefined;
  const transport = createHttpTransport({
    config,
    certificate,
    pipeline,
    tracker,
    router,
    sockets,
    bodies,
    json,
    logger,
  });

  const grpc =
    config.grpcPort === undefined
      ? undefined
      : createGrpcServer({
          config,
          services,
          pipeline,
          tracker,
          logger,
          serverVersion,
          certificate,
        });

  return {
    yoga,
    async listen() {
      await certificate?.start();
      const address = await transport.listen();
      if (!grpc) return address;
      try {
        const { port: grpcPort } = await grpc.listen();
        return { ...address, grpcPort };
      } catch (error) {
        await transport.stopAccepting();
        throw error;
      }
    },
    get inFlight() {
      return tracker.size;
    },
    async stopAccepting() {
      await transport.stopAccepting();
      subscriptions.endAll();
      grpc?.stopAccepting();
    },
    async drain() {
      const { drainQuietMs, shutdownTimeoutMs } = config;
      await transport.quiet(drainQuietMs, shutdownTimeoutMs * QUIET_SHARE);
      await Promise.all([tracker.idle(), grpc?.drained()]);
    },
    async closeSockets() {
      // A stream that began together with the shutdown may have missed it.
      subscriptions.endAll();
      grpc?.close();
      certificate?.close();
      await transport.close();
      await yoga.dispose();
    },
  };
}

function createQueryCost(options: HttpServerOptions, counters: ServerCounters) {
  const { config, services } = options;
  const { queryCost, maxQueryCost } = config;
  if (queryCost === 'off') return undefined;
  return new QueryCost({
    mode: queryCost,
    maxCost: maxQueryCost,
    costs: options.costs ?? new ModelCosts({ statedMs: () => undefined }),
    defaultModel: (principal) => {
      const models = services.models.list(internalCall('cost'));
      const usable = models.filter(({ name }) => principal.allows('predict', name));
      return (usable.find(({ isDefault }) => isDefault) ?? usable[0])?.name;
    },
    onCost: (cost, isRefused) => counters.queryCost?.(cost, isRefused),
  });
}

/** The schema of the moment, as a principal sees it. */
export type GetSchema = (principal: Principal) => GraphQLSchema;

function schemaOf(services: Services, config: Config, costs?: ModelCostReader): GetSchema {
  const models = services.models.list(internalCall('schema'));
  const schemas = new ViewedSchemas(
    () => models,
    (seen) => buildSchema(seen, { ...config, costs }),
  );
  return (principal) => schemas.of(principal);
}
