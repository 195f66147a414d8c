import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { buildSchema } from '../../../schema/index.ts';
import type { Config } from '../../config.ts';
import { badInput, ServiceError } from '../../errors.ts';
import type { Services } from '../../services/services.ts';
import { createDirectGraphQL } from '../graphql/direct-graphql.ts';
import { createDirectLane } from './direct-path.ts';
import { createDirectRest } from './direct-rest.ts';
import { createGraphQLServer } from '../graphql/yoga.ts';
import { OpenSubscriptions } from '../graphql/open-subscriptions.ts';
import { createPages } from '../pages/pages.ts';
import { refuseRequest } from './raw-refusal.ts';
import { declaresTooLarge } from './request-body.ts';
import { RequestTracker } from './request-tracker.ts';
import { createRestHandler } from '../rest/handler.ts';
import { restRoutes } from '../rest/index.ts';
import { Router } from '../rest/router.ts';
import { GRAPHQL_PATH, pathOf } from './server-context.ts';
import { createWebSocketFace } from '../graphql/websocket.ts';

/** Time that a client may take to send its headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 20_000;

/** Time that a client may take to send a whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Idle connections are kept longer than common load balancers keep theirs (60 s). */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Time that streams and sockets get to say good-bye, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Answered even in shutdown and overload, for those who watch it. */
const ALWAYS_ANSWERED = new Set([
  '/health',
  '/livez',
  '/readyz',
  '/metrics',
  '/metrics/prometheus',
]);

/** What {@link createHttpServer} needs. */
export interface HttpServerOptions {
  readonly config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'maxBodyBytes'
    | 'maxBatchInputs'
    | 'maxConcurrentRequests'
    | 'maxSubscriptions'
    | 'maxSubscriptionsPerSocket'
    | 'graphiql'
    | 'corsOrigin'
  >;
  readonly services: Services;
  readonly logger: Logger;
  /** Version of the server, as the OpenAPI document gives it. */
  readonly serverVersion: string;
  /**
   * The GraphQL schema of the moment; may answer another one at any time.
   *
   * @default the schema of the models that are known when the server is created
   */
  readonly getSchema?: (() => GraphQLSchema) | undefined;
}

/** All faces behind one port. A graceful shutdown calls the three steps in their order. */
export interface HttpServer {
  /** Starts to listen. Rejects where the port is taken. */
  listen(): Promise<{ host: string; port: number }>;
  /** Requests and operations being answered, without streams. */
  readonly inFlight: number;
  /**
   * Step 1: no new connections, idle ones are closed, the others close after their answer. What
   * still comes over them is refused with `OVERLOADED` (health and metrics are answered).
   */
  stopAccepting(): void;
  /** Step 2: resolves when every accepted request has its answer. */
  drain(): Promise<void>;
  /** Step 3: ends subscriptions (SSE complete, WebSocket 1001) and closes what is still open. */
  closeSockets(): Promise<void>;
}

/** Creates the server; it does not listen yet. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config, services, logger } = options;
  const getSchema = options.getSchema ?? schemaOf(services, config);

  const tracker = new RequestTracker(() => {
    // A connection whose headers had been sent before the shutdown is still kept alive.
    setImmediate(() => server.closeIdleConnections());
  });
  const subscriptions = new OpenSubscriptions(config.maxSubscriptions);
  const routes = restRoutes(config);
  const pages = createPages({ config, services, routes, serverVersion: options.serverVersion });
  const handleRest = createRestHandler(new Router(routes), { services, logger }, [
    GRAPHQL_PATH,
    ...pages.paths,
  ]);
  const yoga = createGraphQLServer({
    config,
    services,
    logger,
    getSchema,
    handleRest,
    subscriptions,
    onStream: (res) => tracker.exempt(res),
    pages: pages.plugins,
  });
  const sockets = createWebSocketFace({ config, yoga, logger, tracker });

  const direct = createDirectLane({
    logger,
    graphql: createDirectGraphQL({
      services,
      logger,
      maxBodyBytes: config.maxBodyBytes,
      getSchema,
    }),
    rest: createDirectRest(handleRest, config.maxBodyBytes),
    restPaths: new Set(['/predict', '/predict/batch']),
    plugins: yoga,
  });

  const isAddressable = createAddressCheck();
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    if (!isAddressable(req)) {
      refuseRequest(res, badInput('The request target or the Host header is not valid.'));
      return;
    }
    if (tracker.draining) {
      if (!ALWAYS_ANSWERED.has(pathOf(req))) {
        refuseRequest(res, shuttingDown());
        return;
      }
      res.setHeader('Connection', 'close');
    } else if (tracker.size >= config.maxConcurrentRequests && !ALWAYS_ANSWERED.has(pathOf(req))) {
      // Its body is not read: what it would cost is what must be saved.
      refuseRequest(res, tooBusy(config.maxConcurrentRequests), true);
      return;
    }
    tracker.add(res);
    direct(req, res);
  };

  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  });
  server.on('request', answer);
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    // A client that asks first need not send what would be refused.
    if (!declaresTooLarge(req, config.maxBodyBytes)) res.writeContinue();
    answer(req, res);
  });
  server.on('upgrade', (req, socket, head: Buffer) => sockets.handleUpgrade(req, socket, head));

  let closed: Promise<void> | undefined;
  const stopListening = (): Promise<void> =>
    (closed ??= new Promise((resolve) => {
      // Closes idle connections too. It fails where the server never listened: nothing to close.
      server.close(() => resolve());
    }));

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          server.off('error', reject);
          server.on('error', (err) => logger.error({ err }, 'http server'));
          const { address, port } = server.address() as AddressInfo;
          resolve({ host: address, port });
        });
      }),
    get inFlight() {
      return tracker.size;
    },
    stopAccepting() {
      tracker.startDraining();
      void stopListening();
    },
    drain: () => tracker.idle(),
    async closeSockets() {
      tracker.startDraining();
      subscriptions.endAll();
      const timer = setTimeout(() => server.closeAllConnections(), GOODBYE_MS);
      await Promise.all([sockets.close(GOODBYE_MS), stopListening()]);
      clearTimeout(timer);
      await yoga.dispose();
    },
  };
}

/** Paths that are part of every valid URL. */
const PLAIN_TARGET = /^\/(?:[\w.-][\w./-]*)?$/;

/** Makes the check of whether the request target and the `Host` header make a URL. */
function createAddressCheck(): (req: IncomingMessage) => boolean {
  // Clients behind one proxy all send the same `Host`.
  let validHost = 'localhost';
  return ({ url = '', headers: { host = 'localhost' } }) => {
    if (host === validHost && PLAIN_TARGET.test(url)) return true;
    if (!URL.canParse(url, `http://${host}`)) return false;
    validHost = host;
    return true;
  };
}

function schemaOf(services: Services, config: HttpServerOptions['config']): () => GraphQLSchema {
  const schema = buildSchema(services.models.list(), config);
  return () => schema;
}

function shuttingDown(): ServiceError {
  return new ServiceError('OVERLOADED', 'The server is shutting down; try another one.', {
    retryAfterSeconds: 1,
  });
}

function tooBusy(maxConcurrentRequests: number): ServiceError {
  return new ServiceError('OVERLOADED', 'The server is at its limit of requests; try again soon.', {
    retryAfterSeconds: 1,
    details: { maxConcurrentRequests },
  });
}
