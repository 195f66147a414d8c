import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { type ExecutionArgs, type ExecutionResult } from 'graphql';
import {
  CloseCode,
  type Context,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  type SubscribePayload,
} from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Config } from '../../config.ts';
import { ServiceError } from '../../errors.ts';
import { FrameReceiver, type WriteFrame } from './shared/frame-receiver.ts';
import { toGraphQLError, translate } from './graphql-errors.ts';
import type { GraphQLServer } from './yoga.ts';
import { chooseRequestId } from '../http/request-id.ts';
import { refuseUpgrade } from '../http/raw-refusal.ts';
import type { RequestTracker } from '../http/request-tracker.ts';
import { GRAPHQL_PATH, pathOf } from '../http/server-context.ts';
import { isAllowedOrigin } from './websocket-origin.ts';

/** Time that a client has to introduce itself, in milliseconds. */
const INIT_TIMEOUT_MS = 10_000;

/** Time between two pings; a client that does not answer until the next is gone. */
const PING_MS = 12_000;

/** Close code of a server that goes away. */
const GOING_AWAY = 1001;

/** What {@link createWebSocketFace} needs. */
export interface WebSocketFaceOptions {
  readonly config: Pick<
    Config,
    'maxBodyBytes' | 'maxSubscriptions' | 'maxSubscriptionsPerSocket' | 'corsOrigin'
  >;
  readonly yoga: GraphQLServer;
  readonly logger: Logger;
  readonly tracker: RequestTracker;
}

/** GraphQL over WebSocket. */
export interface WebSocketFace {
  /** Takes over a connection that asks to become a WebSocket. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Tells every client that the server goes away, and resolves when all have gone.
   *
   * @param graceMs time after which those that do not answer are cut off, in milliseconds
   */
  close(graceMs: number): Promise<void>;
}

interface Extra {
  readonly req: IncomingMessage;
  readonly requestId: string;
  /** Aborted when the socket closes. */
  readonly gone: AbortController;
  readonly writeFrame: WriteFrame;
}

type Executor = (args: ExecutionArgs) => Promise<ExecutionResult>;

/** The functions of Yoga's plugins travel in the root value from onSubscribe to the execution. */
interface Root {
  readonly execute: Executor;
  readonly subscribe: Executor;
}

/**
 * Creates the WebSocket face. It stands on graphql-ws's `makeServer` and not on its `useServer`,
 * which writes every socket that breaks off to the console.
 */
export function createWebSocketFace(options: WebSocketFaceOptions): WebSocketFace {
  const { config, yoga, logger, tracker } = options;
  const wss = new WebSocketServer({
    noServer: true,
    // Every client would cost a compressor's memory and time; shared frames are sent as they are.
    perMessageDeflate: false,
    maxPayload: config.maxBodyBytes,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  const prepare = async (
    { extra, subscriptions }: Context<Record<string, unknown> | undefined, Extra>,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    if (Object.keys(subscriptions).length > config.maxSubscriptionsPerSocket) {
      return [toGraphQLError(tooManyOperations(config.maxSubscriptionsPerSocket))];
    }
    const { req, requestId, gone, writeFrame } = extra;
    const enveloped = yoga.getEnveloped({
      req,
      requestId,
      signal: gone.signal,
      params: payload,
      receiver: new FrameReceiver(id, writeFrame),
    });
    try {
      const document = enveloped.parse(payload.query) as ExecutionArgs['document'];
      const errors = enveloped.validate(enveloped.schema, document) as readonly GraphQLError[];
      if (errors.length > 0) return errors;
      return {
        schema: enveloped.schema as ExecutionArgs['schema'],
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: payload.variables ?? null,
        operationName: payload.operationName ?? null,
        rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
      };
    } catch (thrown) {
      const { error, defect } = translate(thrown);
      if (defect !== undefined) logger.error({ requestId, err: defect }, 'operation failed');
      return [error];
    }
  };

  const protocol = makeServer<Record<string, unknown> | undefined, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onSubscribe: prepare,
    execute: (args) => tracker.track((args.rootValue as Root).execute(args)),
    subscribe: (args) => (args.rootValue as Root).subscribe(args),
    onError: (_context, _id, _payload, errors) => errors.map(withoutHttp),
    onClose: ({ extra }) => extra.gone.abort(),
  });

  wss.on('connection', (socket: WebSocket, req: IncomingMessage) => {
    const requestId = chooseRequestId(req.headers['x-request-id']);
    // ws closes the socket itself after an error (a frame that is too large, say).
    socket.on('error', (err) => logger.debug({ requestId, err: err.message }, 'websocket'));
    const stopPinging = startPinging(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve) => {
            // A client that has gone needs no answer; the close event does the rest.
            socket.send(data, () => resolve());
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => {
          socket.on('message', (data: Buffer) => {
            receive(data.toString('utf8')).catch((err: unknown) => {
              logger.warn({ requestId, err }, 'websocket message failed');
              socket.close(CloseCode.BadRequest, 'Invalid message');
            });
          });
        },
      },
      { req, requestId, gone: new AbortController(), writeFrame: frameWriter(socket, req.socket) },
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      closed(code, reason.toString()).catch((err: unknown) =>
        logger.error({ requestId, err }, 'websocket clean-up failed'),
      );
    });
  });

  return {
    handleUpgrade(req, socket, head) {
      socket.on('error', () => socket.destroy());
      const refusal = findRefusal(req, wss.clients.size, config, tracker.draining);
      if (refusal) refuseUpgrade(socket, refusal);
      else {
        wss.handleUpgrade(req, socket, head, (client) => wss.emit('connection', client, req));
      }
    },
    close(graceMs) {
      for (const client of wss.clients) client.close(GOING_AWAY, 'Going away');
      const timer = setTimeout(() => {
        for (const client of wss.clients) client.terminate();
      }, graceMs);
      return new Promise((resolve) => {
        wss.close(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function findRefusal(
  req: IncomingMessage,
  sockets: number,
  { maxSubscriptions, corsOrigin }: WebSocketFaceOptions['config'],
  draining: boolean,
): ServiceError | undefined {
  if (pathOf(req) !== GRAPHQL_PATH) {
    return new ServiceError('NOT_FOUND', `WebSockets are served at ${GRAPHQL_PATH} only.`);
  }
  if (!isAllowedOrigin(req.headers.origin, req.headers.host, corsOrigin)) {
    return new ServiceError('FORBIDDEN', 'Pages of this origin may not connect (CORS_ORIGIN).');
  }
  if (draining || sockets >= maxSubscriptions) {
    return new ServiceError('OVERLOADED', 'No more connections are taken; try again later.', {
      retryAfterSeconds: 5,
    });
  }
  return undefined;
}

function tooManyOperations(max: number): ServiceError {
  return new ServiceError('RATE_LIMITED', `A WebSocket may have at most ${max} operations open.`);
}

/** `http` is for Yoga's HTTP answers only. */
function withoutHttp(error: GraphQLError) {
  const { extensions, ...rest } = error.toJSON();
  return { ...rest, extensions: { ...extensions, http: undefined } };
}

/**
 * Writes whole frames past ws, which would write the head of each by itself. That is safe where
 * messages are neither compressed nor sent in parts: ws then writes each of its frames at once.
 */
function frameWriter(socket: WebSocket, connection: Duplex): WriteFrame {
  return (frame, done) => {
    // Nothing may follow the frame that closes; a client that goes gets no more.
    if (socket.readyState === socket.OPEN) connection.write(frame, done);
  };
}

function startPinging(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
