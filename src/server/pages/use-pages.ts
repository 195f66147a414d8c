import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../../errors.ts';
import type { Page, PageSource } from './page.ts';
import { toErrorResponse } from '../rest/errors.ts';
import { pathOf, type ServerPlugin } from '../http/server-context.ts';

/** Smaller bodies are not worth compressing. */
const MIN_COMPRESSED = 1_024;

const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

/**
 * Serves pages by their exact path.
 *
 * @param isFor further condition on the request; others are left to the plugins behind
 */
export function usePages(
  pages: ReadonlyMap<string, PageSource>,
  isFor: (req: IncomingMessage) => boolean = () => true,
): ServerPlugin {
  return {
    async onRequest(event) {
      const { req } = event.serverContext;
      const source = pages.get(pathOf(req));
      if (!source || !isFor(req)) return;
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        const { status, headers, body } = toErrorResponse(
          new ServiceError('METHOD_NOT_ALLOWED', `${pathOf(req)} answers to GET, HEAD.`),
          { Allow: 'GET, HEAD', 'Content-Type': 'application/json; charset=utf-8' },
        );
        event.endResponse(new event.fetchAPI.Response(JSON.stringify(body), { status, headers }));
        return;
      }
      const page = await source();
      if (req.headers['if-none-match']?.includes(page.etag)) {
        event.endResponse(
          new event.fetchAPI.Response(null, { status: 304, headers: page.headers }),
        );
        return;
      }
      const { body, headers } = await encode(page, req.headers['accept-encoding']);
      event.endResponse(new event.fetchAPI.Response(new Uint8Array(body), { headers }));
    },
  };
}

async function encode(page: Page, acceptEncoding: string | string[] | undefined) {
  const { body, headers } = page;
  if (body.length < MIN_COMPRESSED || !GZIP.test(String(acceptEncoding))) return { body, headers };
  return { body: await page.gzipped(), headers: { ...headers, 'Content-Encoding': 'gzip' } };
}
