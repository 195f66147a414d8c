import { ServiceError } from '../../errors.ts';
import type { ServerCall } from '../call/server-call.ts';
import type { Exchange, HttpAnswer } from '../http/exchange.ts';
import { toErrorResponse } from '../rest/errors.ts';
import type { Page, PageSource } from './page.ts';

/** Smaller bodies are not worth compressing. */
const MIN_COMPRESSED = 1_024;

const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

/** Answers a request for a page: with the page, 304, or 405 for another method. */
export async function answerPage(
  call: ServerCall,
  exchange: Exchange,
  source: PageSource,
): Promise<HttpAnswer> {
  const { method, path } = exchange;
  if (method !== 'GET' && method !== 'HEAD') {
    const error = new ServiceError('METHOD_NOT_ALLOWED', `${path} answers to GET, HEAD.`);
    call.fail(error);
    return toErrorResponse(error, { Allow: 'GET, HEAD' });
  }
  const page = await source(call);
  if (exchange.header('if-none-match')?.includes(page.etag) === true) {
    return { status: 304, headers: page.headers, body: '' };
  }
  return { status: 200, ...(await encode(page, exchange.header('accept-encoding'))) };
}

async function encode(page: Page, acceptEncoding: string | undefined) {
  const { body, headers } = page;
  if (body.length < MIN_COMPRESSED || !GZIP.test(acceptEncoding ?? '')) return { body, headers };
  return { body: await page.gzipped(), headers: { ...headers, 'Content-Encoding': 'gzip' } };
}
