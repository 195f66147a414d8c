import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Page, type PageSource } from './page.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A name with the hash of its content never stands for anything else. */
export const FOREVER = 'public, max-age=31536000, immutable';

/** Media type of a file that a page loads, by the ending of its name. */
export function mediaTypeOf(file: string): string {
  return MEDIA_TYPES[path.extname(file)] ?? 'application/octet-stream';
}

/**
 * A file as a page, read when it is first asked for.
 *
 * @param headersOf its headers besides the media type, by what is in it
 */
export function filePage(
  file: string,
  headersOf: (bytes: Buffer) => Readonly<Record<string, string>>,
): PageSource {
  let page: Promise<Page> | undefined;
  const load = async (): Promise<Page> => {
    const bytes = await readFile(file);
    return new Page(bytes, { 'Content-Type': mediaTypeOf(file), ...headersOf(bytes) });
  };
  return () => {
    page ??= load().catch((thrown: unknown) => {
      // A file that could not be read is tried again by the next request.
      page = undefined;
      throw thrown;
    });
    return page;
  };
}
