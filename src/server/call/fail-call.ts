import type { Logger } from 'pino';
import { type ServiceError, toServiceError } from '../../errors.ts';
import type { ServerCall } from './server-call.ts';

/**
 * Notes what a call failed with, and logs it where it is a defect.
 *
 * @param thrown anything
 * @returns it as an error of the registry, which the caller may be told
 */
export function failCall(
  call: ServerCall | undefined,
  thrown: unknown,
  logger: Logger,
): ServiceError {
  const error = toServiceError(thrown);
  if (error.code === 'INTERNAL_SERVER_ERROR') {
    logger.error({ requestId: call?.id, err: error.cause ?? error }, 'request failed');
  }
  call?.fail(error);
  return error;
}
