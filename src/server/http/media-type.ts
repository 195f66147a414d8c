import { ServiceError } from '../../errors.ts';

const JSON_MEDIA_TYPE = /^application\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i;

/**
 * Checks that the body is announced as JSON, not compressed. Requiring it also keeps other sites
 * from posting here with a plain form, which browsers send without asking.
 *
 * @param others further media types that the route takes, as the message names them
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireJson(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  others = '',
): void {
  if (contentType === undefined || !JSON_MEDIA_TYPE.test(contentType.trimStart())) {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must be sent as Content-Type: application/json${others}.`,
    );
  }
  refuseCompressed(contentEncoding);
}

/**
 * Refuses a body that is compressed.
 *
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`
 */
export function refuseCompressed(contentEncoding: string | undefined): void {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'A compressed body (Content-Encoding) is not supported.',
    );
  }
}
