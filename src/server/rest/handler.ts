import { ServiceError } from '../../errors.ts';
import { failCall } from '../call/fail-call.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import { requireJson } from '../http/request-body.ts';
import { toErrorResponse, toInputError } from './errors.ts';
import type { RestDependencies, RestRequest, RestResponse, RestRoute } from './route.ts';
import { isUpload, readUpload, UPLOAD_TYPES } from './upload.ts';
import type { Match, Router } from './router.ts';

/** Answers every call: by its route, or with the error that says why there is none. Never rejects. */
export type RestHandler = (call: ServerCall, exchange: Exchange) => Promise<HttpAnswer>;

/** Routes only read it. */
const NO_QUERY = new URLSearchParams();

/** What {@link createRestHandler} needs. */
export interface RestHandlerOptions extends RestDependencies {
  readonly pipeline: Pipeline;
  readonly router: Router;
  /** Further paths that exist, for the hint of a 404. */
  readonly pages: readonly string[];
}

/** The REST API without any transport. */
export function createRestHandler(options: RestHandlerOptions): RestHandler {
  const { router, services, logger, pipeline } = options;
  const hint = [...options.pages, ...router.paths].join(', ');
  const answer = async (call: ServerCall, exchange: Exchange): Promise<RestResponse> => {
    const match = router.match(exchange.method, exchange.path);
    if (!match) {
      const path = JSON.stringify(exchange.path.slice(0, 200));
      throw new ServiceError('NOT_FOUND', `No route ${path}; there is ${hint}.`);
    }
    if ('allow' in match) return methodNotAllowed(call, exchange, match.allow);
    return pipeline.run(call, { kind: match.route.operationId }, async () =>
      match.route.handle(await readRequest(call, exchange, match), services),
    );
  };
  return async (call, exchange) => {
    try {
      return await answer(call, exchange);
    } catch (thrown) {
      return toErrorResponse(failCall(call, thrown, logger));
    }
  };
}

async function readRequest(
  call: ServerCall,
  exchange: Exchange,
  { route, params }: Extract<Match, { route: RestRoute }>,
): Promise<RestRequest> {
  const { search } = exchange;
  return {
    call,
    body: route.requestSchema
      ? await readValidBody(exchange, route.requestSchema, route)
      : undefined,
    params,
    query: search === '' ? NO_QUERY : new URLSearchParams(search),
    header: (name) => exchange.header(name),
  };
}

async function readValidBody(
  exchange: Exchange,
  schema: NonNullable<RestRoute['requestSchema']>,
  { bodyOptional = false, refuse, upload }: RestRoute,
): Promise<unknown> {
  const contentType = exchange.header('content-type');
  if (upload && isUpload(contentType)) return readUpload(exchange, contentType, upload);
  // The media type is asked for without a body too: a form on any page may post one unasked.
  requireJson(contentType, exchange.header('content-encoding'), upload && UPLOAD_TYPES);
  if (bodyOptional && hasNoBody(exchange)) return schema.parse({});
  const body = await exchange.readJson();
  refuse?.(body);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw toInputError(parsed.error);
  return parsed.data;
}

function hasNoBody(exchange: Exchange): boolean {
  const length = exchange.header('content-length') ?? '0';
  return exchange.header('transfer-encoding') === undefined && length === '0';
}

function methodNotAllowed(
  call: ServerCall,
  { path }: Exchange,
  allow: readonly string[],
): RestResponse {
  const methods = allow.join(', ');
  const error = new ServiceError('METHOD_NOT_ALLOWED', `${path} answers to ${methods}.`);
  call.fail(error);
  return toErrorResponse(error, { Allow: methods });
}
