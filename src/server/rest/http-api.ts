import type { HttpApi, HttpHandler } from '../http/http-router.ts';
import { toErrorResponse } from './errors.ts';
import type { RestHandler } from './handler.ts';
import type { RestRoute } from './route.ts';

/** REST over HTTP; it answers every path, at the least with 404. */
export function createRestApi(routes: readonly RestRoute[], handle: RestHandler): HttpApi {
  const handlerOf = ({ isProbe = false, isPublic = false }: Partial<RestRoute>): HttpHandler => ({
    isProbe,
    isPublic,
    answer: handle,
  });
  const exact = new Map(routes.map((route) => [route.path, handlerOf(route)]));
  const other = handlerOf({});
  return {
    name: 'rest',
    find: ({ path }) => exact.get(path) ?? other,
    refusal: (error) => toErrorResponse(error),
  };
}
