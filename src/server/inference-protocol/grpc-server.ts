import {
  compressionAlgorithms,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { type ErrorCode, ServiceError, toServiceError } from '../../errors.ts';
import {
  HEALTH_SERVICE_NAME,
  healthCheckMethod,
  SERVING_STATUS,
} from '../../inference-protocol/health-messages.ts';
import {
  type InferRequestMessage,
  type MethodType,
  SERVICE_NAME,
  serviceMethods,
} from '../../inference-protocol/messages.ts';
import type { Services } from '../../services/services.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import { GrpcSource } from './grpc-source.ts';
import { type GrpcContext, UNARY_METHODS } from './grpc-methods.ts';

/** What {@link createGrpcServer} needs. */
export interface GrpcServerOptions {
  readonly config: Pick<Config, 'host' | 'grpcPort' | 'maxBodyBytes'>;
  readonly services: Services;
  readonly pipeline: Pipeline;
  readonly tracker: CallTracker;
  readonly logger: Logger;
  readonly serverVersion: string;
}

/** gRPC on a port of its own. */
export interface GrpcServer {
  /** Starts to listen. Rejects where the port is taken. */
  listen(): Promise<{ readonly port: number }>;
  /**
   * Takes no new connections, and tells those that are open to go (`GOAWAY`): their calls are
   * answered, their streams end with `UNAVAILABLE` as soon as their messages are answered.
   */
  stopAccepting(): void;
  /** Ends all connections; resolves when they have ended. */
  close(): Promise<void>;
}

const CODES: Readonly<Record<ErrorCode, status>> = {
  BAD_USER_INPUT: status.INVALID_ARGUMENT,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  NOT_FOUND: status.UNIMPLEMENTED,
  MODEL_NOT_FOUND: status.NOT_FOUND,
  METHOD_NOT_ALLOWED: status.UNIMPLEMENTED,
  COST_EXCEEDED: status.INVALID_ARGUMENT,
  PERSISTED_QUERY_NOT_FOUND: status.NOT_FOUND,
  PERSISTED_QUERY_NOT_SUPPORTED: status.INVALID_ARGUMENT,
  CONFLICT: status.FAILED_PRECONDITION,
  PAYLOAD_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  ANSWER_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  UNSUPPORTED_MEDIA_TYPE: status.INVALID_ARGUMENT,
  RATE_LIMITED: status.RESOURCE_EXHAUSTED,
  INFERENCE_FAILED: status.INTERNAL,
  INTERNAL_SERVER_ERROR: status.INTERNAL,
  MODEL_NOT_READY: status.UNAVAILABLE,
  OVERLOADED: status.UNAVAILABLE,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
};

/** Status of a stream that the shutdown ends. */
const GOING_AWAY = {
  code: status.UNAVAILABLE,
  details: 'The server is shutting down; connect again.',
};

/** Time that connections get to end before they are cut off, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Room for what is not the tensors of a message, in bytes. */
const ENVELOPE_BYTES = 64 * 1024;

/** The Open Inference Protocol over gRPC, through the same pipeline as HTTP. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { config, services, pipeline, tracker, logger, serverVersion } = options;
  const server = new Server({
    'grpc.max_receive_message_length': config.maxBodyBytes + ENVELOPE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.default_compression_algorithm': compressionAlgorithms.identity,
  });

  const refuse = (call: ServerCall, thrown: unknown) => {
    const error = toServiceError(thrown);
    if (error.code === 'INTERNAL_SERVER_ERROR') {
      logger.error({ requestId: call.id, err: error.cause ?? error }, 'request failed');
    }
    call.fail(error);
    return error;
  };

  /** Opens a call, lets it in, does its work, and ends it. */
  const through = async <T>(
    source: GrpcSource,
    kind: string,
    work: (context: GrpcContext) => T | Promise<T>,
  ): Promise<T> => {
    const call = pipeline.open(source);
    source.sendHeaders(call);
    try {
      await pipeline.admit(call);
      const remainingMs = source.remainingMs();
      if (remainingMs !== undefined) {
        call.timeoutMs = Math.min(call.timeoutMs ?? Infinity, remainingMs);
      }
      const answer = await pipeline.run(call, { kind }, () =>
        work({ call, services, serverVersion }),
      );
      pipeline.end(call, { status: 200, aborted: source.aborted });
      return answer;
    } catch (thrown) {
      const error = refuse(call, thrown);
      pipeline.end(call, { status: error.status, aborted: source.aborted });
      throw error;
    }
  };

  const unary =
    (
      method: MethodType,
      work: (message: unknown, context: GrpcContext) => object | Promise<object>,
    ) =>
    (grpc: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>): void => {
      const source = new GrpcSource(grpc, method.name);
      through(source, method.name, (context) => {
        if (grpc.request instanceof Malformed) throw grpc.request.error;
        return work(grpc.request, context);
      }).then(
        (answer) => callback(null, answer),
        (error: unknown) => callback(toGrpcError(toServiceError(error))),
      );
    };

  let gone: Promise<void> | undefined;
  const goodbyes = new Set<() => void>();

  /** Each message is a call of its own; the stream outlives the failure of one. */
  const streamInfer = (grpc: ServerDuplexStream<unknown, object>): void => {
    let pending = 0;
    let isOver = false;
    const settle = () => {
      if (pending > 0) return;
      if (isOver) grpc.end();
      else if (gone) grpc.emit('error', GOING_AWAY);
    };
    goodbyes.add(settle);
    grpc.on('close', () => goodbyes.delete(settle));
    if (gone) settle();
    grpc.on('data', (message: unknown) => {
      // Not begun, and so not answered: the status of the stream tells its client.
      if (gone) return;
      pending++;
      const source = new GrpcSource(grpc, 'ModelStreamInfer');
      through(source, 'ModelStreamInfer', (context) => {
        if (message instanceof Malformed) throw message.error;
        return UNARY_METHODS.ModelInfer?.(message, context) ?? {};
      })
        .then(
          (answer) => {
            const { parameters = {} } = message as InferRequestMessage;
            const wantsFinal = parameters.triton_enable_empty_final_response?.bool_param === true;
            const final = { triton_final_response: { bool_param: true } };
            grpc.write({
              infer_response: wantsFinal ? { ...answer, parameters: final } : answer,
            });
          },
          (error: unknown) => {
            const { id = '' } = (
              message instanceof Malformed ? {} : message
            ) as InferRequestMessage;
            grpc.write({
              error_message: toServiceError(error).message,
              infer_response: { id },
            });
          },
        )
        .finally(() => {
          source.dispose();
          pending--;
          settle();
        });
    });
    grpc.on('end', () => {
      isOver = true;
      settle();
    });
    grpc.on('error', () => undefined);
  };

  const implementation: UntypedServiceImplementation = { ModelStreamInfer: streamInfer };
  for (const [name, method] of serviceMethods()) {
    const work = UNARY_METHODS[name];
    if (work) implementation[name] = unary(method, work);
  }
  server.addService(toDefinition(SERVICE_NAME, serviceMethods().values()), implementation);
  const check = healthCheckMethod();
  server.addService(toDefinition(HEALTH_SERVICE_NAME, [check]), {
    Check: unary(check, (message, { call }) => {
      const { service } = message as { service: string };
      if (service !== '' && service !== SERVICE_NAME) {
        throw new ServiceError('MODEL_NOT_FOUND', `There is no service "${service}".`);
      }
      const isReady = services.health.report(call).ready && !tracker.draining;
      return { status: isReady ? SERVING_STATUS.SERVING : SERVING_STATUS.NOT_SERVING };
    }),
  });

  const stopAccepting = (): Promise<void> => {
    gone ??= new Promise((resolve) => server.tryShutdown(() => resolve()));
    for (const sayGoodbye of goodbyes) sayGoodbye();
    return gone;
  };

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const address = `${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.grpcPort ?? 0}`;
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
          if (error) reject(error);
          else resolve({ port });
        });
      }),
    stopAccepting: () => void stopAccepting(),
    async close() {
      const timer = setTimeout(() => server.forceShutdown(), GOODBYE_MS);
      await stopAccepting();
      clearTimeout(timer);
      server.forceShutdown();
    },
  };
}

/** A message that could not be read: it is refused like any other bad input, in the pipeline. */
class Malformed {
  readonly error = new ServiceError('BAD_USER_INPUT', 'The message is not valid.');
}

function toDefinition(service: string, methods: Iterable<MethodType>): ServiceDefinition {
  return Object.fromEntries(
    Array.from(methods, ({ name, request, response, requestStream, responseStream }) => [
      name,
      {
        path: `/${service}/${name}`,
        requestStream,
        responseStream,
        requestSerialize: (message: object) => request.encode(message),
        requestDeserialize: (bytes: Buffer) => {
          try {
            return request.decode(bytes);
          } catch {
            return new Malformed();
          }
        },
        responseSerialize: (message: object) => response.encode(message),
        responseDeserialize: (bytes: Buffer) => response.decode(bytes),
      },
    ]),
  );
}

function toGrpcError(error: ServiceError) {
  const metadata = new Metadata();
  metadata.set('error-code', error.code);
  if (error.retryAfterSeconds !== undefined) {
    metadata.set('retry-after', String(Math.ceil(error.retryAfterSeconds)));
  }
  return { code: CODES[error.code], details: error.message, metadata };
}
