import type { HttpApi, HttpHandler } from '../http/http-router.ts';
import { toErrorResponse } from './errors.ts';
import type { RestHandler } from './handler.ts';
import type { RestRoute } from './route.ts';

/** REST over HTTP; it answers every path, at the least with 404. */
export function createRestApi(routes: readonly RestRoute[], handle: RestHandler): HttpApi {
  const probes = new Set(routes.filter(({ isProbe }) => isProbe).map(({ path }) => path));
  const probe: HttpHandler = { isProbe: true, answer: handle };
  const other: HttpHandler = { isProbe: false, answer: handle };
  return {
    name: 'rest',
    find: ({ path }) => (probes.has(path) ? probe : other),
    refusal: (error) => toErrorResponse(error),
  };
}
