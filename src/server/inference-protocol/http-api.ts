import { ServiceError } from '../../errors.ts';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { HEADER_LENGTH } from '../../inference-protocol/infer-body.ts';
import type { Services } from '../../services/services.ts';
import { failCall } from '../call/fail-call.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import type { HttpApi, HttpHandler } from '../http/http-router.ts';
import { acceptedEncoding, compress, decompress } from './http-body.ts';
import { ROUTES, type InferenceRoute, matchRoute } from './routes.ts';

/** What {@link createInferenceProtocolApi} needs. */
export interface InferenceProtocolOptions {
  readonly config: Pick<Config, 'maxBodyBytes' | 'maxAnswerBytes'>;
  readonly services: Services;
  readonly pipeline: Pipeline;
  readonly logger: Logger;
  /** Version of the server, for its metadata. */
  readonly serverVersion: string;
}

/** Media types of a body; a missing one is JSON. */
const BODY_TYPES = new Set(['', 'application/json', 'application/octet-stream']);

/**
 * What `curl -d` and `fetch` say of JSON where nobody tells them. Pages of other sites can post these
 * unasked, so that they are not taken for what changes something.
 */
const CARELESS_TYPES = new Set(['application/x-www-form-urlencoded', 'text/plain']);

/**
 * The Open Inference Protocol (KServe V2) over HTTP, with the extensions of Triton for binary
 * tensors, repository, statistics, configuration, classification and generate.
 */
export function createInferenceProtocolApi(options: InferenceProtocolOptions): HttpApi {
  const { config, services, pipeline, logger, serverVersion } = options;
  const answer = async (call: ServerCall, exchange: Exchange): Promise<HttpAnswer> => {
    const match = matchRoute(exchange.method, exchange.path);
    if (!match) {
      const path = JSON.stringify(exchange.path.slice(0, 200));
      const paths = [...new Set(ROUTES.map((route) => route.path))].join(', ');
      throw new ServiceError('NOT_FOUND', `No route ${path}; there is ${paths}.`);
    }
    if ('allow' in match) {
      const methods = match.allow.join(', ');
      const error = new ServiceError(
        'METHOD_NOT_ALLOWED',
        `${exchange.path.slice(0, 200)} answers to ${methods}.`,
      );
      call.fail(error);
      return toRefusal(error, { Allow: methods });
    }
    const { route, model, version } = match;
    if (model !== undefined) call.model = model;
    return pipeline.run(call, { kind: route.operationId }, async () => {
      const body =
        route.method === 'POST' ? await readBody(exchange, route, config.maxBodyBytes) : NO_BODY;
      const headerLength = exchange.header(HEADER_LENGTH.toLowerCase());
      const target = { model: model ?? '', version };
      const { json } = exchange;
      const context = {
        call,
        services,
        serverVersion,
        json,
        maxAnswerBytes: config.maxAnswerBytes,
      };
      const given = await route.handle({ ...target, body, headerLength }, context);
      return compressed(given, route, exchange.header('accept-encoding'));
    });
  };
  const handle: HttpHandler = {
    isProbe: false,
    isPublic: false,
    async answer(call, exchange) {
      try {
        return await answer(call, exchange);
      } catch (thrown) {
        return toRefusal(failCall(call, thrown, logger));
      }
    },
  };
  const probe: HttpHandler = { ...handle, isProbe: true, isPublic: true };
  return {
    name: 'inference-protocol',
    find({ path }) {
      if (path !== '/v2' && !path.startsWith('/v2/')) return undefined;
      return path.startsWith('/v2/health/') ? probe : handle;
    },
    refusal: (error) => toRefusal(error),
  };
}

const NO_BODY = Buffer.alloc(0);

async function readBody(
  exchange: Exchange,
  { changesModels = false }: InferenceRoute,
  maxBytes: number,
): Promise<Buffer> {
  const type = exchange.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isTaken = BODY_TYPES.has(type) || (!changesModels && CARELESS_TYPES.has(type));
  if (!isTaken && !/^application\/[\w.!#$&^+-]+\+json$/.test(type)) {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be sent as application/json or application/octet-stream.',
    );
  }
  const body = await exchange.readBody();
  return decompress(body, exchange.header('content-encoding'), maxBytes);
}

async function compressed(
  answer: HttpAnswer,
  { isCompressible = false }: InferenceRoute,
  acceptEncoding: string | undefined,
): Promise<HttpAnswer> {
  if (!isCompressible || !Buffer.isBuffer(answer.body)) return answer;
  const encoding = acceptedEncoding(acceptEncoding);
  const vary = { Vary: 'Accept-Encoding' };
  if (!encoding) return { ...answer, headers: { ...answer.headers, ...vary } };
  return {
    ...answer,
    headers: { ...answer.headers, ...vary, 'Content-Encoding': encoding },
    body: await compress(answer.body, encoding),
  };
}

/** An error in the shape of the protocol: `{"error": "a text"}`. */
export function toRefusal(
  error: ServiceError,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    status: error.status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      ...(error.retryAfterSeconds !== undefined && {
        'Retry-After': String(Math.ceil(error.retryAfterSeconds)),
      }),
      ...headers,
    },
    body: { error: error.message },
  };
}
