import protobuf from 'protobufjs';
import type { MethodType } from './messages.ts';

/** Full name of the health service of gRPC. */
export const HEALTH_SERVICE_NAME = 'grpc.health.v1.Health';

/** `ServingStatus`. */
export const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2 } as const;

const DEFINITION = `
syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
`;

/** `Check` of the health service (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
export function healthCheckMethod(): MethodType {
  const { root } = protobuf.parse(DEFINITION);
  const type = (name: string) => {
    const found = root.lookupType(`grpc.health.v1.${name}`);
    return {
      encode: (message: object) => found.encode(message).finish() as Buffer,
      decode: (bytes: Uint8Array): unknown => found.decode(bytes),
    };
  };
  return {
    name: 'Check',
    request: type('HealthCheckRequest'),
    response: type('HealthCheckResponse'),
    requestStream: false,
    responseStream: false,
  };
}
