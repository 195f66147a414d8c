import { promisify } from 'node:util';
import { deflate, gunzip, gzip, inflate, constants } from 'node:zlib';
import { badInput, ServiceError } from '../../errors.ts';

const inflaters = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** Speed before size: who asks for the smallest has a proxy for it. */
const options = { level: constants.Z_BEST_SPEED } as const;
const compressors = {
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, options),
  deflate: (bytes: Buffer) => promisify(deflate)(bytes, options),
} as const;

/** How a body may be compressed; `deflate` is a zlib stream. */
export type Encoding = keyof typeof compressors;

/**
 * Undoes the `Content-Encoding` of a body.
 *
 * @param maxBytes most bytes that may come out
 * @throws {ServiceError} `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE` or `BAD_USER_INPUT`
 */
export async function decompress(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  const encoding = name === 'x-gzip' ? 'gzip' : name;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The Content-Encoding of the body is not supported; allowed are gzip, deflate and identity.',
    );
  }
  try {
    return await inflaters[encoding](body, { maxOutputLength: maxBytes });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ServiceError(
        'PAYLOAD_TOO_LARGE',
        `The body is larger than ${maxBytes} bytes; send less at a time.`,
        { details: { maxBytes } },
      );
    }
    throw badInput(`The body is not valid ${encoding}.`);
  }
}

/** The encoding that an `Accept-Encoding` header prefers of those that are offered. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  let best: Encoding | undefined;
  let bestWeight = 0;
  for (const part of header?.toLowerCase().split(',') ?? []) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if ((name === 'gzip' || name === 'deflate') && weight > bestWeight) {
      best = name;
      bestWeight = weight;
    }
  }
  return best;
}

/** Compresses an answer. */
export function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  return compressors[encoding](body);
}
