import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import {
  CloseCode,
  type Context,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  MessageType,
  type SubscribePayload,
} from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access } from '../../access/access.ts';
import type { Config } from '../../config.ts';
import { ServiceError, toServiceError } from '../../errors.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { GraphQLApi } from './graphql-api.ts';
import { readParams } from './operation-params.ts';
import { jsonInTurns } from '../../json/json-writer.ts';
import type { CallCounters } from '../call/policies/call-metrics.ts';
import type { JsonReader } from '../../json/json-reader.ts';
import type { ReceivedBodies } from '../http/received-bodies.ts';
import type { PreparedOperation } from './prepare.ts';
import type { WriteFrame } from './shared/frame-receiver.ts';
import type { Principal } from '../../services/principal.ts';
import { frameWriter, startPinging } from './socket-connection.ts';
import { SocketLimits } from './socket-limits.ts';
import { SocketOperation } from './socket-operation.ts';
import { SocketSession } from './socket-session.ts';

/** Time that a client has to introduce itself, in milliseconds. */
const INIT_TIMEOUT_MS = 10_000;

/** Close code of a server that goes away. */
const GOING_AWAY = 1001;

/** What {@link createWebSocketServer} needs. */
export interface WebSocketOptions {
  readonly config: Pick<
    Config,
    'maxBodyBytes' | 'maxSocketOperations' | 'maxSocketMessagesPerSecond' | 'maxSocketBufferBytes'
  >;
  readonly api: GraphQLApi;
  readonly pipeline: Pipeline;
  readonly access: Access;
  /** All bodies that are being received; messages of sockets are among them. */
  readonly bodies: ReceivedBodies;
  readonly json: JsonReader;
  readonly counters: Pick<CallCounters, 'limitReached'>;
  readonly logger: Logger;
  /** Called with the call of each subscription, which is no request that is being answered. */
  readonly onStream: (call: ServerCall) => void;
}

/** GraphQL over WebSocket. */
export interface GraphQLWebSockets {
  /** Sockets that are open. */
  readonly size: number;
  /**
   * Makes a WebSocket of a connection that asks to become one, and that the pipeline has admitted.
   *
   * @param principal who the request named; it may name another one with `connection_init`
   * @param onOpen called when it is one
   */
  open(
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    principal: Principal,
    onOpen: () => void,
  ): void;
  /**
   * Tells every client that the server goes away (1001), as soon as its queries and mutations have
   * their answers. No operation is begun any more.
   */
  sayGoodbye(): void;
  /**
   * Closes what is still open, and resolves when all have gone.
   *
   * @param graceMs time after which those that do not answer are cut off, in milliseconds
   */
  close(graceMs: number): Promise<void>;
}

interface Extra {
  readonly session: SocketSession;
  readonly req: IncomingMessage;
  readonly writeFrame: WriteFrame;
  readonly limits: SocketLimits;
  /** Operations that run, or are about to. */
  readonly operations: Set<SocketOperation>;
  /** Closes the socket as soon as it has its answers. */
  readonly sayGoodbye: () => void;
  /** The operation that the message being received has begun. */
  begun: SocketOperation | undefined;
}

type SocketContext = Context<Record<string, unknown> | undefined, Extra>;

/** What travels from the preparation of an operation to its execution. */
interface PreparedArgs extends ExecutionArgs {
  readonly extra: Extra;
  readonly prepared: PreparedOperation;
  readonly operation: SocketOperation;
  readonly call: ServerCall;
}

/** The `traceparent` that a payload names; headers cannot be set for each operation of a socket. */
function readTraceparent(payload: Readonly<Record<string, unknown>> | null | undefined) {
  const traceparent = payload?.traceparent;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/**
 * Creates the WebSocket transport: each operation of a socket is a call of its own through the
 * pipeline, with a signal of its own. It stands on graphql-ws's `makeServer` and not on its
 * `useServer`, which writes every socket that breaks off to the console.
 */
export function createWebSocketServer(options: WebSocketOptions): GraphQLWebSockets {
  const { config, api, pipeline, access, logger } = options;
  const wss = new WebSocketServer({
    noServer: true,
    // Every client would cost a compressor's memory and time; shared frames are sent as they are.
    perMessageDeflate: false,
    maxPayload: config.maxBodyBytes,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  /** Whether every socket has been told to go, or is as soon as it has its answers. */
  let isLeaving = false;
  const goodbyes = new Set<() => void>();

  const prepare = async (
    { extra, connectionParams }: SocketContext,
    id: string,
    payload: SubscribePayload,
  ): Promise<PreparedArgs | readonly GraphQLError[]> => {
    const traceparent = readTraceparent(payload.extensions) ?? readTraceparent(connectionParams);
    const operation = new SocketOperation(
      id,
      extra.req,
      extra.session.principal,
      extra.writeFrame,
      traceparent,
    );
    const call = pipeline.open(operation);
    operation.call = call;
    extra.begun = operation;
    extra.operations.add(operation);
    try {
      await pipeline.admit(call);
      if (extra.operations.size > config.maxSocketOperations) {
        throw tooManyOperations(config.maxSocketOperations);
      }
      const prepared = await api.prepare(call, readParams(payload));
      if ('result' in prepared) {
        operation.status = 400;
        return prepared.result.errors ?? [];
      }
      const { schema, document, definition } = prepared;
      const operationName = definition.name?.value ?? null;
      return { schema, document, operationName, extra, prepared, operation, call };
    } catch (thrown) {
      const error = toServiceError(thrown);
      operation.status = error.status;
      return api.refuse(call, error).result.errors ?? [];
    }
  };

  const run = async ({ prepared, operation, call }: PreparedArgs): Promise<ExecutionResult> => {
    const { result, refusal } = await api.run(call, prepared);
    if (refusal instanceof ServiceError) operation.status = refusal.status;
    return result;
  };

  const subscribe = async ({ extra, prepared, operation, call }: PreparedArgs) => {
    options.onStream(call);
    operation.isStream = true;
    if (isLeaving) extra.sayGoodbye();
    const answer = await api.subscribe(call, prepared, operation.receiver);
    if ('stream' in answer) return answer.stream;
    if (answer.refusal instanceof ServiceError) operation.status = answer.refusal.status;
    return answer.result;
  };

  const protocol = makeServer<Record<string, unknown> | undefined, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    // Without a good credential the socket is closed with 4403.
    onConnect: ({ extra, connectionParams }) =>
      extra.session.open(connectionParams).then(
        () => true,
        () => false,
      ),
    onSubscribe: prepare,
    execute: (args) => {
      const prepared = args as PreparedArgs;
      const { operation, extra } = prepared;
      return operation.stream(
        () => run(prepared),
        async (payload) => {
          const message = { id: operation.id, type: MessageType.Next, payload };
          await extra.limits.send(await jsonInTurns(message));
        },
      );
    },
    subscribe: (args) => subscribe(args as PreparedArgs),
  });

  /** Ends the call of an operation whose message graphql-ws is done with. */
  const end = (extra: Extra, operation: SocketOperation): void => {
    extra.operations.delete(operation);
    const { call, status, aborted } = operation;
    if (call) pipeline.end(call, { status, aborted });
    if (isLeaving) extra.sayGoodbye();
  };

  const receive = async (
    extra: Extra,
    text: string,
    handle: (text: string) => Promise<void>,
  ): Promise<void> => {
    // It resolves when everything that the message has begun has ended.
    const handled = handle(text);
    const { begun } = extra;
    extra.begun = undefined;
    try {
      await handled;
    } finally {
      if (begun) end(extra, begun);
    }
  };

  wss.on('connection', (socket: WebSocket, req: IncomingMessage, principal: Principal) => {
    const writeFrame = frameWriter(socket, req.socket);
    const session: SocketSession = new SocketSession({
      access,
      source: {
        peerAddress: req.socket.remoteAddress,
        header: (name) => {
          const value = req.headers[name];
          return Array.isArray(value) ? value.join(', ') : value;
        },
      },
      principal,
      onEnd: () => socket.close(CloseCode.Forbidden, 'The credential has ended'),
    });
    const limits = new SocketLimits(socket, req.socket, options);
    const extra: Extra = {
      req,
      session,
      writeFrame,
      limits,
      operations: new Set(),
      begun: undefined,
      sayGoodbye: () => {
        const isAnswering = Array.from(extra.operations).some(({ isStream }) => !isStream);
        if (!isAnswering) socket.close(GOING_AWAY, 'Going away');
      },
    };
    goodbyes.add(extra.sayGoodbye);
    if (isLeaving) extra.sayGoodbye();
    // ws closes the socket itself after an error (a frame that is too large, say).
    socket.on('error', (err) => logger.debug({ err: err.message }, 'websocket'));
    const stopPinging = startPinging(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => limits.send(data),
        close: (code, reason = '') => socket.close(code, reason.slice(0, MAX_REASON)),
        onPing: (payload) => answerPing(socket, extra, payload),
        onMessage: (handle) => {
          socket.on('message', (data: Buffer) => {
            if (!limits.take(data)) return;
            const text = data.toString('utf8');
            // Not begun, and so not answered: its client asks again over its next socket.
            if (isLeaving && beginsOperation(text)) return;
            receive(extra, text, handle).catch((err: unknown) => {
              logger.warn({ err }, 'websocket message failed');
              socket.close(CloseCode.BadRequest, 'Invalid message');
            });
          });
        },
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      limits.close();
      goodbyes.delete(extra.sayGoodbye);
      session.close();
      for (const operation of extra.operations) operation.abort();
      closed(code, reason.toString()).catch((err: unknown) =>
        logger.error({ err }, 'websocket clean-up failed'),
      );
    });
  });

  return {
    get size() {
      return wss.clients.size;
    },
    open(req, socket, head, principal, onOpen) {
      wss.handleUpgrade(req, socket, head, (client) => {
        onOpen();
        wss.emit('connection', client, req, principal);
      });
    },
    sayGoodbye() {
      isLeaving = true;
      for (const sayGoodbye of goodbyes) sayGoodbye();
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

/**
 * A ping may bring a new credential before the old one ends. What runs goes on under it, so that it
 * must see the same.
 */
async function answerPing(
  socket: WebSocket,
  { session, operations }: Extra,
  payload: Record<string, unknown> | undefined,
): Promise<void> {
  const { view } = session.principal;
  let isRenewed: boolean;
  try {
    isRenewed = await session.renew(payload);
  } catch {
    socket.close(CloseCode.Forbidden, 'Forbidden');
    return;
  }
  if (isRenewed && operations.size > 0 && session.principal.view !== view) {
    socket.close(CloseCode.Forbidden, 'The new credential has other rights');
    return;
  }
  // A credential is not sent back.
  socket.send(JSON.stringify({ type: 'pong', ...(payload && !isRenewed && { payload }) }));
}

/** Longest reason of a closed socket, in bytes (RFC 6455, section 5.5). */
const MAX_REASON = 123;

function tooManyOperations(max: number): ServiceError {
  return new ServiceError('RATE_LIMITED', `A WebSocket may have at most ${max} operations open.`, {
    retryAfterSeconds: 1,
    limit: 'MAX_SOCKET_OPERATIONS',
  });
}

function beginsOperation(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type === 'subscribe';
  } catch {
    return false;
  }
}
