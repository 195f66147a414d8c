import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Call } from '../../services/call.ts';

const compress = promisify(gzip);

/** Something a browser loads: bytes that stay the same until the server makes another page. */
export class Page {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  #gzipped: Promise<Buffer> | undefined;

  /** @param headers at least `Content-Type` and `Cache-Control` */
  constructor(body: Buffer | string, headers: Readonly<Record<string, string>>) {
    this.body = Buffer.isBuffer(body) ? body : Buffer.from(body);
    const digest = createHash('sha256').update(this.body).digest('base64url').slice(0, 22);
    this.etag = `W/"${digest}"`;
    this.headers = { ...headers, ETag: this.etag, Vary: 'Accept-Encoding' };
  }

  /** The body compressed with gzip; done once, off the main thread. */
  gzipped(): Promise<Buffer> {
    return (this.#gzipped ??= compress(this.body));
  }
}

/** Makes a page when it is asked for. */
export interface PageSource {
  (call: Call): Page | Promise<Page>;
  /** Whether it tells of models, so that only those get it who may come in. @default false */
  readonly isPrivate?: boolean;
}

/** Keeps the page as long as its text stays the same. */
export function keepPage(
  render: (call: Call) => string,
  headers: Readonly<Record<string, string>>,
): PageSource {
  let kept: { text: string; page: Page } | undefined;
  return (call) => {
    const text = render(call);
    if (kept?.text !== text) kept = { text, page: new Page(text, headers) };
    return kept.page;
  };
}

/** Headers of a page that may change with the models: kept, but asked for anew each time. */
export const HTML_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-cache',
};

/** Writes a text into HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
