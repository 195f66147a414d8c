import type { CallerSignal } from '../../services/caller-signal.ts';
import { ServiceError, toServiceError } from '../../errors.ts';
import { parseJson, requireJson } from '../http/request-body.ts';
import { toErrorResponse, toInputError } from './errors.ts';
import type { RestDependencies, RestRequest, RestResponse, RestRoute } from './route.ts';
import type { Router } from './router.ts';

/** A request as its carrier brings it: nothing has been read of the body yet. */
export interface RestCall {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** After the `?`, or empty. */
  readonly search: string;
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** @throws {ServiceError} `PAYLOAD_TOO_LARGE` */
  readBody(): Promise<Buffer>;
  readonly signal: CallerSignal | undefined;
  readonly requestId: string;
}

/** Answers every call: by its route, or with the error that says why there is none. */
export type RestHandler = (call: RestCall) => Promise<RestResponse>;

/** Routes only read it. */
const NO_QUERY = new URLSearchParams();

/**
 * The REST face without any transport.
 *
 * @param pages further paths that exist, for the hint of a 404
 */
export function createRestHandler(
  router: Router,
  { services, logger }: RestDependencies,
  pages: readonly string[] = [],
): RestHandler {
  const hint = [...pages, ...router.paths].join(', ');
  return async (call) => {
    try {
      const match = router.match(call.method, call.path);
      if (!match) {
        const path = JSON.stringify(call.path.slice(0, 200));
        throw new ServiceError('NOT_FOUND', `No route ${path}; there is ${hint}.`);
      }
      if ('allow' in match) return methodNotAllowed(call, match.allow);
      const { route, params } = match;
      const request: RestRequest = {
        body: route.requestSchema
          ? await readValidBody(call, route.requestSchema, route)
          : undefined,
        params,
        query: call.search === '' ? NO_QUERY : new URLSearchParams(call.search),
        header: call.header,
        signal: call.signal,
        requestId: call.requestId,
      };
      return await route.handle(request, services);
    } catch (thrown) {
      const error = toServiceError(thrown);
      if (error.code === 'INTERNAL_SERVER_ERROR') {
        logger.error({ requestId: call.requestId, err: error.cause ?? error }, 'request failed');
      }
      return toErrorResponse(error);
    }
  };
}

async function readValidBody(
  call: RestCall,
  schema: NonNullable<RestRoute['requestSchema']>,
  { bodyOptional = false }: RestRoute,
): Promise<unknown> {
  if (bodyOptional && hasNoBody(call)) return schema.parse({});
  requireJson(call.header('content-type'), call.header('content-encoding'));
  const parsed = schema.safeParse(parseJson(await call.readBody()));
  if (!parsed.success) throw toInputError(parsed.error);
  return parsed.data;
}

function hasNoBody({ header }: RestCall): boolean {
  return header('transfer-encoding') === undefined && (header('content-length') ?? '0') === '0';
}

function methodNotAllowed(call: RestCall, allow: readonly string[]): RestResponse {
  const methods = allow.join(', ');
  return toErrorResponse(
    new ServiceError('METHOD_NOT_ALLOWED', `${call.path} answers to ${methods}.`),
    { Allow: methods },
  );
}
