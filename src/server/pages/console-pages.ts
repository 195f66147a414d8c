import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FOREVER, mediaTypeOf } from './file-page.ts';
import { HTML_HEADERS, Page, type PageSource } from './page.ts';

/** The console may load from this server and talk to it, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The web console as it was built: its page at `/` and the files under `/assets`.
 *
 * @param directory where the build wrote it
 * @param withDocs whether the documentation pages are served, which the console links to
 * @returns `null` where the console has not been built
 */
export function consolePages(
  directory: string,
  withDocs: boolean,
): ReadonlyMap<string, PageSource> | null {
  const index = path.join(directory, 'index.html');
  if (!existsSync(index)) return null;
  const html = readFileSync(index, 'utf8');
  const page = new Page(withDocs ? html : html.replace('data-docs="on"', 'data-docs="off"'), {
    ...HTML_HEADERS,
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  });
  const assets = path.join(directory, 'assets');
  return new Map<string, PageSource>([
    ['/', () => page],
    ...readdirSync(assets).map((name): [string, PageSource] => [
      `/assets/${name}`,
      readAsset(path.join(assets, name)),
    ]),
  ]);
}

/** Read at the start: the files are few and small, and a new build then changes nothing. */
function readAsset(file: string): PageSource {
  const page = new Page(readFileSync(file), {
    'Content-Type': mediaTypeOf(file),
    'Cache-Control': FOREVER,
  });
  return () => page;
}
