import { Metadata, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { type ErrorCode, ServiceError } from '../../errors.ts';
import type { Services } from '../../services/services.ts';
import { failCall } from '../call/fail-call.ts';
import type { Pipeline } from '../call/pipeline.ts';
import { type GrpcContext, modelOf } from './grpc-methods.ts';
import { type GrpcSource, toMetadata } from './grpc-source.ts';

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
  JSON_TOO_COMPLEX: status.INVALID_ARGUMENT,
  REQUEST_TIMEOUT: status.DEADLINE_EXCEEDED,
  ANSWER_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  UNSUPPORTED_MEDIA_TYPE: status.INVALID_ARGUMENT,
  RATE_LIMITED: status.RESOURCE_EXHAUSTED,
  INFERENCE_FAILED: status.INTERNAL,
  INTERNAL_SERVER_ERROR: status.INTERNAL,
  MODEL_NOT_READY: status.UNAVAILABLE,
  OVERLOADED: status.UNAVAILABLE,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
};

/** A message that could not be read: it is refused like any other bad input, in the pipeline. */
export class Malformed {
  readonly error = new ServiceError('BAD_USER_INPUT', 'The message is not valid.');
}

/** A call that failed, as the library takes it. */
export class GrpcFailure extends Error {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  /** @param told what the client is told beside it */
  constructor(error: ServiceError, told = new Metadata()) {
    super(error.message);
    this.code = CODES[error.code];
    this.details = error.message;
    this.metadata = told;
    told.set('error-code', error.code);
    if (error.retryAfterSeconds !== undefined) {
      told.set('retry-after', String(Math.ceil(error.retryAfterSeconds)));
    }
  }
}

/** What {@link GrpcCalls} needs. */
export interface GrpcCallsOptions {
  readonly services: Services;
  readonly pipeline: Pipeline;
  readonly logger: Logger;
  readonly serverVersion: string;
}

/** Brings what comes over gRPC through the pipeline. */
export class GrpcCalls {
  readonly #options: GrpcCallsOptions;

  constructor(options: GrpcCallsOptions) {
    this.#options = options;
  }

  /**
   * Opens a call, lets it in, does its work, and ends it.
   *
   * @param kind name of the method
   * @throws {GrpcFailure}
   */
  async run<T>(
    source: GrpcSource,
    kind: string,
    message: unknown,
    work: (message: unknown, context: GrpcContext) => T | Promise<T>,
  ): Promise<T> {
    const { pipeline, services, logger, serverVersion } = this.#options;
    const call = pipeline.open(source);
    try {
      await pipeline.admit(call);
      const remainingMs = source.remainingMs();
      if (remainingMs !== undefined) {
        call.timeoutMs = Math.min(call.timeoutMs ?? Infinity, remainingMs);
      }
      if (message instanceof Malformed) throw message.error;
      call.model = modelOf(message);
      const answer = await pipeline.run(call, { kind }, () =>
        work(message, { call, services, serverVersion }),
      );
      source.sendHeaders(call);
      pipeline.end(call, { status: 200, aborted: source.aborted });
      return answer;
    } catch (thrown) {
      const error = failCall(call, thrown, logger);
      pipeline.end(call, { status: error.status, aborted: source.aborted });
      throw new GrpcFailure(error, toMetadata(call));
    }
  }
}
