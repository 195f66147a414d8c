import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FOREVER, filePage } from './file-page.ts';
import { HTML_HEADERS, type PageSource } from './page.ts';

/** Where the guide is served; its build names the same path. */
export const GUIDE_PATH = '/guide';

/** Scripts that stand in a page: they choose the theme before anything is drawn. */
const INLINE_SCRIPT = /<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * The documentation as the build has written it, each page at `/guide/NAME.html` and without the
 * ending. Nothing where it has not been built.
 *
 * @param directory where the build wrote it
 */
export function guidePages(directory: string): ReadonlyMap<string, PageSource> {
  const pages = new Map<string, PageSource>();
  if (!existsSync(path.join(directory, 'index.html'))) return pages;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(directory, file).split(path.sep).join('/');
    const source = guideFile(file, name);
    pages.set(`${GUIDE_PATH}/${name}`, source);
    if (name.endsWith('.html')) pages.set(`${GUIDE_PATH}/${name.slice(0, -5)}`, source);
    if (name === 'index.html') pages.set(GUIDE_PATH, source).set(`${GUIDE_PATH}/`, source);
  }
  return pages;
}

/** One file; those below `assets/` have the hash of their content in their name. */
function guideFile(file: string, name: string): PageSource {
  if (name.endsWith('.html')) {
    return filePage(file, (bytes) => ({
      ...HTML_HEADERS,
      'Content-Security-Policy': contentSecurityPolicy(bytes.toString('utf8')),
    }));
  }
  const caching = { 'Cache-Control': name.startsWith('assets/') ? FOREVER : 'no-cache' };
  return filePage(file, () => caching);
}

/** The page may load from this server only, and run no script but those that it was built with. */
function contentSecurityPolicy(html: string): string {
  const hashes = Array.from(html.matchAll(INLINE_SCRIPT), ([, script = '']) => {
    const digest = createHash('sha256').update(script).digest('base64');
    return `'sha256-${digest}'`;
  });
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
