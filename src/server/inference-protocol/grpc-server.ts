import {
  experimental,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { ServiceError } from '../../errors.ts';
import type { Certificate } from '../http/certificate.ts';
import {
  HEALTH_SERVICE_NAME,
  healthCheckMethod,
  SERVING_STATUS,
} from '../../inference-protocol/health-messages.ts';
import {
  type MethodType,
  SERVICE_NAME,
  serviceMethods,
} from '../../inference-protocol/messages.ts';
import type { Services } from '../../services/services.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import type { Pipeline } from '../call/pipeline.ts';
import { GrpcCalls, GrpcFailure, Malformed } from './grpc-calls.ts';
import { UNARY_METHODS, type UnaryMethod } from './grpc-methods.ts';
import { GrpcSource } from './grpc-source.ts';
import { InferStreams } from './grpc-stream.ts';

/** What {@link createGrpcServer} needs. */
export interface GrpcServerOptions {
  readonly config: Pick<Config, 'host' | 'grpcPort' | 'maxBodyBytes'>;
  readonly services: Services;
  readonly pipeline: Pipeline;
  readonly tracker: CallTracker;
  readonly logger: Logger;
  readonly serverVersion: string;
  /** Encrypts what is sent; started before {@link GrpcServer.listen}. @default plain text */
  readonly certificate?: Certificate | undefined;
}

/** gRPC on a port of its own. */
export interface GrpcServer {
  /** Starts to listen. Rejects where the port is taken. */
  listen(): Promise<{ readonly port: number }>;
  /** Takes no new connections and ends streams; what was begun may end. */
  stopAccepting(): void;
  /** Resolves when what was begun has ended. */
  drained(): Promise<void>;
  /** Ends all connections. */
  close(): void;
}

/** Room for what is not the tensors of a message, in bytes. */
const ENVELOPE_BYTES = 64 * 1024;

/** The Open Inference Protocol over gRPC, through the same pipeline as HTTP. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { config, services, tracker } = options;
  const server = new Server({
    'grpc.max_receive_message_length': config.maxBodyBytes + ENVELOPE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  const calls = new GrpcCalls(options);
  const streams = new InferStreams(calls);

  const unary =
    ({ name }: MethodType, work: UnaryMethod) =>
    (grpc: ServerUnaryCall<unknown, object>, callback: sendUnaryData<object>): void => {
      calls.run(new GrpcSource(grpc, name), name, grpc.request, work).then(
        (answer) => callback(null, answer),
        (failure: unknown) => callback(failure instanceof GrpcFailure ? failure : UNKNOWN),
      );
    };

  const implementation: UntypedServiceImplementation = { ModelStreamInfer: streams.serve };
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

  let ended: Promise<void> | undefined;
  const stop = () =>
    (ended ??= new Promise((resolve) => {
      // An error would say that it never listened.
      server.tryShutdown(() => resolve());
      streams.drain();
    }));
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const host = config.host.includes(':') ? `[${config.host}]` : config.host;
        const address = `${host}:${config.grpcPort ?? 0}`;
        server.bindAsync(address, credentialsOf(options.certificate), (error, port) => {
          if (error) reject(error);
          else resolve({ port });
        });
      }),
    stopAccepting: () => void stop(),
    drained: stop,
    close: () => server.forceShutdown(),
  };
}

function credentialsOf(certificate: Certificate | undefined): ServerCredentials {
  if (!certificate) return ServerCredentials.createInsecure();
  // The package names its parameters the other way round: the first one is that of the server.
  return experimental.createCertificateProviderServerCredentials(
    {
      addCaCertificateListener: () => undefined,
      removeCaCertificateListener: () => undefined,
      // The server listens to what is told only after this has returned.
      addIdentityCertificateListener: (listener) =>
        queueMicrotask(() =>
          certificate.onFiles(({ cert, key }) => listener({ certificate: cert, privateKey: key })),
        ),
      removeIdentityCertificateListener: () => undefined,
    },
    null,
    false,
  );
}

/** What cannot happen: whatever fails in a call is a {@link GrpcFailure}. */
const UNKNOWN = { code: status.INTERNAL, details: 'The call failed.', metadata: new Metadata() };

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
