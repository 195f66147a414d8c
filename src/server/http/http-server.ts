import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { type ServiceError, toServiceError } from '../../errors.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import { failCall } from '../call/fail-call.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { GraphQLWebSockets } from '../graphql/websocket.ts';
import { baseHeaders, preflightHeaders } from './base-headers.ts';
import type { Certificate } from './certificate.ts';
import { closeListener } from './close-listener.ts';
import { forgetLast } from './closing-connection.ts';
import { Exchange, type Intake } from './exchange.ts';
import type { HttpHandler, HttpRouter } from './http-router.ts';
import type { JsonReader } from '../../json/json-reader.ts';
import { Quiet } from './quiet.ts';
import type { ReceivedBodies } from './received-bodies.ts';
import { writeRefusal } from './raw-answer.ts';
import { declaresTooLarge } from './receive-body.ts';
import { readTarget } from './request-target.ts';
import { UpgradeExchange } from './upgrade-exchange.ts';
import { readFailure, UnreadableRequest } from './unreadable-request.ts';
import { answerWithoutUpgrade, isWebSocketUpgrade } from './upgrade-retry.ts';

/** Time that a client may take to send its headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 20_000;

/**
 * Marks a connection over which an answer is owed, or on its way. A set of them would keep alive what
 * comes after it.
 */
const ANSWERING = Symbol('answering');

type MarkedSocket = Duplex & { [ANSWERING]?: boolean };

/** Time that a client may take to send a whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Time that a client may take to agree on encryption, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Idle connections are kept longer than common load balancers keep theirs (60 s). */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Time that streams and sockets get to say good-bye, in milliseconds. */
const GOODBYE_MS = 1_000;

/** What {@link createHttpTransport} needs. */
export interface HttpTransportOptions {
  readonly config: Pick<
    Config,
    'host' | 'port' | 'maxBodyBytes' | 'corsOrigin' | 'maxSubscriptions'
  >;
  readonly pipeline: Pipeline;
  readonly tracker: CallTracker;
  readonly router: HttpRouter;
  readonly sockets: GraphQLWebSockets;
  /** All bodies that are being received. */
  readonly bodies: ReceivedBodies;
  readonly json: JsonReader;
  /** Encrypts what is sent; started before {@link HttpTransport.listen}. @default plain HTTP */
  readonly certificate?: Certificate | undefined;
  readonly logger: Logger;
}

/** HTTP and WebSocket behind one port. A graceful shutdown calls the steps in their order. */
export interface HttpTransport {
  /** Starts to listen. Rejects where the port is taken. */
  listen(): Promise<{ host: string; port: number }>;
  /**
   * Step 1: no new connections. What still comes over those that are open is answered and closes
   * them; WebSockets are told to go, with 1001. Resolves when nobody can connect any more.
   */
  stopAccepting(): Promise<void>;
  /**
   * Step 2: resolves when all connections have ended, or nothing has come over them for `quietMs`,
   * or after `limitMs`.
   */
  quiet(quietMs: number, limitMs: number): Promise<void>;
  /** Step 3: closes what is still open. */
  close(): Promise<void>;
}

/**
 * Creates the HTTP transport; it does not listen yet. Every request becomes a call of the pipeline
 * before anything of its body is read, and the API that it is for answers it.
 */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { config, pipeline, tracker, router, sockets, bodies, json, logger } = options;
  const headers = baseHeaders(config.corsOrigin);
  const intake: Intake = {
    maxBodyBytes: config.maxBodyBytes,
    bodies,
    json,
    received: (call) => pipeline.received(call),
  };

  const fail = (exchange: Exchange, thrown: unknown): void => {
    const error = failCall(exchange.call, thrown, logger);
    if (exchange.res.headersSent) exchange.res.destroy();
    else exchange.send(router.refusal(exchange, error));
  };

  const handle = (handler: HttpHandler, exchange: Exchange, call: ServerCall): void => {
    handler.answer(call, exchange).then(
      (given) => {
        if (given) exchange.send(given);
      },
      (thrown: unknown) => fail(exchange, thrown),
    );
  };

  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    if (isTooLate(req)) return;
    const socket: MarkedSocket = req.socket;
    socket[ANSWERING] = true;
    let path = req.url ?? '/';
    let invalid: ServiceError | undefined;
    try {
      path = readTarget(req);
    } catch (thrown) {
      invalid = toServiceError(thrown);
    }
    const exchange = new Exchange(req, res, path, headers, intake);
    if (tracker.draining) {
      quiet.active();
      forgetLast(req.socket);
    }
    if (tracker.draining || invalid) exchange.drain();
    const handler = router.resolve(exchange);
    // What browsers ask before they send a credential.
    if (isPreflight(req)) exchange.isPublic = true;
    const call = pipeline.open(exchange);
    exchange.call = call;
    res.on('close', () => {
      socket[ANSWERING] = false;
      exchange.closed();
      pipeline.end(call, { status: res.statusCode, aborted: exchange.aborted });
      quiet.active();
      // A stream's headers were sent before the shutdown: its connection is still kept alive.
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
    try {
      const admitted = pipeline.admit(call);
      if (invalid) throw invalid;
      if (isPreflight(req)) {
        exchange.send({ status: 204, headers: preflightHeaders(config.corsOrigin), body: '' });
      } else if (admitted) {
        admitted.then(
          () => handle(handler, exchange, call),
          (thrown: unknown) => fail(exchange, thrown),
        );
      } else handle(handler, exchange, call);
    } catch (thrown) {
      fail(exchange, thrown);
    }
  };

  const onUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    if (isTooLate(req)) {
      socket.destroy();
      return;
    }
    if (!isWebSocketUpgrade(req)) {
      answerWithoutUpgrade(server, req, socket, head);
      return;
    }
    const upgrade = new UpgradeExchange(req, socket, headers);
    const call = pipeline.open(upgrade);
    upgrade.call = call;
    const refuse = (thrown: unknown): void => {
      const error = failCall(call, thrown, logger);
      upgrade.refuse(router.refusal(upgrade, error));
      pipeline.end(call, { status: error.status, aborted: false });
    };
    const open = (): void => {
      try {
        router.checkUpgrade(upgrade, sockets.size, config.maxSubscriptions);
        let isOpen = false;
        socket.once('close', () => {
          if (!isOpen) pipeline.end(call, { status: 400, aborted: true });
        });
        sockets.open(req, socket, head, call.principal, () => {
          isOpen = true;
          pipeline.end(call, { status: 101, aborted: false });
        });
      } catch (thrown) {
        refuse(thrown);
      }
    };
    try {
      const admitted = pipeline.admit(call);
      if (admitted) admitted.then(open, refuse);
      else open();
    } catch (thrown) {
      refuse(thrown);
    }
  };

  const onUnreadable = (failure: Error, socket: MarkedSocket): void => {
    // The client has gone, or there is no encryption that both speak, or an answer is under way
    // already, which must not be written into.
    if (!socket.writable || isTls !== encrypted.has(socket) || socket[ANSWERING] === true) {
      socket.destroy();
      return;
    }
    const source = new UnreadableRequest(socket);
    const call = pipeline.open(source);
    const error = readFailure(failure);
    call.fail(error);
    writeRefusal(socket, router.refusal(source, error), call, headers);
    pipeline.end(call, { status: error.status, aborted: false });
  };

  const timeouts = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  const isTls = options.certificate !== undefined;
  const encrypted = new WeakSet<Duplex>();
  const server = isTls
    ? createTlsServer({ ...timeouts, handshakeTimeout: HANDSHAKE_TIMEOUT_MS })
    : createServer(timeouts);
  if (options.certificate) encrypt(server as TlsServer, options.certificate, encrypted);
  server.on('request', onRequest);
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    if (isTooLate(req)) return;
    // A client that asks first need not send what would be refused.
    if (!declaresTooLarge(req, config.maxBodyBytes)) res.writeContinue();
    onRequest(req, res);
  });
  server.on('upgrade', onUpgrade);
  server.on('clientError', onUnreadable);

  const quiet = new Quiet();
  let isClosing = false;
  let stopped: Promise<{ gone: Promise<void> }> | undefined;
  const stopAccepting = (): Promise<{ gone: Promise<void> }> =>
    (stopped ??= closeListener(server, () => {
      tracker.startDraining();
      sockets.sayGoodbye();
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
    async stopAccepting() {
      await stopAccepting();
    },
    async quiet(quietMs, limitMs) {
      const { gone } = await stopAccepting();
      await quiet.wait({ quietMs, limitMs, gone, isBusy: () => tracker.size > 0 });
    },
    async close() {
      const { gone } = await stopAccepting();
      isClosing = true;
      // Nothing listens any more: this ends idle connections, and the watch over slow ones.
      server.close(() => undefined);
      const timer = setTimeout(() => server.closeAllConnections(), GOODBYE_MS);
      await Promise.all([sockets.close(GOODBYE_MS), gone]);
      clearTimeout(timer);
    },
  };
}

/**
 * Gives a server its certificate, and each that follows; connections that are open keep theirs.
 *
 * @param encrypted takes the sockets over which both sides have agreed on encryption
 */
function encrypt(server: TlsServer, certificate: Certificate, encrypted: WeakSet<Duplex>): void {
  // Before any other listener: the first request may come with the end of the handshake.
  server.prependListener('secureConnection', (socket) => encrypted.add(socket));
  certificate.onFiles((files) => server.setSecureContext(files));
}

/**
 * Whether a request came after the last answer of its connection, which its client had not read yet.
 * It is not begun: there is no way back to the client.
 */
function isTooLate(req: IncomingMessage): boolean {
  if (!req.socket.writableEnded) return false;
  req.resume();
  return true;
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
