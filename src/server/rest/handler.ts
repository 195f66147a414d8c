import { ServiceError } from '../../errors.ts';
import type { Services } from '../../services/services.ts';
import { failCall } from '../call/fail-call.ts';
import type { Pipeline } from '../call/pipeline.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import { requireJson } from '../http/media-type.ts';
import { toErrorResponse, toInputError } from './errors.ts';
import type { RestDependencies, RestRequest, RestResponse, RestRoute } from './route.ts';
import { isUpload, readUpload, UPLOAD_TYPES } from './upload.ts';
import type { Match, Router } from './router.ts';

/** Answers every call: by its route, or with the error that says why there is none. Never rejects. */
export type RestHandler = (call: ServerCall, exchange: Exchange) => Promise<HttpAnswer>;

type FoundRoute = Extract<Match, { route: RestRoute }>;

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
  const find = (exchange: Exchange): Match => {
    const match = router.match(exchange.method, exchange.path);
    if (match) return match;
    const path = JSON.stringify(exchange.path.slice(0, 200));
    throw new ServiceError('NOT_FOUND', `No route ${path}; there is ${hint}.`);
  };
  // Each promise between the request and its route costs a cached prediction 1 % of its time.
  return async (call, exchange) => {
    try {
      const match = find(exchange);
      if ('allow' in match) return methodNotAllowed(call, exchange, match.allow);
      const { route } = match;
      const work = route.requestSchema
        ? () => answerBody(call, exchange, match, services)
        : () => route.handle(toRequest(call, exchange, match, undefined), services);
      return await pipeline.run(call, { kind: route.operationId }, work);
    } catch (thrown) {
      return toErrorResponse(failCall(call, thrown, logger));
    }
  };
}

function toRequest(
  call: ServerCall,
  exchange: Exchange,
  { params }: FoundRoute,
  body: unknown,
): RestRequest {
  const { search } = exchange;
  return {
    call,
    body,
    params,
    query: search === '' ? NO_QUERY : new URLSearchParams(search),
    header: (name) => exchange.header(name),
  };
}

async function answerBody(
  call: ServerCall,
  exchange: Exchange,
  found: FoundRoute,
  services: Services,
): Promise<RestResponse> {
  const { route } = found;
  const contentType = exchange.header('content-type');
  if (route.upload && isUpload(contentType)) {
    const upload = await readUpload(exchange, contentType, route.upload);
    return route.handle(toRequest(call, exchange, found, upload), services);
  }
  // The media type is asked for without a body too: a form on any page may post one unasked.
  requireJson(contentType, exchange.header('content-encoding'), route.upload && UPLOAD_TYPES);
  const isEmpty = route.bodyOptional === true && hasNoBody(exchange);
  const body = validate(route, isEmpty ? {} : await exchange.readJson());
  return route.handle(toRequest(call, exchange, found, body), services);
}

function validate({ requestSchema, refuse }: RestRoute, body: unknown): unknown {
  refuse?.(body);
  const parsed = requestSchema?.safeParse(body);
  if (parsed?.success === false) throw toInputError(parsed.error);
  return parsed?.data;
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
